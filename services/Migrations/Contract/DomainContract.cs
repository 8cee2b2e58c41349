namespace Platform.Migrations.Contract;

/// <summary>What a column holds.</summary>
internal enum ColumnKind
{
    Text,
    Money,
    Time,
    Date,
    Whole,
    Flag,
}

/// <summary>A column that the services read.</summary>
/// <param name="Required">Whether null is wrong.</param>
/// <param name="Values">The only values allowed, when they are a closed list.</param>
internal sealed record ContractColumn(string Name, ColumnKind Kind, bool Required, IReadOnlyList<string>? Values = null)
{
    private static readonly string[] TextTypes = ["text", "varchar", "bpchar"];

    /// <summary>Names of <c>pg_type</c> that serve.</summary>
    public IReadOnlyList<string> Types => Kind switch
    {
        ColumnKind.Text => TextTypes,
        ColumnKind.Money => ["numeric"],
        ColumnKind.Time => ["timestamptz"],
        ColumnKind.Date => ["date"],
        ColumnKind.Whole => ["int4"],
        ColumnKind.Flag => ["bool"],
        _ => throw new InvalidOperationException($"Column kind {Kind} has no type."),
    };
}

/// <param name="Key">Column that, with the organization, tells rows apart.</param>
internal sealed record ContractRelation(string Name, string Key, IReadOnlyList<ContractColumn> Columns);

/// <summary>What <c>domain</c> must offer, whether as tables of this repository or as views over somebody's own.</summary>
internal static class DomainContract
{
    private const ColumnKind Text = ColumnKind.Text;
    private const ColumnKind Money = ColumnKind.Money;
    private const ColumnKind Time = ColumnKind.Time;
    private const ColumnKind Date = ColumnKind.Date;

    public static IReadOnlyList<ContractRelation> Relations { get; } =
    [
        new("customers", "customer_id",
        [
            Required("organization_id", Text), Required("customer_id", Text), Required("name", Text), Optional("city", Text),
            Optional("country", Text), Optional("industry", Text), Optional("segment", Text), Required("currency", Text),
            Optional("credit_limit", Money), Optional("payment_terms_days", ColumnKind.Whole),
            new("status", Text, true, ["active", "on_hold", "closed"]), Required("created_at", Time), Optional("last_contact_at", Time),
        ]),
        new("sales_orders", "order_id",
        [
            Required("organization_id", Text), Required("order_id", Text), Required("order_number", Text), Required("customer_id", Text),
            new("priority", Text, true, ["low", "normal", "high", "rush"]),
            new("status", Text, true, ["open", "shipped", "delivered", "cancelled"]), Required("amount", Money),
            Required("currency", Text), Required("created_at", Time), Optional("requested_date", Date), Optional("shipped_at", Time),
            Optional("delivered_at", Time),
        ]),
        new("invoices", "invoice_id",
        [
            Required("organization_id", Text), Required("invoice_id", Text), Required("invoice_number", Text),
            Required("customer_id", Text), Optional("order_id", Text), Required("amount", Money), Required("currency", Text),
            Required("created_at", Time), Required("due_date", Date), Required("disputed", ColumnKind.Flag), Optional("voided_at", Time),
        ]),
        new("payments", "payment_id",
        [
            Required("organization_id", Text), Required("payment_id", Text), Required("invoice_id", Text), Required("amount", Money),
            Required("currency", Text), Required("paid_at", Time), Optional("method", Text),
        ]),
    ];

    private static ContractColumn Required(string name, ColumnKind kind) => new(name, kind, true);

    private static ContractColumn Optional(string name, ColumnKind kind) => new(name, kind, false);
}
