using FsCheck;
using FsCheck.Fluent;
using Platform.Contracts.ContextSynthesis.V1;
using Xunit;

namespace Platform.ContextSynthesis.Tests.Decisions;

/// <summary>Worse figures never make a decision look better: over random customers, for every framework and every figure that it weighs.</summary>
public sealed class DecisionPropertyTests
{
    private const int Customers = 250;

    /// <summary>One figure made worse by so many steps.</summary>
    private static readonly IReadOnlyDictionary<string, Func<Behaviour, int, Behaviour>> Worse = new Dictionary<string, Func<Behaviour, int, Behaviour>>
    {
        ["late share"] = (b, by) => b with { LateRate = Math.Min(1, b.LateRate + (by / 100.0)) },
        ["days late"] = (b, by) => b with { AverageDaysLate = b.AverageDaysLate + by, SinceShift = b.SinceShift + by },
        // Of few invoices the detector says nothing; then there is nothing to be worse than.
        ["payment shift"] = (b, by) => b.Shift is null && b.Paid < 12 ? b : b with { Shift = (b.Shift ?? 0) + by, SinceShift = (b.SinceShift ?? b.AverageDaysLate) + by },
        ["overdue"] = (b, by) => b with { Overdue = Math.Min(b.Open, b.Overdue + (b.Open * by / 100)) },
        ["old overdue"] = (b, by) => b with { OldOverdue = Math.Min(b.Overdue, b.OldOverdue + (b.Open * by / 100)) },
        ["credit use"] = (b, by) => b with { CreditUse = b.CreditUse + (by / 100.0) },
        ["over the limit"] = (b, by) => b.CreditUse < 1 ? b : b with { CreditUse = b.CreditUse + (by / 100.0) },
        ["account"] = (b, by) => b with { Status = by > 20 ? "closed" : "on_hold" },
        ["contact"] = (b, by) => b with { ContactDaysAgo = b.ContactDaysAgo + by },
        ["days to settle"] = (b, by) => b with { DaysToSettle = b.DaysToSettle + by },
        ["dispute settled"] = (b, by) => b with { Disputed = Math.Max(0, b.Disputed - (b.Open * by / 100)) },
        ["fewer orders"] = (b, by) => b with { OrderTrend = b.OrderTrend - (by / 100.0) },
        ["more rush"] = (b, by) => b with { RushShare = Math.Min(1, b.RushShare + (by / 100.0)) },
    };

    /// <summary>Figures of which "worse" speaks against the action, and those of which it speaks for it.</summary>
    public static TheoryData<string, string[], string[]> Frameworks => new()
    {
        { "extend_payment_terms", ["late share", "days late", "payment shift", "overdue", "credit use", "account", "fewer orders"], [] },
        { "change_credit_limit", ["late share", "days late", "payment shift", "overdue", "over the limit", "account", "fewer orders"], [] },
        { "accept_rush_order", ["days late", "payment shift", "overdue", "credit use", "account", "more rush", "fewer orders"], [] },
        { "chase_or_wait", [], ["late share", "payment shift", "overdue", "old overdue", "contact", "dispute settled"] },
        { "put_on_hold", [], ["late share", "days late", "payment shift", "overdue", "old overdue", "credit use", "dispute settled"] },
        { "offer_discount", ["fewer orders"], ["late share", "days to settle"] },
    };

    [Theory]
    [MemberData(nameof(Frameworks))]
    public void Analyze_WorseFigure_NeverMovesTheCallTheWrongWay(string framework, string[] against, string[] inFavour)
    {
        var changes = Gen.Elements([.. against.Select(a => (Figure: a, Sign: 1)), .. inFavour.Select(f => (Figure: f, Sign: -1))]);
        var customers = Arb.From(Gen.Zip(Customer, Gen.Zip(changes, Gen.Choose(1, 60))));

        Check.One(Config.QuickThrowOnFailure.WithMaxTest(Customers), Prop.ForAll(customers, drawn =>
        {
            var (before, ((figure, sign), by)) = drawn;
            var (first, second) = (Samples.Decide(framework, before), Samples.Decide(framework, Worse[figure](before, by)));
            var moved = (Rank(framework, second) - Rank(framework, first)) * sign;
            var score = (ScoreOfAction(framework, second) - ScoreOfAction(framework, first)) * sign;
            return (moved >= 0 && score <= 1e-9).Label($"{figure} by {by}: {first.Recommended} → {second.Recommended}, {score:0.####}");
        }));
    }

