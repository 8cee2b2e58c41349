using System.Runtime.InteropServices;

namespace Platform.PatternAnalysis.Histories.Bulk;

/// <summary>
/// Histories of many customers in one state of the data, kept as plain rows; the history of one is made when it is asked for. About 80 bytes for
/// an invoice, 40 for an order and 32 for a payment.
/// </summary>
internal sealed class BulkHistories(string organizationId, DateOnly asOf, string snapshot, long readAt)
{
    private readonly Keys customers = new();
    private readonly List<(string Name, int Currency, int Status)> subjects = [];
    private readonly Codes codes = new();

    // Orders are added on another thread than the rest.
    private readonly Codes orderCodes = new();
    private readonly Texts orderIds = new();
    private readonly List<Order> orders = [];
    private readonly Keys invoiceIds = new();
    private readonly List<Invoice> invoices = [];
    private readonly List<Payment> payments = [];
    private Groups orderGroups = Groups.None;
    private Groups invoiceGroups = Groups.None;

    /// <summary>The state: <c>pg_snapshot</c>.</summary>
    public string Snapshot { get; } = snapshot;

    /// <summary>Timestamp of the monotonic clock at which it was read.</summary>
    public long ReadAt { get; } = readAt;

    public int Count => subjects.Count;

    /// <summary>Rows in memory.</summary>
    public int Rows => orders.Count + invoices.Count + payments.Count;

    /// <summary>No customer follows the last one.</summary>
    public bool IsLast { get; set; }

    /// <summary>No other customer of the organization is missing.</summary>
    public bool IsWhole { get; set; }

    public string CustomerId(int index) => customers.ToString(index);

    /// <summary>What is usual among the orders of these customers.</summary>
    public PeerStatistics PeerOrders()
    {
        var counts = new OrderCounts(asOf, Count);
        var rush = orderCodes.Find("rush"u8);
        for (var customer = 0; customer < Count; customer++)
        {
            foreach (var member in orderGroups.Of(customer))
            {
                var order = orders[member];
                counts.Add(customer, order.Day, order.Priority == rush, order.Currency, order.Amount);
            }

            counts.EndCustomer();
        }

        return counts.ToStatistics(currency => orderCodes[currency]);
    }

    /// <summary>The history of a customer. May be called on many threads once all rows are there.</summary>
    public CustomerHistory this[int index]
    {
        get
        {
            var (name, currency, status) = subjects[index];
            return new CustomerHistory(
                new Subject(organizationId, CustomerId(index), name, codes[currency], codes[status], asOf), OrdersOf(index), InvoicesOf(index));
        }
    }

    public void AddCustomer(CopyRows row)
    {
        customers.Add(row.Text(0));
        subjects.Add((System.Text.Encoding.UTF8.GetString(row.Text(1)), codes.Of(row.Text(2)), codes.Of(row.Text(3))));
    }

    /// <summary>May be called on one thread while another adds the invoices and payments of the same customers.</summary>
    public void AddOrder(CopyRows row)
    {
        if (customers.Find(row.Text(0)) is >= 0 and var customer)
        {
            orderIds.Add(row.Text(1));
            orders.Add(new Order(customer, (int)(row.Microseconds(2) / PostgresBinary.MicrosecondsOfDay), orderCodes.Of(row.Text(3)), orderCodes.Of(row.Text(5)), row.Number(4)));
        }
    }

    public void AddInvoice(CopyRows row)
    {
        if (customers.Find(row.Text(0)) is >= 0 and var customer)
        {
            invoiceIds.Add(row.Text(1));
            invoices.Add(new Invoice(customer, row.Day(2), codes.Of(row.Text(4)), row.Number(3)));
        }
    }

    /// <summary>A payment of an invoice that is not here, or in another currency, counts for nothing.</summary>
    public void AddPayment(CopyRows row)
    {
        var index = invoiceIds.Find(row.Text(0));
        if (index >= 0 && CollectionsMarshal.AsSpan(invoices)[index] is var invoice && codes.Find(row.Text(2)) == invoice.Currency)
        {
            payments.Add(new Payment(row.Microseconds(3), row.Number(1), invoice.LatestPayment));
            CollectionsMarshal.AsSpan(invoices)[index].LatestPayment = payments.Count - 1;
        }
    }

