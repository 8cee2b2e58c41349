using Npgsql;

namespace Platform.ModelGateway.Audit;

/// <summary>
/// Appends to one shard. Where its end is, it remembers from its own last write; the primary key tells when another writer was faster,
/// and then it goes to the next shard, so that replicas spread by themselves.
/// </summary>
internal sealed class AuditChain(AuditStore store, AuditKey key, int shards, int firstShard)
{
    private int _shard = firstShard % shards;
    private (long Sequence, byte[] Hash)? _end;
    private AuditRow? _pending;

    /// <summary>Chains the entries and commits them in one statement.</summary>
    /// <returns>The last row.</returns>
    internal async Task<AuditRow> AppendAsync(IReadOnlyList<AuditEntry> entries, CancellationToken cancellationToken)
    {
        while (true)
        {
            _end ??= await store.LastAsync(_shard, cancellationToken) ?? (0, AuditRow.Genesis);
            var rows = Chain(entries, _end.Value);
            try
            {
                await store.AddAsync(rows, cancellationToken);
                _end = (rows[^1].Sequence, rows[^1].Hash);
                return rows[^1];
            }
            catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.UniqueViolation)
            {
                _end = null;
                _shard = (_shard + 1) % shards;
            }
            catch
            {
                // Whether it was committed is not known when the connection broke: the row in this place tells.
                _pending = rows[^1];
                throw;
            }
        }
    }

    /// <summary>After a failure: the last row when the rows are in the table all the same; null when they are not.</summary>
    internal async Task<AuditRow?> RecoverAsync(CancellationToken cancellationToken)
    {
        if (_pending is not { } pending)
        {
            return null;
        }

        var hash = await store.HashAsync(pending.Shard, pending.Sequence, cancellationToken);
        (_pending, _end) = (null, null);
        return hash is not null && hash.AsSpan().SequenceEqual(pending.Hash) ? pending : null;
    }

    private List<AuditRow> Chain(IReadOnlyList<AuditEntry> entries, (long Sequence, byte[] Hash) end)
    {
        var rows = new List<AuditRow>(entries.Count);
        foreach (var entry in entries)
        {
            var row = AuditRow.After(_shard, end.Sequence + 1, end.Hash, entry, key);
            rows.Add(row);
            end = (row.Sequence, row.Hash);
        }

        return rows;
    }
}
