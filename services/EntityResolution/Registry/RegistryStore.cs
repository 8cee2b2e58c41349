using Npgsql;
using NpgsqlTypes;

namespace Platform.EntityResolution.Registry;

/// <summary>What makes candidates distinguishable to a reader.</summary>
internal sealed record CustomerFacts(string CustomerId, string? City, string? Country, DateOnly? LastOrder, decimal Balance, string Currency);

/// <summary>An order or invoice that was asked for by number.</summary>
internal sealed record NumberedDocument(string EntityType, string Id, string Number, string CustomerId, string CustomerName);

/// <summary>A name that pg_trgm finds alike, with the index of the span that it was looked up for.</summary>
internal sealed record SimilarName(int Span, string CustomerId, string Name);

/// <summary>What one round trip brought back.</summary>
internal sealed record LookupResult(
    IReadOnlyList<SimilarName> Similar,
    IReadOnlyList<RegisteredAlias> Aliases,
    IReadOnlyList<NumberedDocument> Documents,
    IReadOnlyList<(string Id, string Name)> Customers)
{
    public static LookupResult Nothing { get; } = new([], [], [], []);

    /// <summary>Names of customers that the aliases mean, by id: what the snapshot lacks while it is read.</summary>
    public IReadOnlyDictionary<string, string> AliasedCustomers { get; init; } = new Dictionary<string, string>();
}

/// <summary>Looks names and documents of an organization up in PostgreSQL. Every statement is bound to one organization.</summary>
internal sealed class RegistryStore(NpgsqlDataSource database)
{
    private const string SimilarSql = """
        SELECT q.n, c.customer_id, c.name
        FROM unnest($2) WITH ORDINALITY AS q (text, n)
        CROSS JOIN LATERAL (
            SELECT customer_id, name
            FROM domain.customers
            WHERE organization_id = $1 AND q.text <% name
            ORDER BY word_similarity(q.text, name) DESC, similarity(q.text, name) DESC, name
            LIMIT $3) AS c
        """;

    private const string DocumentsSql = """
        SELECT 'invoice', d.invoice_id, d.invoice_number, c.customer_id, c.name
        FROM domain.invoices d JOIN domain.customers c USING (organization_id, customer_id)
        WHERE organization_id = $1 AND d.invoice_number = ANY ($2)
        UNION ALL
        SELECT 'order', d.order_id, d.order_number, c.customer_id, c.name
        FROM domain.sales_orders d JOIN domain.customers c USING (organization_id, customer_id)
        WHERE organization_id = $1 AND d.order_number = ANY ($2)
        LIMIT 100
        """;

    private const string FactsSql = """
        SELECT c.customer_id, c.city, c.country, c.currency,
               (SELECT max(o.created_at AT TIME ZONE 'UTC')::date FROM domain.sales_orders o
                WHERE o.organization_id = $1 AND o.customer_id = c.customer_id AND o.status <> 'cancelled'),
               coalesce((SELECT sum(i.amount - coalesce((SELECT sum(p.amount) FROM domain.payments p
                                                         WHERE p.organization_id = $1 AND p.invoice_id = i.invoice_id), 0))
                         FROM domain.invoices i
                         WHERE i.organization_id = $1 AND i.customer_id = c.customer_id AND i.voided_at IS NULL), 0)
        FROM domain.customers c
        WHERE c.organization_id = $1 AND c.customer_id = ANY ($2)
        """;

