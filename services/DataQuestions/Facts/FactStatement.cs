using System.Collections.Concurrent;
using Npgsql;
using NpgsqlTypes;

namespace Platform.DataQuestions.Facts;

/// <summary>The SQL of facts about one scope, and its parameters.</summary>
internal static class FactStatement
{
    // Texts are built once: every answer carries some thirty of them.
    private static readonly ConcurrentDictionary<(FactScope Scope, FactProvider Provider), string> Singles = new();
    private static readonly ConcurrentDictionary<FactProvider, string> Selects = new();
    private static readonly ConcurrentDictionary<(FactScope Scope, string Table), string> SharedSources = new();

    public const string Columns = "entity_id, currency, part, amount, quantity, items, day, text, row_ids, total_rows";

    /// <summary>One statement for all kinds: the shared sources are computed once and each row names its kind.</summary>
    public static string Combined(FactScope scope, IReadOnlyList<FactProvider> providers) =>
        FactSources.With(scope, [.. providers.Select(provider => provider.Select)]) + "\n" + string.Join(
            "\nUNION ALL\n",
            providers.Select(provider => $"SELECT '{provider.Name}' AS kind, {Columns} FROM (\n{provider.Select}\n) {provider.Name}"));

    /// <summary>The statement of one kind, shown as evidence: it reproduces the figure.</summary>
    public static string Single(FactScope scope, FactProvider provider) =>
        Singles.GetOrAdd((scope, provider), static key => FactSources.With(key.Scope, key.Provider.Select) + "\n" + key.Provider.Select);

    /// <summary>The same without its sources, which <see cref="Sources"/> has.</summary>
    public static string WithoutSources(FactProvider provider) => Selects.GetOrAdd(provider, static provider => provider.Select);

    /// <summary>The WITH clause of all kinds that read one table in a scope.</summary>
    public static string Sources(FactScope scope, string table) => SharedSources.GetOrAdd((scope, table), static key =>
        FactSources.With(key.Scope, [.. FactCatalog.For(key.Scope).Where(provider => provider.Table == key.Table).Select(provider => provider.Select)]));

    /// <summary>Finds the entities themselves: id, name and currency.</summary>
    public static string Subjects(FactScope scope) => scope switch
    {
        FactScope.Customer => "SELECT customer_id, name, currency::text FROM domain.customers WHERE organization_id = @organization AND customer_id = ANY(@ids)",
        FactScope.Order => "SELECT order_id, order_number, currency::text FROM domain.sales_orders WHERE organization_id = @organization AND order_id = ANY(@ids)",
        FactScope.Invoice => "SELECT invoice_id, invoice_number, currency::text FROM domain.invoices WHERE organization_id = @organization AND invoice_id = ANY(@ids)",
        _ => throw new ArgumentOutOfRangeException(nameof(scope), scope, "No entities of their own"),
    };

    public static void Bind(NpgsqlParameterCollection parameters, string sql, string organization, IReadOnlyList<string> ids, DateOnly asOf)
    {
        parameters.Add(new NpgsqlParameter("organization", NpgsqlDbType.Text) { Value = organization });
        if (sql.Contains("@ids", StringComparison.Ordinal))
        {
            parameters.Add(new NpgsqlParameter("ids", NpgsqlDbType.Array | NpgsqlDbType.Text) { Value = ids.ToArray() });
        }

        if (sql.Contains("@as_of", StringComparison.Ordinal))
        {
            parameters.Add(new NpgsqlParameter("as_of", NpgsqlDbType.Date) { Value = asOf });
        }

        if (sql.Contains("@until", StringComparison.Ordinal))
        {
            parameters.Add(new NpgsqlParameter("until", NpgsqlDbType.TimestampTz) { Value = asOf.AddDays(1).ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc) });
        }
    }
}
