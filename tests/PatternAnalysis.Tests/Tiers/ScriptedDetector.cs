using Platform.Contracts.Common.V1;
using Platform.Contracts.PatternAnalysis.V1;
using Platform.PatternAnalysis.Detection;
using Platform.PatternAnalysis.Histories;

namespace Platform.PatternAnalysis.Tests.Tiers;

/// <summary>A detector that does what a test says and counts how often it ran.</summary>
internal sealed class ScriptedDetector(string name, Func<Subject, CancellationToken, Task<Verdict>> script) : IPatternDetector
{
    private int runs;

    public int Runs => runs;

    public string Name { get; } = name;

    public string Title => Name;

    public string Method => "scripted";

    public int MinimumSample => 1;

    public HistoryParts Needs => HistoryParts.None;

    public Verdict Detect(CustomerHistory history, PeerStatistics peers, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref runs);
        return script(history.Subject, cancellationToken).GetAwaiter().GetResult();
    }

    public static ScriptedDetector Finding(string name, decimal stake = 1000) => new(name, (subject, _) => Task.FromResult<Verdict>(Found(subject, stake)));

    public static Verdict.Candidate Found(Subject subject, decimal stake = 1000) => new(0.0001, new Finding
    {
        SampleSize = 30,
        Effect = new Effect { Value = 0.1 + 0.2, Unit = "days", Low = -1e-7, High = 12.25 },
        RelativeEffect = 0.5,
        MoneyAtStake = stake,
        From = subject.AsOf.AddDays(-90),
        Until = subject.AsOf.AddDays(1),
        Evidence = [Figures.Rows("domain.invoices", "SELECT 1", ["I1", "I2"])],
        Text = $"{subject.Name} of {subject.OrganizationId} changed — by a lot.",
        Recommendation = "Call.",
        Figures = new Dictionary<string, Value> { ["zeta"] = Figures.Days(1.5), ["a"] = Figures.Count(7), ["mean_before"] = Figures.Money(12.50m, "EUR") },
    });
}
