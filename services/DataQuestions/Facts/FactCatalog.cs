using System.Collections.Frozen;
using Platform.DataQuestions.Facts.Kinds;

namespace Platform.DataQuestions.Facts;

/// <summary>Every kind of fact by name, in the order in which facts are shown.</summary>
internal static class FactCatalog
{
    public static IReadOnlyList<FactProvider> All { get; } =
    [
        new OpenBalance(), new OpenInvoices(), new OverdueAmount(), new OverdueInvoices(), new Ageing(), new Disputed(),
        new IssuedInvoices(), new PaidInvoices(), new PaidLateInvoices(), new LateRate(), new AverageDaysLate(), new MedianDaysLate(), new AverageDaysToSettle(), new DaysSalesOutstanding(),
        new OrderCount12Months(), new OrderVolume(), new OrderTrend(), new OpenOrders(), new RushShare(),
        new CreditLimit(), new CreditUse(), new PaymentTerms(), new CustomerStatus(), new LastOrder(), new LastPayment(), new LastContact(), new Customers(),
        new InvoiceStatus(), new InvoiceCustomer(), new InvoiceAmount(), new InvoicePaidAmount(), new InvoiceOutstanding(), new InvoiceIssued(), new InvoiceDueDate(), new InvoicePaidOn(), new InvoiceDaysLate(),
        new OrderStatus(), new OrderCustomer(), new OrderAmount(), new OrderPriority(), new OrderPlaced(), new OrderRequestedDate(),
    ];

    private static readonly FrozenDictionary<string, FactProvider> ByName = All.ToFrozenDictionary(provider => provider.Name, StringComparer.Ordinal);

    public static bool TryFind(string name, out FactProvider? provider) => ByName.TryGetValue(name, out provider);

    private static readonly FrozenDictionary<FactScope, IReadOnlyList<FactProvider>> ByScope = ((FactScope[])[FactScope.Customer, FactScope.Portfolio, FactScope.Order, FactScope.Invoice])
        .ToFrozenDictionary(scope => scope, scope => (IReadOnlyList<FactProvider>)[.. All.Where(provider => provider.AppliesTo.HasFlag(scope))]);

    /// <summary>The kinds that can be stated in the scope.</summary>
    public static IReadOnlyList<FactProvider> For(FactScope scope) => ByScope[scope];
}
