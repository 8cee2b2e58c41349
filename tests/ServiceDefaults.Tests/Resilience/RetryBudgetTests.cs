namespace Platform.ServiceDefaults.Tests.Resilience;

public sealed class RetryBudgetTests
{
    [Fact]
    public void Failed_Outage_AllowsFewRetriesThenNone()
    {
        var budget = new RetryBudget();

        Assert.Equal(4, Enumerable.Range(0, 1000).Count(_ => budget.Failed()));
    }

    [Fact]
    public void Failed_OneInAHundred_IsAlwaysAffordable()
    {
        var budget = new RetryBudget();
        for (var call = 0; call < 1000; call++)
        {
            for (var success = 0; success < 99; success++)
            {
                budget.Succeeded();
            }

            Assert.True(budget.Failed());
        }
    }

    [Fact]
    public void Succeeded_AfterOutage_EarnsRetriesBack()
    {
        var budget = new RetryBudget();
        for (var call = 0; call < 100; call++)
        {
            budget.Failed();
        }

        for (var success = 0; success < 50; success++)
        {
            budget.Succeeded();
        }

        Assert.False(budget.Failed());
        for (var success = 0; success < 100; success++)
        {
            budget.Succeeded();
        }

        Assert.True(budget.Failed());
    }
}
