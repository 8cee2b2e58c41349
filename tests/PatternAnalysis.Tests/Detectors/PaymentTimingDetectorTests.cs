using Platform.PatternAnalysis.Detection;
using Platform.PatternAnalysis.Histories;
using Platform.PatternAnalysis.Detectors.PaymentTimingShift;

namespace Platform.PatternAnalysis.Tests.Detectors;

/// <summary>Planted shifts of known size and date, and none planted (bar Q2).</summary>
public sealed class PaymentTimingDetectorTests
{
    private const double Level = 0.01;

    private static readonly PaymentTimingOptions Options = new();

    [Theory]
    [InlineData(0.0, 5.0)]
    [InlineData(12.0, 4.0)]
    [InlineData(-3.0, 2.0)]
    public void Test_StablePayer_FalseAlarmsAtMostOneInHundred(double level, double spread)
    {
        var random = new Random(31);
        const int rounds = 500;

        var alarms = Enumerable.Range(0, rounds).Count(_ => IsFound(PaymentTimingDetector.Test(Histories.Invoices(random, 60, 9, _ => level, spread), Histories.Customer, Options)));

        Assert.InRange((double)alarms / rounds, 0, 0.02);
    }

    [Theory]
    [InlineData(8.0, 4.0)]
    [InlineData(14.0, 6.0)]
    [InlineData(-8.0, 4.0)]
    public void Test_ShiftOverTwelveInvoices_FoundWithSizeAndDay(double size, double spread)
    {
        var random = new Random(32);
        const int rounds = 300;
        var found = 0;
        var covered = 0;
        var near = 0;
        for (var round = 0; round < rounds; round++)
        {
            // Twelve invoices after the shift that are due long enough ago to be judged, three more that are not.
            var invoices = Histories.Invoices(random, 45, 7, i => i < 30 ? 2 : 2 + size, spread);
            if (PaymentTimingDetector.Test(invoices, Histories.Customer, Options) is Verdict.Candidate { PValue: <= Level } candidate)
            {
                found++;
                covered += candidate.Finding.Effect.Low <= size && candidate.Finding.Effect.High >= size ? 1 : 0;
                near += Math.Abs(candidate.Finding.ChangedOn!.Value.DayNumber - invoices[30].DueOn.DayNumber) <= 21 ? 1 : 0;
            }
        }

        Assert.InRange((double)found / rounds, 0.95, 1);
        Assert.InRange((double)covered / found, 0.88, 1);
        Assert.InRange((double)near / found, 0.9, 1);
    }

    [Fact]
    public void Test_LatestInvoicesNotPaidYet_NoImprovementSeen()
    {
        // Pays around day 15, with a long tail: among the latest invoices only the early payers have been seen.
        var random = new Random(33);
        const int rounds = 400;

        var alarms = Enumerable.Range(0, rounds).Count(_ => IsFound(PaymentTimingDetector.Test(
            Histories.Invoices(random, 80, 4, _ => Series.Exponential(random, 14), 2), Histories.Customer, Options)));

        Assert.InRange((double)alarms / rounds, 0, 0.03);
    }

    [Fact]
    public void Test_StoppedPaying_FoundFromOpenInvoices()
    {
        var invoices = Histories.Invoices(new Random(34), 40, 10, i => i < 28 ? 1 : 10_000, 3);

        var candidate = Assert.IsType<Verdict.Candidate>(PaymentTimingDetector.Test(invoices, Histories.Customer, Options));

        Assert.InRange(candidate.PValue, 0, Level);
        Assert.InRange(candidate.Finding.Figures["open_invoices"].Count, 8, 12);
    }

    [Fact]
    public void Test_ElevenPaidInvoices_TooFew()
    {
        var few = Assert.IsType<Verdict.TooFew>(PaymentTimingDetector.Test(
            [.. Histories.Invoices(new Random(35), 14, 30, _ => 3, 2).Take(11)], Histories.Customer, Options));

        Assert.StartsWith("11 paid invoices", few.Reason, StringComparison.Ordinal);
        Assert.Contains("at least 12", few.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Test_ShiftBelowTheSmallestThatMatters_NotReported()
    {
        List<SettlementRow> invoices = [.. Enumerable.Range(0, 60).Select(i => new SettlementRow($"I{i}", Histories.Day.AddDays(-600 + (9 * i)), i < 30 ? 1 : 3, false, 100, "EUR"))];

        Assert.IsType<Verdict.Nothing>(PaymentTimingDetector.Test(invoices, Histories.Customer, Options));
    }

    private static bool IsFound(Verdict verdict) => verdict is Verdict.Candidate { PValue: <= Level };
}
