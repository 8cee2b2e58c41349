namespace Platform.Migrations.SampleData;

/// <summary>A time relative to the day of generation, 00:00 UTC.</summary>
/// <param name="Day">Days from that day; negative is the past.</param>
/// <param name="Second">Seconds into the day.</param>
internal readonly record struct Moment(int Day, int Second) : IComparable<Moment>
{
    public int CompareTo(Moment other) => Day != other.Day ? Day.CompareTo(other.Day) : Second.CompareTo(other.Second);

    public DateTime At(DateOnly today) => today.AddDays(Day).ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc).AddSeconds(Second);
}

/// <param name="CustomerId"><c>CUS-</c> and five digits.</param>
/// <param name="PaymentTermsDays">Days from issue to due.</param>
/// <param name="LastContact">Null: never.</param>
internal sealed record SampleCustomer(
    string CustomerId, string Name, string City, string Country, string Industry, string Segment, string Currency,
    decimal CreditLimit, int PaymentTermsDays, string Status, Moment Created, Moment? LastContact);

/// <param name="RequestedDay">Day asked for.</param>
internal sealed record SampleOrder(
    string OrderId, string CustomerId, string Priority, string Status, decimal Amount, string Currency,
    Moment Created, int RequestedDay, Moment? Shipped, Moment? Delivered);

/// <param name="DueDay">Day on which it is due.</param>
internal sealed record SampleInvoice(
    string InvoiceId, string CustomerId, string? OrderId, decimal Amount, string Currency, Moment Created, int DueDay,
    bool Disputed, Moment? Voided);

internal sealed record SamplePayment(string PaymentId, string InvoiceId, decimal Amount, string Currency, Moment Paid, string Method);

/// <summary>The whole sample. It holds no date: only the day on which it is loaded gives it one, so its figures never change.</summary>
internal sealed record SampleDataSet(
    long Seed,
    IReadOnlyList<SampleCustomer> Customers,
    IReadOnlyList<SampleOrder> Orders,
    IReadOnlyList<SampleInvoice> Invoices,
    IReadOnlyList<SamplePayment> Payments);
