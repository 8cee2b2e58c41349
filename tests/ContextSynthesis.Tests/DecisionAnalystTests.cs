using Platform.ContextSynthesis.Decisions;
using Platform.Contracts.Common.V1;
using Platform.Contracts.ContextSynthesis.V1;
using Xunit;

namespace Platform.ContextSynthesis.Tests;

public sealed class DecisionAnalystTests
{
    private const string Extend = "extend_payment_terms";

    private static readonly Behaviour Bad = new()
    {
        LateRate = 0.62, AverageDaysLate = 14, Open = 90_000, Overdue = 40_000, OldOverdue = 25_000, CreditUse = 0.95, OrderTrend = -0.1, Shift = 12, RushShare = 0.4,
    };

    [Fact]
    public void Analyze_PunctualCustomer_RecommendsExtending()
    {
        var analysis = Samples.Decide(Extend, new Behaviour());

        Assert.Equal("extend", analysis.Recommended);
        Assert.Equal("extend", analysis.Options[0].Name);
        Assert.Equal(Risk.Low, analysis.Risk);
        Assert.Contains(analysis.EvidenceFor, c => c.Text.Contains("8%", StringComparison.Ordinal));
        Assert.InRange(analysis.Confidence, 0.6, 0.95);
    }

    [Fact]
    public void Analyze_LateCustomerGettingLater_RecommendsAgainst()
    {
        var analysis = Samples.Decide(Extend, Bad);

        Assert.Equal("tighten", analysis.Recommended);
        Assert.Equal(Risk.High, analysis.Risk);
        Assert.Contains(analysis.EvidenceAgainst, c => c.Key == "payment_timing_shift" && c.Text.Contains("12 days", StringComparison.Ordinal));
        Assert.Contains(analysis.EvidenceAgainst, c => c.Text.Contains("62%", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("change_credit_limit", "lower")]
    [InlineData("chase_or_wait", "chase")]
    [InlineData("accept_rush_order", "decline")]
    [InlineData("offer_discount", "no_discount")]
    public void Analyze_BadPayer_GetsTheCautiousAnswer(string framework, string expected) =>
        Assert.Equal(expected, Samples.Decide(framework, Bad).Recommended);

    [Theory]
    [InlineData("change_credit_limit", "raise")]
    [InlineData("chase_or_wait", "wait")]
    [InlineData("accept_rush_order", "accept")]
    public void Analyze_GoodPayerUsingItsLimit_GetsTheGenerousAnswer(string framework, string expected) =>
        Assert.Equal(expected, Samples.Decide(framework, new Behaviour { CreditUse = framework == "change_credit_limit" ? 0.9 : 0.2 }).Recommended);

    [Fact]
    public void Analyze_NothingOverdue_IsNothingToChase()
    {
        var analysis = Samples.Decide("chase_or_wait", Bad with { Overdue = 0, OldOverdue = 0 });

        Assert.Equal("wait", analysis.Recommended);
        Assert.Equal("wait", analysis.Options[0].Name);
        Assert.Contains("Nothing is overdue", Assert.Single(analysis.EvidenceAgainst).Text, StringComparison.Ordinal);
        Assert.Null(analysis.ExpectedValue);
    }

    [Fact]
    public void Analyze_TooLittleKnown_RecommendsNothingAndSaysWhatIsMissing()
    {
        var request = Samples.Request("Should we extend payment terms to Delta Industries?", new Behaviour { PatternsRan = false });
        foreach (var fact in request.Facts[0].Facts.Where(f => f.Kind is "late_rate" or "average_days_late" or "overdue_amount"))
        {
            fact.Value = new Value { Unknown = "no invoice has been paid yet" };
        }

        var analysis = Samples.Analyst.Analyze(Samples.Frameworks.Find(Extend)!, Samples.Synthesizer().Synthesize(request));

        Assert.Empty(analysis.Recommended);
        Assert.Contains(analysis.Missing, m => m.Contains("no invoice has been paid yet", StringComparison.Ordinal));
        Assert.Contains(analysis.Missing, m => m.StartsWith("the change in payment timing", StringComparison.Ordinal));
    }

    [Fact]
    public void Analyze_WithoutPatterns_StillRecommendsWithLessConfidence()
    {
        var with = Samples.Decide(Extend, new Behaviour());
        var without = Samples.Decide(Extend, new Behaviour { PatternsRan = false });

        Assert.Equal("extend", without.Recommended);
        Assert.True(without.Confidence < with.Confidence);
        Assert.Contains(without.Missing, m => m.Contains("payment timing", StringComparison.Ordinal));
    }

    [Fact]
    public void Analyze_FewPaidInvoices_LowersConfidence() =>
        Assert.True(Samples.Decide(Extend, new Behaviour { Paid = 2 }).Confidence < Samples.Decide(Extend, new Behaviour()).Confidence);

    [Fact]
    public void Analyze_NoCustomer_SaysSo()
    {
        var analysis = Samples.Analyst.Analyze(Samples.Frameworks.Find(Extend)!, new SynthesizedContext { Query = "Should we extend payment terms?" });

        Assert.Empty(analysis.Recommended);
        Assert.Contains("customer", Assert.Single(analysis.Missing), StringComparison.Ordinal);
    }

    [Fact]
    public void Analyze_MoneyEffect_FollowsItsFormula()
    {
        // 500,000 × 3 % × 25 % − 500,000 × 30/365 × (8 % + loss at 8 % late: 0.5 % + 0.08/0.3 × 1.5 % = 0.9 %)
        var expected = (500_000m * 0.03m * 0.25m) - (500_000m * 30 / 365 * 0.089m);

        var analysis = Samples.Decide(Extend, new Behaviour());

        Assert.Equal("USD", analysis.ExpectedValue.Currency);
        Assert.Equal((double)expected, (double)Wording.Amount(analysis.ExpectedValue), 0.01);
        Assert.Contains(analysis.Assumptions, a => a.Contains("$500,000.00", StringComparison.Ordinal));
    }

    [Fact]
    public void Analyze_LaterSinceAChange_WeighsWhatTheCustomerDoesNow()
    {
        var request = Samples.Request("Should we extend payment terms to Delta Industries?", new Behaviour { AverageDaysLate = 3, Shift = 12 });
        request.Patterns[0].Insights[0].Figures["mean_after"] = new Value { Days = 14.5 };

        var analysis = Samples.Analyst.Analyze(Samples.Frameworks.Find(Extend)!, Samples.Synthesizer().Synthesize(request));

        Assert.Contains(analysis.EvidenceAgainst, c => c.Text == "Since its payment timing changed: it pays on average 14.5 days after the due date.");
        Assert.DoesNotContain(analysis.EvidenceFor, c => c.Key == "average_days_late");
    }

    [Fact]
    public void Analyze_EarlierSinceAChange_WeighsWhatTheCustomerDoesNow()
    {
        var request = Samples.Request("Should we extend payment terms to Delta Industries?", new Behaviour { AverageDaysLate = 15, Shift = -14 });
        request.Patterns[0].Insights[0].Figures["mean_after"] = new Value { Days = 4.6 };

        var analysis = Samples.Analyst.Analyze(Samples.Frameworks.Find(Extend)!, Samples.Synthesizer().Synthesize(request));

        Assert.Contains(analysis.EvidenceFor, c => c.Text == "Since its payment timing changed: it pays on average only 4.6 days after the due date.");
        Assert.Contains(analysis.EvidenceFor, c => c.Text == "Its payments now arrive 14 days earlier than before.");
        Assert.DoesNotContain(analysis.EvidenceAgainst, c => c.Key == "average_days_late");
    }

    [Fact]
    public void Analyze_RefusesTheAction_MainReasonSpeaksAgainstIt()
    {
        var bad = Samples.Decide(Extend, Bad);
        var good = Samples.Decide(Extend, new Behaviour());

        Assert.Equal(bad.EvidenceAgainst[0].Key, bad.MainReason);
        Assert.Equal("extend", good.Recommended);
        Assert.Equal(good.EvidenceFor[0].Key, good.MainReason);
    }

    [Fact]
    public void Analyze_SameContextTwice_GivesTheSameAnalysis() => Assert.Equal(Samples.Decide(Extend, Bad), Samples.Decide(Extend, Bad));

    [Fact]
    public void Analyze_Evidence_PointsToItsSource()
    {
        var request = Samples.Request("Should we extend payment terms to Delta Industries?", Bad);
        var context = Samples.Synthesizer().Synthesize(request);
        var analysis = Samples.Analyst.Analyze(Samples.Frameworks.Find(Extend)!, context);

        Assert.All(analysis.EvidenceFor.Concat(analysis.EvidenceAgainst), c => Assert.Contains(context.Sources, s => s.Id == c.SourceId));
        Assert.Equal(1, Samples.Frameworks.Find(Extend)!.Considerations.Sum(c => c.Consideration.Weight), 6);
    }

    [Fact]
    public void Analyze_StatedCondition_DoesChangeTheRecommendation()
    {
        var behaviour = new Behaviour { LateRate = 0.25, AverageDaysLate = 6, Overdue = 1_000, CreditUse = 0.5 };
        var before = Samples.Decide(Extend, behaviour);
        var condition = before.WouldChange.First(c => c.Contains("share of invoices paid late", StringComparison.Ordinal));
        var stated = int.Parse(System.Text.RegularExpressions.Regex.Match(condition, @"(\d+)%").Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture) / 100.0;

        var after = Samples.Decide(Extend, behaviour with { LateRate = stated });

        Assert.NotEqual(before.Recommended, after.Recommended);
        Assert.Contains(after.Options[0].Label, condition, StringComparison.Ordinal);
    }

    [Fact]
    public void BestAt_EveryTotal_IsTheOptionWithTheHighestScore()
    {
        foreach (var framework in Samples.Frameworks.All)
        {
            for (var total = -1.0; total <= 1; total += 0.01)
            {
                var best = framework.BestAt(total);
                Assert.All(Enumerable.Range(0, framework.Options.Count), o => Assert.True(framework.ScoreOf(best, total) >= framework.ScoreOf(o, total) - 1e-9));
            }
        }
    }
}

public sealed class FrameworkCatalogTests
{
    private const string Valid = """
        - name: a
          title: A
          question: Should we a {entity}?
          match: '\ba\b'
          options: [{ name: yes, label: do it, slope: 1, from: 0.2 }, { name: no, label: do not, slope: -1, from: -1 }]
          considerations:
            - { measure: late_rate, weight: 1, curve: [[0, 1], [1, -1]], for: f, against: g, change: h }
        """;

    [Fact]
    public void Read_ValidFramework_IsFoundByNameAndQuestion()
    {
        var catalog = FrameworkCatalog.Read(Valid);

        Assert.NotNull(catalog.Find("a"));
        Assert.Equal("a", catalog.Match("should we a this")?.Name);
        Assert.Null(catalog.Match("unrelated"));
    }

    [Theory]
    [InlineData("weight: 1,", "weight: 0.5,", "weights")]
    [InlineData("measure: late_rate", "measure: moon_phase", "moon_phase")]
    [InlineData("[[0, 1], [1, -1]]", "[[0, 1], [0.5, -1], [1, 0]]", "rise or fall")]
    [InlineData("[[0, 1], [1, -1]]", "[[1, 1], [0, -1]]", "increase")]
    [InlineData("slope: -1", "slope: 2", "fall from option to option")]
    [InlineData("name: a", "name: ''", "no name")]
    [InlineData("'\\ba\\b'", "'(?<=b)a'", "match")]
    [InlineData("considerations:", "limits: [{ measure: credit_use, atLeast: 1, best: perhaps }]\n  considerations:", "perhaps")]
    [InlineData("considerations:", "limits: [{ measure: credit_use, best: no }]\n  considerations:", "atLeast or atMost")]
    [InlineData("considerations:", "money: { kind: lottery }\n  considerations:", "lottery")]
    public void Read_Mistake_IsRefusedWithItsReason(string good, string bad, string reason)
    {
        var error = Assert.Throws<FormatException>(() => FrameworkCatalog.Read(Valid.Replace(good, bad, StringComparison.Ordinal)));

        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void BuiltIn_Frameworks_CoverTheDecisionsOfThePlatform() =>
        Assert.Equal(["accept_rush_order", "change_credit_limit", "chase_or_wait", "extend_payment_terms", "offer_discount", "put_on_hold"], FrameworkCatalog.BuiltIn().All.Select(f => f.Name).Order(StringComparer.Ordinal));

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(0, 1)]
    [InlineData(5, 0.5)]
    [InlineData(10, 0)]
    [InlineData(99, -1)]
    public void At_Value_IsLinearBetweenPointsAndFlatOutside(double x, double y) =>
        Assert.Equal(y, Curve.From([[0, 1], [10, 0], [20, -1]], "c").At(x), 9);

    [Fact]
    public void ValueFor_Score_IsTheInverse()
    {
        var curve = Curve.From([[0, 1], [10, 0], [20, -1]], "c");

        Assert.Equal(15, curve.ValueFor(-0.5)!.Value, 9);
        Assert.Null(curve.ValueFor(1.5));
    }
}