    /// <summary>All rows are there.</summary>
    public void Complete()
    {
        orderGroups = Groups.By(CollectionsMarshal.AsSpan(orders), order => order.Customer, Count);
        invoiceGroups = Groups.By(CollectionsMarshal.AsSpan(invoices), invoice => invoice.Customer, Count);
    }

    private OrderRow[] OrdersOf(int customer)
    {
        var members = orderGroups.Of(customer);
        var rows = new OrderRow[members.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            var order = orders[members[i]];
            rows[i] = new OrderRow(orderIds.ToString(members[i]), DateOnly.FromDayNumber(order.Day), orderCodes[order.Priority], order.Amount, orderCodes[order.Currency]);
        }

        return Sorted(rows, static (left, right) =>
            left.PlacedOn != right.PlacedOn ? left.PlacedOn.CompareTo(right.PlacedOn) : string.CompareOrdinal(left.Id, right.Id));
    }

    private SettlementRow[] InvoicesOf(int customer)
    {
        var members = invoiceGroups.Of(customer);
        var rows = new SettlementRow[members.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            var invoice = invoices[members[i]];
            var paidOn = PaidOn(invoice);
            rows[i] = new SettlementRow(
                invoiceIds.ToString(members[i]), DateOnly.FromDayNumber(invoice.DueDay), (paidOn ?? asOf.DayNumber) - invoice.DueDay, paidOn is null, invoice.Amount, codes[invoice.Currency]);
        }

        return Sorted(rows, static (left, right) =>
            left.DueOn != right.DueOn ? left.DueOn.CompareTo(right.DueOn) : string.CompareOrdinal(left.Id, right.Id));
    }

    // Most tables hold their rows in this order already.
    private static T[] Sorted<T>(T[] rows, Comparison<T> compare)
    {
        for (var i = 1; i < rows.Length; i++)
        {
            if (compare(rows[i - 1], rows[i]) > 0)
            {
                Array.Sort(rows, compare);
                break;
            }
        }

        return rows;
    }

    // Paid when all payments reach the amount, on the first day on which they had.
    private int? PaidOn(Invoice invoice)
    {
        if (invoice.LatestPayment < 0)
        {
            return null;
        }

        var latest = payments[invoice.LatestPayment];
        if (latest.Before < 0)
        {
            return latest.Amount >= invoice.Amount ? Day(latest) : null;
        }

        List<Payment> received = [];
        var sum = 0m;
        for (var at = invoice.LatestPayment; at >= 0; at = payments[at].Before)
        {
            received.Add(payments[at]);
            sum += payments[at].Amount;
        }

        return sum < invoice.Amount ? null : FirstReached(received, invoice.Amount);
    }

    // What came at the same instant came together.
    private static int? FirstReached(List<Payment> received, decimal amount)
    {
        received.Sort((left, right) => left.At.CompareTo(right.At));
        var running = 0m;
        for (var i = 0; i < received.Count; i++)
        {
            running += received[i].Amount;
            if (running >= amount && (i + 1 == received.Count || received[i + 1].At != received[i].At))
            {
                return Day(received[i]);
            }
        }

        return null;
    }

    private static int Day(Payment payment) => (int)(payment.At / PostgresBinary.MicrosecondsOfDay);

    private readonly record struct Order(int Customer, int Day, int Priority, int Currency, decimal Amount);

    private record struct Invoice(int Customer, int DueDay, int Currency, decimal Amount)
    {
        public int LatestPayment { get; set; } = -1;
    }

    private readonly record struct Payment(long At, decimal Amount, int Before);

    /// <summary>Texts of which there are few, by number.</summary>
    private sealed class Codes
    {
        private readonly Keys keys = new();
        private readonly List<string> texts = [];

        public string this[int code] => texts[code];

        public int Find(ReadOnlySpan<byte> text) => keys.Find(text);

        public int Of(ReadOnlySpan<byte> text)
        {
            var code = keys.FindOrAdd(text);
            if (code == texts.Count)
            {
                texts.Add(keys.ToString(code));
            }

            return code;
        }
    }
}
