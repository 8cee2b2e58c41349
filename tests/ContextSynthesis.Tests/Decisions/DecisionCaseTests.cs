using Platform.Contracts.ContextSynthesis.V1;
using Xunit;

namespace Platform.ContextSynthesis.Tests.Decisions;

public sealed class DecisionCaseTests
{
    public static IEnumerable<TheoryDataRow<int, string>> Cases => DecisionCases.All.Select((c, i) => new TheoryDataRow<int, string>(i, c.ToString()));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Analyze_KnownCustomer_MakesTheRightCallForThePlantedReason(int number, string name)
    {
        var known = DecisionCases.All[number];

        var analysis = Samples.Decide(known.Framework, known.Behaviour);

        Assert.True(known.Recommended == analysis.Recommended, $"{name}: \"{analysis.Recommended}\" instead of \"{known.Recommended}\"\n{analysis}");
        Assert.All(known.Planted, planted => Assert.Contains(planted[0] == '+' ? analysis.EvidenceFor : analysis.EvidenceAgainst, c => c.Key == planted[1..]));
        Assert.True(known.Main is null || known.Main == analysis.MainReason, $"{name}: the main reason is {analysis.MainReason}");
        if (known.Recommended.Length == 0)
        {
            Assert.NotEmpty(analysis.Missing);
            Assert.Equal(0, analysis.Confidence);
            return;
        }

        Assert.Equal(analysis.Recommended, analysis.Options[0].Name);
        Assert.InRange(analysis.Confidence, 0.2, 0.95);
        Assert.NotEmpty(analysis.WouldChange);
        Assert.All(analysis.EvidenceFor.Concat(analysis.EvidenceAgainst), IsReadable);
    }

    [Fact]
    public void Cases_CoverEveryOptionOfEveryFramework() =>
        Assert.All(Samples.Frameworks.All, framework =>
            Assert.Empty(framework.Options.Select(o => o.Option.Name).Append(string.Empty).Except(DecisionCases.All.Where(c => c.Framework == framework.Name).Select(c => c.Recommended))
                .Except(framework.Name is "chase_or_wait" or "put_on_hold" ? [string.Empty] : [])));

    [Fact]
    public void Analyze_FewPaidInvoices_SaysHowManyAreNeeded()
    {
        var analysis = Samples.Decide("extend_payment_terms", new Behaviour { Paid = 2 });

        Assert.Contains("the share of invoices paid late: it would rest on only 2 paid invoices; at least 5 are needed", analysis.Missing);
        Assert.Contains("the change in payment timing: 2 paid invoices; at least 12 are needed", analysis.Missing);
    }

    [Fact]
    public void Analyze_LimitDecides_SaysWhatWouldLiftIt()
    {
        var held = Samples.Decide("extend_payment_terms", new Behaviour { Status = "on_hold" });
        var over = Samples.Decide("accept_rush_order", new Behaviour().Owing(110_000));

        Assert.Contains("If the account were active, I would recommend to extend the payment terms.", held.WouldChange);
        Assert.Equal(0, held.EvidenceAgainst[0].Weight);
        Assert.Equal("The account is on hold.", held.EvidenceAgainst[0].Text);
        Assert.Contains("If its balance were within the credit limit, I would recommend to accept the rush order.", over.WouldChange);
    }

    [Fact]
    public void Analyze_MoneyEffect_IsBenefitMinusCost()
    {
        foreach (var framework in Samples.Frameworks.All)
        {
            var analysis = Samples.Decide(framework.Name, new Behaviour { DaysToSettle = 45 }.Owing(90_000, 0.2));

            Assert.True(analysis.ExpectedValue is not null, framework.Name);
            Assert.Equal(Wording.Amount(analysis.ExpectedBenefit) - Wording.Amount(analysis.ExpectedCost), Wording.Amount(analysis.ExpectedValue));
            Assert.True(Wording.Amount(analysis.ExpectedBenefit) > 0 && Wording.Amount(analysis.ExpectedCost) > 0, framework.Name);
            Assert.NotEmpty(analysis.Assumptions);
        }
    }

    [Fact]
    public void Analyze_CurrencyWithoutACostOfACall_HasNoMoneyEffectAndSaysSo()
    {
        var analysis = Samples.Decide("chase_or_wait", new Behaviour { Currency = "XAF" }.Owing(90_000, 0.3));

        Assert.Null(analysis.ExpectedValue);
        Assert.Contains(analysis.Missing, m => m.StartsWith("what it would bring and cost", StringComparison.Ordinal));
        Assert.NotEmpty(analysis.Recommended);
    }

    private static void IsReadable(Consideration consideration)
    {
        Assert.NotEmpty(consideration.Label);
        Assert.EndsWith(".", consideration.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("{", consideration.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", consideration.Text, StringComparison.Ordinal);
    }
}
