using System.Globalization;

namespace Platform.Migrations.SampleData;

/// <summary>Makes the sample: the planted customers first, then ordinary ones without any change in behaviour.</summary>
internal static class SampleGenerator
{
    /// <summary>Raised when the same seed would give other rows.</summary>
    public const int Version = 2;

    /// <summary>Seed of the sample that is documented in <c>docs/sample-data.md</c>.</summary>
    public const long DefaultSeed = 20260101;

    /// <summary>Days between the first order and the day of generation: two and a half years.</summary>
    public const int HistoryDays = 912;

    /// <summary>Customers in the sample, planted ones included.</summary>
    public const int CustomerCount = 560;

    public static SampleDataSet Generate(long seed)
    {
        var planted = PlantedBehaviours.All;
        var names = new CompanyNames(planted.Select(behaviour => behaviour.Customer));
        var rows = new List<(SampleCustomer Customer, CustomerHistory History)>(CustomerCount);
        for (var i = 0; i < CustomerCount; i++)
        {
            var random = SampleRandom.Stream(seed, i);
            var behaviour = i < planted.Count ? planted[i] : null;
            var profile = behaviour?.Profile ?? OrdinaryCustomer.Profile(random, names);
            var history = new CustomerSimulation(profile, random).Run();
            behaviour?.Alter(history);
            rows.Add((Customer(i, profile, history, behaviour?.CreditUse, random), history));
        }

        return Number(seed, rows);
    }

    /// <summary>The id of the customer at a position, from 0.</summary>
    public static string CustomerId(int index) => string.Create(CultureInfo.InvariantCulture, $"CUS-{index + 1:00000}");

    private static SampleCustomer Customer(int index, CustomerProfile profile, CustomerHistory history, double? creditUse, SampleRandom random)
    {
        var firstOrder = history.Orders.Count > 0 ? history.Orders[0].Created.Day : profile.FirstDay;
        return new SampleCustomer(
            CustomerId(index), profile.Name, profile.City, profile.Market.Country, profile.Industry, profile.Segment,
            profile.Market.Currency, CreditLimit(profile, history, creditUse), profile.PaymentTermsDays, profile.Status,
            new Moment(firstOrder - random.Integer(3, 40), random.Integer(7 * 3600, 16 * 3600)),
            random.Chance(0.9) ? new Moment(-random.Integer(1, 120), random.Integer(7 * 3600, 16 * 3600)) : null);
    }

    // Ordinary customers stay below their limit; the planted one exceeds it by a known share.
    private static decimal CreditLimit(CustomerProfile profile, CustomerHistory history, double? creditUse)
    {
        if (creditUse is { } use)
        {
            return Math.Round(history.OpenBalance / (decimal)use, 2, MidpointRounding.AwayFromZero);
        }

        var quarter = history.Invoiced * 90 / Math.Max(90, -profile.FirstDay);
        var wanted = Math.Max(Math.Max(history.OpenBalance * 1.25m, quarter), (decimal)profile.MedianAmount * 2);
        var step = (decimal)Math.Pow(10, Math.Floor(Math.Log10((double)wanted)));
        return Math.Ceiling(wanted / step * 2) / 2 * step;
    }

    private static SampleDataSet Number(long seed, List<(SampleCustomer Customer, CustomerHistory History)> rows)
    {
        var orderDrafts = rows
            .SelectMany(row => row.History.Orders, (row, order) => (row.Customer, Order: order))
            .OrderBy(item => item.Order.Created).ThenBy(item => item.Customer.CustomerId, StringComparer.Ordinal)
            .ToList();
        var orderIds = new Dictionary<CustomerHistory.OrderDraft, string>(ReferenceEqualityComparer.Instance);
        var orders = new List<SampleOrder>(orderDrafts.Count);
        foreach (var (customer, order) in orderDrafts)
        {
            var id = Id("SO", orders.Count);
            orderIds.Add(order, id);
            orders.Add(new SampleOrder(
                id, customer.CustomerId, order.Priority, order.Status, order.Amount, customer.Currency, order.Created,
                order.RequestedDay, order.Shipped, order.Delivered));
        }

        var invoiceDrafts = orderDrafts
            .Where(item => item.Order.Invoice is not null)
            .Select(item => (item.Customer, item.Order, Invoice: item.Order.Invoice!))
            .OrderBy(item => item.Invoice.Created).ThenBy(item => orderIds[item.Order], StringComparer.Ordinal)
            .ToList();
        var invoices = new List<SampleInvoice>(invoiceDrafts.Count);
        var paymentDrafts = new List<(string InvoiceId, string Currency, CustomerHistory.PaymentDraft Payment)>();
        foreach (var (customer, order, invoice) in invoiceDrafts)
        {
            var id = Id("INV", invoices.Count);
            invoices.Add(new SampleInvoice(
                id, customer.CustomerId, orderIds[order], invoice.Amount, customer.Currency, invoice.Created, invoice.DueDay,
                invoice.Disputed, invoice.Voided));
            paymentDrafts.AddRange(invoice.Payments.Select(payment => (id, customer.Currency, payment)));
        }

        var payments = paymentDrafts
            .OrderBy(item => item.Payment.Paid).ThenBy(item => item.InvoiceId, StringComparer.Ordinal)
            .Select((item, index) => new SamplePayment(
                Id("PAY", index), item.InvoiceId, item.Payment.Amount, item.Currency, item.Payment.Paid, item.Payment.Method))
            .ToList();
        return new SampleDataSet(seed, [.. rows.Select(row => row.Customer)], orders, invoices, payments);
    }

    private static string Id(string prefix, int index) => string.Create(CultureInfo.InvariantCulture, $"{prefix}-{index + 1:000000}");
}