    /// <summary>Everything that a text may need from the database, in one round trip.</summary>
    /// <param name="organization">Whose rows.</param>
    /// <param name="spans">Texts to find similar names for.</param>
    /// <param name="aliasKeys">Normalised texts that may be aliases.</param>
    /// <param name="numbers">Texts that may be order or invoice numbers.</param>
    /// <param name="ids">Texts that may be customer ids.</param>
    /// <param name="limit">Most similar names for one span.</param>
    /// <param name="wordThreshold">pg_trgm.word_similarity_threshold for this lookup.</param>
    /// <param name="cancellationToken">The caller's.</param>
    public async Task<LookupResult> LookupAsync(
        string organization, string[] spans, string[] aliasKeys, string[] numbers, string[] ids, int limit, double wordThreshold, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        var organizationParameter = () => new NpgsqlParameter { Value = organization };

        // A batch is one transaction, so the setting ends with it.
        batch.BatchCommands.Add(new NpgsqlBatchCommand("SELECT set_config('pg_trgm.word_similarity_threshold', $1, true)")
        {
            Parameters = { new() { Value = wordThreshold.ToString("0.00", System.Globalization.CultureInfo.InvariantCulture) } },
        });
        batch.BatchCommands.Add(new NpgsqlBatchCommand(SimilarSql)
        {
            Parameters = { organizationParameter(), TextArray(spans), new() { Value = limit } },
        });
        batch.BatchCommands.Add(new NpgsqlBatchCommand("""
            SELECT a.id, a.alias_key, a.entity_type, a.entity_id, c.name
            FROM app.entity_aliases a
            LEFT JOIN domain.customers c ON a.entity_type = 'customer' AND c.organization_id = a.organization_id AND c.customer_id = a.entity_id
            WHERE a.organization_id = $1 AND a.alias_key = ANY ($2)
            """)
        {
            Parameters = { organizationParameter(), TextArray(aliasKeys) },
        });
        if (numbers.Length > 0)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand(DocumentsSql) { Parameters = { organizationParameter(), TextArray(numbers) } });
            batch.BatchCommands.Add(new NpgsqlBatchCommand("SELECT customer_id, name FROM domain.customers WHERE organization_id = $1 AND customer_id = ANY ($2)")
            {
                Parameters = { organizationParameter(), TextArray(ids) },
            });
        }

        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        var similar = new List<SimilarName>();
        while (await reader.ReadAsync(cancellationToken))
        {
            similar.Add(new SimilarName((int)reader.GetInt64(0) - 1, reader.GetString(1), reader.GetString(2)));
        }

        await reader.NextResultAsync(cancellationToken);
        var aliases = new List<RegisteredAlias>();
        var aliased = new Dictionary<string, string>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
        {
            var alias = NamesReader.ReadAlias(reader);
            aliases.Add(alias);
            if (!reader.IsDBNull(4))
            {
                aliased[alias.EntityId] = reader.GetString(4);
            }
        }

        var documents = new List<NumberedDocument>();
        var customers = new List<(string, string)>();
        if (numbers.Length > 0)
        {
            await reader.NextResultAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                documents.Add(new NumberedDocument(reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetString(4)));
            }

            await reader.NextResultAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                customers.Add((reader.GetString(0), reader.GetString(1)));
            }
        }

        return new LookupResult(similar, aliases, documents, customers) { AliasedCustomers = aliased };
    }

    /// <summary>What tells the customers apart, by id.</summary>
    public async Task<Dictionary<string, CustomerFacts>> ReadFactsAsync(string organization, string[] ids, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(FactsSql);
        command.Parameters.Add(new() { Value = organization });
        command.Parameters.Add(TextArray(ids));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var facts = new Dictionary<string, CustomerFacts>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
        {
            var id = reader.GetString(0);
            facts[id] = new CustomerFacts(
                id,
                reader.IsDBNull(1) ? null : reader.GetString(1),
                reader.IsDBNull(2) ? null : reader.GetString(2),
                reader.IsDBNull(4) ? null : reader.GetFieldValue<DateOnly>(4),
                reader.GetDecimal(5),
                reader.GetString(3));
        }

        return facts;
    }

    /// <summary>Names by prefix of any word, then by likeness.</summary>
    public async Task<List<(string Id, string Name)>> SuggestAsync(string organization, string prefix, int limit, double wordThreshold, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new NpgsqlBatchCommand("SELECT set_config('pg_trgm.word_similarity_threshold', $1, true)")
                {
                    Parameters = { new() { Value = wordThreshold.ToString("0.00", System.Globalization.CultureInfo.InvariantCulture) } },
                },
                new NpgsqlBatchCommand("""
                    SELECT customer_id, name
                    FROM domain.customers
                    WHERE organization_id = $1 AND (name ILIKE $3 OR name ILIKE $4 OR $2 <% name)
                    ORDER BY name ILIKE $3 DESC, name ILIKE $4 DESC, word_similarity($2, name) DESC, length(name), name
                    LIMIT $5
                    """)
                {
                    Parameters =
                    {
                        new() { Value = organization },
                        new() { Value = prefix },
                        new() { Value = Escape(prefix) + "%" },
                        new() { Value = "% " + Escape(prefix) + "%" },
                        new() { Value = limit },
                    },
                },
            },
        };
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        var found = new List<(string, string)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            found.Add((reader.GetString(0), reader.GetString(1)));
        }

        return found;
    }

    /// <summary>Display name of an entity, or null when the organization has none of that id.</summary>
    public async Task<string?> FindNameAsync(string organization, string entityType, string id, CancellationToken cancellationToken)
    {
        var sql = entityType switch
        {
            "customer" => "SELECT name FROM domain.customers WHERE organization_id = $1 AND customer_id = $2",
            "order" => "SELECT order_number FROM domain.sales_orders WHERE organization_id = $1 AND order_id = $2",
            "invoice" => "SELECT invoice_number FROM domain.invoices WHERE organization_id = $1 AND invoice_id = $2",
            "payment" => "SELECT payment_id FROM domain.payments WHERE organization_id = $1 AND payment_id = $2",
            _ => throw new ArgumentOutOfRangeException(nameof(entityType), entityType, "Not an entity type."),
        };
        await using var command = database.CreateCommand(sql);
        command.Parameters.Add(new() { Value = organization });
        command.Parameters.Add(new() { Value = id });
        return (string?)await command.ExecuteScalarAsync(cancellationToken);
    }

    private static NpgsqlParameter TextArray(string[] values) => new() { Value = values, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };

    private static string Escape(string text) =>
        text.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal);
}
