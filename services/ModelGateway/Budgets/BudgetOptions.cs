using System.ComponentModel.DataAnnotations;

namespace Platform.ModelGateway.Budgets;

/// <summary>Section <c>modelGateway:budgets</c>: how much an organization may use.</summary>
internal sealed class BudgetsOptions
{
    /// <summary>The budgets; empty: nothing is limited.</summary>
    public List<BudgetOptions> Limits { get; set; } = [];

    /// <summary>How long what a call reserved is held for it when its instance is gone, 5 min: longer than any call takes.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan Lease { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Longest wait of a call that only reservations of other calls keep out, 2 s, and never beyond its deadline: they reserve the most
    /// that they may use, and mostly use less.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan WaitForReservations { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary><c>closed</c>: without the shared counters no call that a money budget limits is made; <c>open</c>: it is made, and counted from the ledger later.</summary>
    [AllowedValues("closed", "open")]
    public string MoneyWhenAway { get; set; } = "closed";

    /// <summary>The same for budgets of requests and tokens, <c>open</c>.</summary>
    [AllowedValues("closed", "open")]
    public string CountsWhenAway { get; set; } = "open";

    /// <summary>Longest wait for Redis, 500 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00.005", "00:00:10")]
    public TimeSpan SharedTimeout { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long Redis is left alone after it could not be reached, 1 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan SharedCoolDown { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How often the counters are compared with the ledger, 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan Reconcile { get; set; } = TimeSpan.FromSeconds(10);
}

/// <summary>One budget.</summary>
internal sealed class BudgetOptions
{
    /// <summary>The organization, or <c>*</c> for every one that has no budget of its own of the same unit and window; each has it for itself.</summary>
    [Required]
    public string Organization { get; set; } = Everyone;

    /// <summary><c>requests</c>, <c>tokens</c> or <c>money</c>.</summary>
    [AllowedValues("requests", "tokens", "money")]
    public string Unit { get; set; } = "money";

    /// <summary><c>minute</c>, <c>day</c> or <c>month</c>, of the calendar in UTC.</summary>
    [AllowedValues("minute", "day", "month")]
    public string Window { get; set; } = "month";

    /// <summary>How much of the unit may be used in a window. The call that reaches it may go beyond it, the next is refused.</summary>
    [Range(typeof(decimal), "0.000000001", "9000000")]
    public decimal Limit { get; set; } = 100;

    /// <summary>ISO 4217; of money only.</summary>
    [RegularExpression("^[A-Z]{3}$")]
    public string Currency { get; set; } = "USD";

    internal const string Everyone = "*";
}
