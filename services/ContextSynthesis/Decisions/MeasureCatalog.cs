using System.Collections.Frozen;

namespace Platform.ContextSynthesis.Decisions;

/// <summary>How a figure may move when a condition is stated about it.</summary>
internal enum MeasureScale
{
    /// <summary>A share between 0 and 1, stated in whole per cent.</summary>
    Share,

    /// <summary>A ratio from 0 on without a greatest value, stated in whole per cent.</summary>
    Ratio,

    /// <summary>A change, which may be negative, in whole per cent.</summary>
    Change,

    /// <summary>A small part of a year's volume, in tenths of a per cent; may be negative.</summary>
    SmallChange,

    /// <summary>Days from 0 on, in tenths.</summary>
    Days,

    /// <summary>Days that may be negative, in tenths.</summary>
    SignedDays,

    /// <summary>Nothing in between to state: a status, or an amount that follows from other figures.</summary>
    None,
}

/// <summary>A figure by the role that frameworks know it by.</summary>
/// <param name="Name">As frameworks write it.</param>
/// <param name="Label">Words for a reader.</param>
/// <param name="Meaning">How it is made of facts and patterns, in one sentence.</param>
/// <param name="Facts">Kinds of fact that it is read from.</param>
/// <param name="Patterns">Detectors that it is read from.</param>
/// <param name="Scale">How conditions about it are stated.</param>
/// <param name="RestsOnPaidInvoices">It says little before some invoices have been paid.</param>
internal sealed record Measure(string Name, string Label, string Meaning, string[] Facts, string[] Patterns, MeasureScale Scale, bool RestsOnPaidInvoices = false)
{
    public bool MayBeNegative => Scale is MeasureScale.Change or MeasureScale.SmallChange or MeasureScale.SignedDays;

    public double Largest => Scale == MeasureScale.Share ? 1 : double.PositiveInfinity;

    /// <summary>Smallest difference that is stated.</summary>
    public double Step => Scale switch
    {
        MeasureScale.SmallChange => 0.001,
        MeasureScale.Days or MeasureScale.SignedDays => 0.1,
        _ => 0.01,
    };
}

internal static class MeasureCatalog
{
    public static IReadOnlyList<Measure> All { get; } =
    [
        new("late_rate", "the share of invoices paid late", "Paid invoices that were paid after their due date, divided by all paid invoices.",
            ["late_rate", "paid_invoices"], [], MeasureScale.Share, true),
        new("average_days_late", "the average days late", "Mean days from due date to payment, early and punctual as 0; since payment timing changed when it did.",
            ["average_days_late", "paid_invoices"], ["payment_timing_shift"], MeasureScale.Days, true),
        new("days_to_pay", "the average days to settle", "Mean days from issue to payment.",
            ["average_days_to_settle", "paid_invoices"], [], MeasureScale.Days, true),
        new("payment_shift", "the change in payment timing", "Days by which payments arrive later (above 0) or earlier than before; 0 when the detector found no change.",
            [], ["payment_timing_shift"], MeasureScale.SignedDays),
        new("overdue_share", "the overdue share of the balance", "Overdue amount divided by the open balance; 0 when nothing is open.",
            ["overdue_amount", "open_balance"], [], MeasureScale.Share),
        new("old_overdue_share", "the part of the balance that is more than 60 days overdue", "Open amounts more than 60 days past due, divided by the open balance.",
            ["ageing", "open_balance"], [], MeasureScale.Share),
        new("disputed_share", "the disputed share of the balance", "Open amounts of disputed invoices, divided by the open balance.",
            ["disputed", "open_balance"], [], MeasureScale.Share),
        new("credit_use", "the use of the credit limit", "Open balance divided by the credit limit.",
            ["credit_use"], [], MeasureScale.Ratio),
        new("over_limit", "the part of the balance over the credit limit", "Use of the credit limit above 100 %; 0 within the limit.",
            ["credit_use"], [], MeasureScale.Ratio),
        new("order_trend", "the order trend", "Change in the number of orders of the last 90 days against the 90 days before.",
            ["order_trend"], [], MeasureScale.Change),
        new("rush_share", "the share of rush orders", "Rush orders divided by all orders of the last 12 months.",
            ["rush_share"], [], MeasureScale.Share),
        new("days_since_contact", "the time since the last contact", "Days from the last recorded contact to the day of the figures.",
            ["last_contact"], [], MeasureScale.Days),
        new("account_status", "the status of the account", "0 active, 1 on hold, 2 closed.",
            ["customer_status"], [], MeasureScale.None),
        new("expected_value", "the expected result", "What the framework's money effect comes to, in the customer's currency.",
            [], [], MeasureScale.None),
        new("expected_value_share", "the expected result against the yearly volume", "What the framework's money effect comes to, divided by the order volume of 12 months.",
            ["order_volume", "average_days_to_settle"], [], MeasureScale.SmallChange),
    ];

    private static readonly FrozenDictionary<string, Measure> ByName = All.ToFrozenDictionary(m => m.Name, StringComparer.Ordinal);

    public static Measure Of(string name) => ByName[name];

    public static bool Knows(string name) => ByName.ContainsKey(name);

    /// <summary>What another measure of the same figure would be if this one had the value; null when they have nothing in common.</summary>
    public static double? Implied(string measure, double value, string other, double present) => (measure, other) switch
    {
        ("credit_use", "over_limit") => Math.Max(0, value - 1),
        ("over_limit", "credit_use") => value > 0 ? 1 + value : Math.Min(present, 1),
        _ => null,
    };
}
