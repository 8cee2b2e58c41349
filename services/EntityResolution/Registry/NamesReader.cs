using System.Data;
using Npgsql;
using NpgsqlTypes;
using Platform.EntityResolution.Index;
using Platform.EntityResolution.Names;

namespace Platform.EntityResolution.Registry;

/// <summary>All names of an organization; without them when there are too many, or they are those that were known.</summary>
internal sealed record NamesRead(NamesFingerprint Fingerprint, NameIndex? Names);

/// <summary>Changed customers that are there now, with their fingerprint and that of the rows they replace.</summary>
internal sealed record CustomersRead(IReadOnlyList<RegisteredCustomer> Customers, NamesFingerprint Added, NamesFingerprint Removed);

/// <summary>Reads the names and aliases that are held in memory. Every statement is bound to one organization.</summary>
internal sealed class NamesReader(NpgsqlDataSource database)
{
    private const string RowHash = "hashtextextended(customer_id || chr(31) || name, 0)::numeric";

    /// <summary>
    /// Reads all names, as a stream, unless their fingerprint is the one that is known; without names when there are more than
    /// <paramref name="limit"/>, or nothing changed.
    /// </summary>
    public async Task<NamesRead> ReadNamesAsync(string organization, int limit, NamesFingerprint? known, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        // The names and their fingerprint are of one moment.
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        NamesFingerprint fingerprint;
        await using (var command = new NpgsqlCommand($"SELECT count(*), coalesce(sum({RowHash}), 0) FROM domain.customers WHERE organization_id = $1", connection))
        {
            command.Parameters.Add(new() { Value = organization });
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            await reader.ReadAsync(cancellationToken);
            fingerprint = new NamesFingerprint(reader.GetInt64(0), reader.GetDecimal(1));
        }

        if (fingerprint == known || fingerprint.Count > limit)
        {
            return new NamesRead(fingerprint, null);
        }

        var names = new NameIndexBuilder();
        await using (var command = new NpgsqlCommand("SELECT customer_id, name FROM domain.customers WHERE organization_id = $1", connection))
        {
            command.Parameters.Add(new() { Value = organization });
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                names.Add(reader.GetString(0), reader.GetString(1));
            }
        }

        return new NamesRead(fingerprint, names.Build());
    }

    /// <summary>Reads the customers that changed, and how the fingerprint moves when they replace <paramref name="known"/>.</summary>
    public async Task<CustomersRead> ReadCustomersAsync(
        string organization, IReadOnlyCollection<string> ids, IReadOnlyCollection<RegisteredCustomer> known, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new NpgsqlBatchCommand($"SELECT customer_id, name, {RowHash} FROM domain.customers WHERE organization_id = $1 AND customer_id = ANY ($2)")
                {
                    Parameters = { new() { Value = organization }, TextArray([.. ids]) },
                },
                new NpgsqlBatchCommand($"SELECT count(*), coalesce(sum({RowHash}), 0) FROM unnest($1, $2) AS known (customer_id, name)")
                {
                    Parameters = { TextArray([.. known.Select(k => k.Id)]), TextArray([.. known.Select(k => k.Name)]) },
                },
            },
        };
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var customers = new List<RegisteredCustomer>();
        var sum = 0m;
        while (await reader.ReadAsync(cancellationToken))
        {
            customers.Add(new RegisteredCustomer(reader.GetString(0), reader.GetString(1), NameText.Normalize(reader.GetString(1))));
            sum += reader.GetDecimal(2);
        }

        await reader.NextResultAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new CustomersRead(customers, new NamesFingerprint(customers.Count, sum), new NamesFingerprint(reader.GetInt64(0), reader.GetDecimal(1)));
    }

    public async Task<List<RegisteredAlias>> ReadAliasesAsync(string organization, int limit, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT id, alias_key, entity_type, entity_id FROM app.entity_aliases WHERE organization_id = $1 LIMIT $2");
        command.Parameters.Add(new() { Value = organization });
        command.Parameters.Add(new() { Value = (long)limit });
        var aliases = new List<RegisteredAlias>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            aliases.Add(ReadAlias(reader));
        }

        return aliases;
    }

    internal static RegisteredAlias ReadAlias(NpgsqlDataReader reader) =>
        new(reader.GetGuid(0), reader.GetString(1), reader.GetString(2), reader.GetString(3));

    private static NpgsqlParameter TextArray(string[] values) => new() { Value = values, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };
}
