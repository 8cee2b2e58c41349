using System.Text.Json;
using Aspire.Dashboard.Telemetry;
using Xunit;

namespace Aspire.Dashboard.Tests.Telemetry;

public sealed class ChartEndpointTests(RunningDashboard dashboard) : IClassFixture<RunningDashboard>
{
    private const long Second = 1_000_000_000;

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(15)]
    public async Task Chart_OfPointsEveryFiveSeconds_HasNeitherGapsNorPeaks(int minutes)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() * Second;
        var service = $"even-{minutes}";
        dashboard.Application.Store.Metrics.Write(writer =>
        {
            var key = new InstrumentKey(service, "tests", "amount");
            var series = writer.Open(new InstrumentDescription(key, InstrumentKind.Counter, "{thing}", ""), [], "one", 0)!;

            // On both sides of the moment that the chart ends with.
            for (var second = -1_000; second <= 100; second += 5)
            {
                series.Add(new MetricPoint(now + (second * Second), 1_000 + second, 0, null), []);
            }
        });
        using var browser = await dashboard.LogInAsync();

        var chart = JsonElement.Parse(await browser.GetStringAsync(
            new Uri($"api/metrics/chart?service={service}&scope=tests&name=amount&minutes={minutes}", UriKind.Relative), TestContext.Current.CancellationToken));

        var rates = Assert.Single(chart.GetProperty("lines").EnumerateArray()).GetProperty("values").EnumerateArray().ToList();
        Assert.InRange(rates.Count, 6, 60);
        Assert.All(rates, rate => Assert.InRange(rate.GetDouble(), 0.6, 1.4));
    }
}
