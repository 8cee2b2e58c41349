using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Platform.Contracts.PatternAnalysis.V1;
using Platform.PatternAnalysis.Detection;
using Platform.PatternAnalysis.Histories;
using Platform.PatternAnalysis.Tests.Generation;
using Platform.PatternAnalysis.Tests.Tiers;
using Platform.Testing;

namespace Platform.PatternAnalysis.Tests.Detection;

/// <summary>Requirement C2: each detector under its own limit, a real stop of the query, partial results that say what is missing.</summary>
public sealed class DetectionRunnerTests(DomainDatabase database) : IClassFixture<DomainDatabase>
{
    private const string Application = "pattern-isolation";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RunAsync_InvoicesLocked_QueryEndsOnTheServerAndOrdersAreStillJudged()
    {
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(database.ConnectionString) { ApplicationName = Application }.ConnectionString);
        await using var holder = await database.Source.OpenConnectionAsync(Token);
        await using var transaction = await holder.BeginTransactionAsync(Token);
        await ExecuteAsync(holder, "LOCK TABLE domain.invoices IN ACCESS EXCLUSIVE MODE");

        var result = await Runner(source, TimeSpan.FromSeconds(3), [.. DefaultDetectors.All]).RunAsync(Tests.Detectors.Histories.Customer, [], Token);

        var missing = result.Outcomes.Where(outcome => outcome.Status == DetectorStatus.TimedOut).ToList();
        Assert.Equal(["payment_timing_shift", "peer_percentile"], missing.Select(outcome => outcome.Detector));
        Assert.All(missing, outcome => Assert.Equal("no result within 3 s", outcome.Reason));
        Assert.All(result.Outcomes.Except(missing), outcome => Assert.Equal(DetectorStatus.TooFew, outcome.Status));
        Assert.False(result.IsComplete);

        // The lock is still held: the query is gone because it was cancelled, not because it could go on.
        await Eventually.HoldsAsync(async () => await ActiveAsync() == 0);
    }

    [Fact]
    public async Task RunAsync_CallerLeaves_QueryEndsOnTheServer()
    {
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(database.ConnectionString) { ApplicationName = Application }.ConnectionString);
        await using var holder = await database.Source.OpenConnectionAsync(Token);
        await using var transaction = await holder.BeginTransactionAsync(Token);
        await ExecuteAsync(holder, "LOCK TABLE domain.invoices IN ACCESS EXCLUSIVE MODE");
        using var caller = CancellationTokenSource.CreateLinkedTokenSource(Token);

        var run = Runner(source, TimeSpan.FromSeconds(60), [.. DefaultDetectors.All]).RunAsync(Tests.Detectors.Histories.Customer, [], caller.Token);
        await Eventually.HoldsAsync(async () => await ActiveAsync() > 0);
        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        await Eventually.HoldsAsync(async () => await ActiveAsync() == 0);
    }

    [Fact]
    public void Detect_OneDetectorThrows_OthersAreReportedAndItIsNamed()
    {
        var runner = Runner(database.Source, TimeSpan.FromSeconds(5), ScriptedDetector.Finding("shift"), new ScriptedDetector("broken", (_, _) => throw new InvalidOperationException("on purpose")));

        var history = new CustomerHistory(Tests.Detectors.Histories.Customer, [], []);
        var result = runner.Detect(history, PeerStatistics.None, Token);

        Assert.Equal(["shift"], result.Insights.Select(insight => insight.Type));
        Assert.Equal([DetectorStatus.Found, DetectorStatus.Failed], result.Outcomes.Select(outcome => outcome.Status));
        Assert.Equal((DataVersion.Of(history), DataVersion.Of(history)), (result.DataVersion, result.Insights[0].DataVersion));
    }

    private static DetectionRunner Runner(NpgsqlDataSource source, TimeSpan limit, params IPatternDetector[] detectors) => new(
        detectors, new HistoryReader(source), new PeerReader(source, TimeProvider.System, NullLogger<PeerReader>.Instance), new FixedOptions<DetectionOptions>(new() { DetectorTimeout = limit }),
        new PatternMetrics(new MeterFactory()), TimeProvider.System, NullLogger<DetectionRunner>.Instance);

    private async Task<long> ActiveAsync()
    {
        await using var command = database.Source.CreateCommand("SELECT count(*) FROM pg_stat_activity WHERE application_name = $1 AND state = 'active' AND datname = current_database()");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Application });
        return (long)(await command.ExecuteScalarAsync(Token))!;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Token);
    }
}
