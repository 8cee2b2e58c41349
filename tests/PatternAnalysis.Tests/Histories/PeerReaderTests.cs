using Microsoft.Extensions.Logging.Abstractions;
using Platform.PatternAnalysis.Histories;
using Platform.Testing;

namespace Platform.PatternAnalysis.Tests.Histories;

/// <summary>What is usual among customers is kept for an hour of time that passes, whatever the wall clock says.</summary>
public sealed class PeerReaderTests(DomainDatabase database) : IClassFixture<DomainDatabase>
{
    private static readonly DateOnly Day = new(2026, 3, 1);

    [Theory]
    [InlineData(3)]
    [InlineData(-3)]
    public async Task Find_WallClockJumps_KeptForAnHourAllTheSame(int hours)
    {
        var token = TestContext.Current.CancellationToken;
        var time = new ManualTime();
        var reader = new PeerReader(database.Source, time, NullLogger<PeerReader>.Instance);
        var first = await reader.FindAsync("o", Day, HistoryParts.PeerPayments, token);

        time.Jump(TimeSpan.FromHours(hours));
        time.Advance(TimeSpan.FromMinutes(59));
        Assert.Same(first, await reader.FindAsync("o", Day, HistoryParts.PeerPayments, token));

        time.Advance(TimeSpan.FromMinutes(1));
        Assert.NotSame(first, await reader.FindAsync("o", Day, HistoryParts.PeerPayments, token));
    }
}
