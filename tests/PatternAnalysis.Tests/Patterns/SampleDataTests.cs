using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Platform.Caching;
using Platform.Contracts.PatternAnalysis.V1;
using Platform.Migrations.Commands;
using Platform.PatternAnalysis.Detection;
using Platform.PatternAnalysis.Histories;
using Platform.PatternAnalysis.Patterns;
using Platform.PatternAnalysis.Tests.Generation;
using Platform.PatternAnalysis.Tiers;
using Platform.Testing;

namespace Platform.PatternAnalysis.Tests.Patterns;

/// <summary>The generated sample with its planted behaviour.</summary>
public sealed class SampleDataTests(PlatformServers servers, ITestOutputHelper output)
{
    [Fact]
    public async Task RunAsync_SampleData_PlantedFoundOthersQuiet()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var day = new DateOnly(2026, 3, 1);
        var connection = await servers.CreateDatabaseAsync("sample", cancellation);
        using var complaints = new StringWriter();
        Assert.True(await MigrationsCli.RunAsync(["migrate", "--sample", "false", "--connection", connection], TextWriter.Null, complaints, cancellation) == MigrationsCli.Done, complaints.ToString());
        Assert.True(await MigrationsCli.RunAsync(["sample", "--today", "2026-03-01", "--connection", connection], TextWriter.Null, complaints, cancellation) == MigrationsCli.Done, complaints.ToString());
        await using var database = NpgsqlDataSource.Create(connection);
        var runner = new DetectionRunner(
            DefaultDetectors.All, new HistoryReader(database), new PeerReader(database, TimeProvider.System, NullLogger<PeerReader>.Instance), new FixedOptions<DetectionOptions>(new()), new PatternMetrics(new MeterFactory()), TimeProvider.System, NullLogger<DetectionRunner>.Instance);
        var subjects = new SubjectReader(database, new FixedOptions<CacheOptions>(new()), TimeProvider.System);
        List<string> ids = [];
        await using (var command = database.CreateCommand("SELECT customer_id FROM domain.customers ORDER BY customer_id"))
        {
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
            {
                ids.Add(reader.GetString(0));
            }
        }

        Dictionary<string, DetectionResult> results = [];
        foreach (var id in ids)
        {
            var found = (await subjects.FindAsync(new PatternKey("default", id), day, cancellation))!;
            results[id] = await runner.RunAsync(found.Subject, [], cancellation);
            foreach (var insight in results[id].Insights)
            {
                output.WriteLine($"{id} {insight.Type} p={insight.PValue:0.#####} confidence={insight.Confidence:0.00} significance={insight.Significance:0.00} {insight.Text}");
            }
        }

        foreach (var status in results.Values.SelectMany(result => result.Outcomes).GroupBy(outcome => (outcome.Detector, outcome.Status)).OrderBy(group => group.Key.Detector))
        {
            output.WriteLine($"{status.Key.Detector} {status.Key.Status}: {status.Count()}");
        }

        // How a customer stands among the others is a fact of every twentieth, not a false alarm.
        List<string> Changes(string id) => [.. results[id].Insights.Select(insight => insight.Type).Except(["peer_percentile", "revenue_concentration"])];
        bool Has(string id, string type) => results[id].Insights.Any(insight => insight.Type == type);
        Assert.True(Has("CUS-00001", "rush_order_frequency"));
        Assert.True(Has("CUS-00001", "payment_timing_shift"));
        Assert.Equal(14, results["CUS-00001"].Insights.First(insight => insight.Type == "payment_timing_shift").Effect.Value, 1.5);
        Assert.True(Has("CUS-00006", "order_silence"));
        Assert.True(Has("CUS-00007", "amount_anomaly"));
        Assert.True(Has("CUS-00014", "payment_timing_shift"));
        Assert.True(Has("CUS-00017", "order_frequency_shift"));
        Assert.False(Has("CUS-00015", "rush_order_frequency"));
        Assert.Empty(Changes("CUS-00016"));
        Assert.Empty(Changes("CUS-00004"));
        Assert.Equal(["order_seasonality"], Changes("CUS-00005"));
        Assert.True(Has("CUS-00021", "order_trend"));
        Assert.All(results["CUS-00012"].Outcomes, outcome => Assert.Equal(DetectorStatus.TooFew, outcome.Status));
        Assert.DoesNotContain(results.Values, result => !result.IsComplete);
        var ordinary = ids.Skip(21).ToList();
        Assert.InRange((double)ordinary.Count(id => Has(id, "payment_timing_shift")) / ordinary.Count, 0, 0.02);

        Assert.InRange((double)ordinary.Count(id => Changes(id).Count > 0) / ordinary.Count, 0, 0.02);
        Assert.All(results.Values.SelectMany(result => result.Insights).Where(insight => insight.Type == "peer_percentile"), insight => Assert.True(insight.Figures["percentile"].Ratio >= 0.95));
    }
}