    [Fact]
    public void Analyze_AnyCustomer_IsWhollyToldAndRepeatable()
    {
        var customers = Arb.From(Gen.Zip(Customer, Gen.Elements(Samples.Frameworks.All.Select(f => f.Name).ToArray())));

        Check.One(Config.QuickThrowOnFailure.WithMaxTest(Customers), Prop.ForAll(customers, drawn =>
        {
            var (behaviour, framework) = drawn;
            var analysis = Samples.Decide(framework, behaviour);
            var isSettled = analysis.KnownWeight >= 0.6;
            return (analysis.Equals(Samples.Decide(framework, behaviour))
                && (!isSettled || (analysis.Recommended == analysis.Options[0].Name && analysis.WouldChange.Count > 0 && analysis.Confidence is > 0 and <= 0.95))
                && analysis.Sensitivity.All(s => s.Option != analysis.Recommended && s.Text.Length > 0)
                && analysis.EvidenceFor.All(c => c.Score > 0) && analysis.EvidenceAgainst.All(c => c.Score < 0)).Label($"{framework}: {analysis}");
        }));
    }

    /// <summary>Figures that nothing else follows from: what is stated about them can be tried out.</summary>
    [Fact]
    public void Analyze_StatedSensitivity_HoldsWhenTriedOut()
    {
        var tried = 0;
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(Customers), Prop.ForAll(Arb.From(Customer), behaviour =>
        {
            foreach (var framework in (string[])["extend_payment_terms", "change_credit_limit", "accept_rush_order"])
            {
                foreach (var stated in Samples.Decide(framework, behaviour).Sensitivity)
                {
                    Behaviour? there = stated.Key switch
                    {
                        "order_trend" => behaviour with { OrderTrend = stated.Threshold.Ratio },
                        "rush_share" => behaviour with { RushShare = stated.Threshold.Ratio },
                        "credit_use" when stated.Label.StartsWith("the use", StringComparison.Ordinal) => behaviour with { CreditUse = stated.Threshold.Ratio },
                        "late_rate" => behaviour with { LateRate = stated.Threshold.Ratio },
                        _ => null,
                    };
                    tried += there is null ? 0 : 1;
                    if (there is not null && Samples.Decide(framework, there).Recommended != stated.Option)
                    {
                        return false.Label($"{framework}: {stated.Text}");
                    }
                }
            }

            return true.ToProperty();
        }));
        Assert.True(tried > Customers / 2, $"{tried} tried");
    }

    private static int Rank(string framework, DecisionAnalysis analysis) => Samples.Frameworks.Find(framework)!.PositionOf(analysis.Recommended);

    private static double ScoreOfAction(string framework, DecisionAnalysis analysis) =>
        analysis.Options.Single(o => o.Name == Samples.Frameworks.Find(framework)!.Options[0].Option.Name).Score;

    private static Gen<Behaviour> Customer =>
        from late in Gen.Choose(0, 100)
        from days in Gen.Choose(0, 40)
        from shift in Gen.OneOf(Gen.Constant((int?)null), Gen.Choose(-15, 25).Select(s => (int?)s))
        from open in Gen.Choose(50, 160_000)
        from shares in Gen.Three(Gen.Choose(0, 100))
        from trend in Gen.Choose(-80, 120)
        from rush in Gen.Choose(0, 100)
        from settle in Gen.Choose(5, 160)
        from contact in Gen.Choose(0, 200)
        from paid in Gen.Elements(3L, 8L, 30L, 200L)
        let overdue = (decimal)open * shares.Item1 / 100
        select new Behaviour
        {
            LateRate = late / 100.0,
            AverageDaysLate = days,
            Shift = shift,
            SinceShift = shift is null ? null : Math.Max(0, days + shift.Value),
            Open = open,
            Overdue = overdue,
            OldOverdue = overdue * shares.Item2 / 100,
            Disputed = shares.Item3 > 70 ? (decimal)open * shares.Item3 / 100 : 0,
            CreditUse = open / 100_000.0,
            OrderTrend = trend / 100.0,
            RushShare = rush / 100.0,
            DaysToSettle = settle,
            ContactDaysAgo = contact,
            Paid = paid,
            PatternsRan = paid != 8,
        };
}
