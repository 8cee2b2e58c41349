namespace Platform.PatternAnalysis.Histories;

/// <summary>Parts of a history that a detector looks at.</summary>
[Flags]
internal enum HistoryParts
{
    None = 0,
    Orders = 1,
    Invoices = 2,

    /// <summary>What is usual in other customers' orders.</summary>
    PeerOrders = 4,

    /// <summary>What is usual in other customers' payments.</summary>
    PeerPayments = 8,
}

/// <summary>Orders and invoices of one customer, each at most four years back. A part that no detector needs may be empty.</summary>
/// <param name="Subject">Whose, and up to which day.</param>
/// <param name="Orders">By day and id, without cancelled ones.</param>
/// <param name="Invoices">Due up to the day, by due day and id, without voided ones.</param>
internal sealed record CustomerHistory(Subject Subject, IReadOnlyList<OrderRow> Orders, IReadOnlyList<SettlementRow> Invoices)
{
    private MonthlyOrders? months;

    // A copy may be given other orders, and then has other months.
    private CustomerHistory(CustomerHistory other) => (Subject, Orders, Invoices) = (other.Subject, other.Orders, other.Invoices);

    /// <summary>The orders by month; counted once for all detectors that are given this history.</summary>
    public MonthlyOrders Months => months ??= MonthlyOrders.Of(Orders, Subject.AsOf);
}

/// <summary>An order that was not cancelled.</summary>
internal sealed record OrderRow(string Id, DateOnly PlacedOn, string Priority, decimal Amount, string Currency)
{
    public bool IsRush => Priority == "rush";
}

/// <summary>
/// An invoice that is due, and how late it was paid or is by now. It is paid on the day its payments reach the amount.
/// </summary>
/// <param name="Id">Its key.</param>
/// <param name="DueOn">The due day.</param>
/// <param name="DaysLate">Negative: paid before the due day. For an open one the days so far, a lower bound.</param>
/// <param name="IsOpen">Not paid in full up to the day that is seen.</param>
/// <param name="Amount">Whole amount.</param>
/// <param name="Currency">ISO 4217.</param>
internal sealed record SettlementRow(string Id, DateOnly DueOn, int DaysLate, bool IsOpen, decimal Amount, string Currency);
