using System.Collections.Frozen;
using Platform.Contracts.DataQuestions.V1;
using Platform.DataQuestions.Questions;

namespace Platform.DataQuestions.Rows;

/// <summary>Reads rows of the business schema by their keys: the columns of its contract, of one organization only.</summary>
internal sealed class RowReader(StatementRunner statements)
{
    private static readonly FrozenDictionary<string, string> Statements = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["domain.customers"] = Select(
            "domain.customers", "customer_id", "name, city, country, industry, segment, currency, credit_limit, payment_terms_days, status, created_at, last_contact_at"),
        ["domain.sales_orders"] = Select(
            "domain.sales_orders", "order_id", "order_number, customer_id, priority, status, amount, currency, created_at, requested_date, shipped_at, delivered_at"),
        ["domain.invoices"] = Select(
            "domain.invoices", "invoice_id", "invoice_number, customer_id, order_id, amount, currency, created_at, due_date, disputed, voided_at"),
        ["domain.payments"] = Select(
            "domain.payments", "payment_id", "invoice_id, amount, currency, paid_at, method"),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static IEnumerable<string> Tables => Statements.Keys.Order(StringComparer.Ordinal);

    public static bool Knows(string table) => Statements.ContainsKey(table);

    public Task<Table> ReadAsync(string organization, string table, IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        Dictionary<string, object> parameters = new(StringComparer.Ordinal) { ["organization"] = organization, ["ids"] = ids.ToArray() };
        return statements.RunAsync(new QuestionStatement(Statements[table], parameters), ids.Count, cancellationToken);
    }

    private static string Select(string table, string key, string columns) =>
        $"SELECT {key}, {columns} FROM {table} WHERE organization_id = @organization AND {key} = ANY(@ids) ORDER BY array_position(@ids, {key}::text)";
}
