namespace Platform.Migrations.SampleData;

/// <summary>One customer while it is generated: rows get their numbers only when all of them can be put in order of time.</summary>
internal sealed class CustomerHistory
{
    public List<OrderDraft> Orders { get; } = [];

    public IEnumerable<InvoiceDraft> Invoices => Orders.Select(order => order.Invoice).OfType<InvoiceDraft>();

    /// <summary>What the customer owes at the end of the history.</summary>
    public decimal OpenBalance => Invoices.Where(invoice => invoice.Voided is null).Sum(invoice => invoice.Amount - invoice.Payments.Sum(payment => payment.Amount));

    public decimal Invoiced => Invoices.Sum(invoice => invoice.Amount);

    internal sealed class OrderDraft
    {
        public required string Priority { get; init; }

        public required string Status { get; init; }

        public required decimal Amount { get; set; }

        public required Moment Created { get; init; }

        public required int RequestedDay { get; init; }

        public Moment? Shipped { get; init; }

        public Moment? Delivered { get; init; }

        public InvoiceDraft? Invoice { get; set; }
    }

    internal sealed class InvoiceDraft
    {
        public required decimal Amount { get; set; }

        public required Moment Created { get; init; }

        public required int DueDay { get; init; }

        public bool Disputed { get; set; }

        public Moment? Voided { get; init; }

        public List<PaymentDraft> Payments { get; } = [];
    }

    internal sealed record PaymentDraft(decimal Amount, Moment Paid, string Method);
}
