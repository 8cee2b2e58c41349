namespace Platform.Migrations.SampleData;

/// <summary>Measures one customer's rows of a sample. Days count from the day of generation.</summary>
internal sealed class CustomerFacts
{
    private readonly Dictionary<string, List<SamplePayment>> _payments;
    private readonly decimal _openInCurrency;

    public CustomerFacts(SampleDataSet sample, string customerId)
    {
        Customer = sample.Customers.Single(customer => customer.CustomerId == customerId);
        Orders = [.. sample.Orders.Where(order => order.CustomerId == customerId)];
        Invoices = [.. sample.Invoices.Where(invoice => invoice.CustomerId == customerId)];
        _payments = sample.Payments.GroupBy(payment => payment.InvoiceId, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.ToList(), StringComparer.Ordinal);
        Payments = [.. Invoices.SelectMany(PaymentsOf)];
        _openInCurrency = sample.Invoices.Where(invoice => invoice.Currency == Customer.Currency).Sum(Open);
    }

    public SampleCustomer Customer { get; }

    public IReadOnlyList<SampleOrder> Orders { get; }

    public IReadOnlyList<SampleInvoice> Invoices { get; }

    public IReadOnlyList<SamplePayment> Payments { get; }

    public decimal OpenBalance => Invoices.Sum(Open);

    public decimal Paid(SampleInvoice invoice) => PaymentsOf(invoice).Sum(payment => payment.Amount);

    public double RushShare(int fromDay, int toDay) =>
        Share(Orders.Where(order => order.Created.Day >= fromDay && order.Created.Day <= toDay), order => order.Priority == "rush");

    public double OrderShare(Func<SampleOrder, bool> condition) => Share(Orders, condition);

    /// <summary>Mean days from due to settled of the settled invoices issued between two days.</summary>
    public double MeanDelay(int fromDay, int toDay) =>
        Settled().Where(item => item.Invoice.Created.Day >= fromDay && item.Invoice.Created.Day <= toDay)
            .Select(item => (double)item.Delay).DefaultIfEmpty(double.NaN).Average();

    public double LateShare() => Share(Settled(), item => item.Delay > 0);

    public int MaxDelay() => Settled().Max(item => item.Delay);

    public double MeanGap() => (double)(Orders[^1].Created.Day - Orders[0].Created.Day) / (Orders.Count - 1);

    public double OrdersPer30Days(int fromDay, int toDay) =>
        Orders.Count(order => order.Created.Day >= fromDay && order.Created.Day <= toDay) * 30.0 / (toDay - fromDay + 1);

    public double MaxOverMedian() => (double)(Invoices.Max(invoice => invoice.Amount) / Median());

    public int CountAboveMedian(decimal factor) => Invoices.Count(invoice => invoice.Amount > factor * Median());

    public double ShareOfOpenBalance() => (double)(OpenBalance / _openInCurrency);

    public IReadOnlyList<SampleInvoice> PartlyPaid() => [.. Invoices.Where(invoice => Paid(invoice) > 0 && Paid(invoice) < invoice.Amount)];

    private decimal Open(SampleInvoice invoice) => invoice.Voided is null ? invoice.Amount - Paid(invoice) : 0;

    private IReadOnlyList<SamplePayment> PaymentsOf(SampleInvoice invoice) => _payments.GetValueOrDefault(invoice.InvoiceId) ?? [];

    private IEnumerable<(SampleInvoice Invoice, int Delay)> Settled() =>
        from invoice in Invoices
        where invoice.Voided is null && Paid(invoice) >= invoice.Amount
        select (invoice, PaymentsOf(invoice).Max(payment => payment.Paid.Day) - invoice.DueDay);

    private decimal Median()
    {
        var amounts = Invoices.Select(invoice => invoice.Amount).Order().ToList();
        return amounts[amounts.Count / 2];
    }

    private static double Share<T>(IEnumerable<T> items, Func<T, bool> condition)
    {
        var list = items.ToList();
        return list.Count == 0 ? double.NaN : (double)list.Count(condition) / list.Count;
    }
}
