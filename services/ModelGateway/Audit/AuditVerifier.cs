namespace Platform.ModelGateway.Audit;

/// <summary>What a verification found.</summary>
/// <param name="Rows">Rows read.</param>
/// <param name="Shards">Chains.</param>
/// <param name="Unproven">Rows after the last checkpoint of their chain: whether rows were cut off after them cannot be told.</param>
/// <param name="Problems">Each names shard and sequence; empty when nothing was tampered with.</param>
internal sealed record AuditReport(long Rows, int Shards, long Unproven, IReadOnlyList<string> Problems);

/// <summary>Recomputes the chains and compares them with checkpoints that were kept elsewhere.</summary>
internal static class AuditVerifier
{
    private const int MostProblems = 100;

    /// <param name="rows">By shard and sequence.</param>
    /// <param name="keys">The key of the log, and older ones. Without any, rows must be unsigned.</param>
    /// <param name="checkpoints">As they were exported, in any order.</param>
    /// <param name="cancellationToken">Ends it.</param>
    internal static async Task<AuditReport> VerifyAsync(
        IAsyncEnumerable<AuditRow> rows, IReadOnlyList<AuditKey> keys, IReadOnlyList<AuditCheckpoint> checkpoints, CancellationToken cancellationToken)
    {
        var problems = new List<string>();
        var byId = keys.DefaultIfEmpty(AuditKey.None).ToDictionary(key => key.Id, StringComparer.Ordinal);
        var expected = Trusted(checkpoints, byId, problems);
        var ends = new SortedDictionary<int, long>();
        var shards = new HashSet<int>();
        var count = 0L;
        AuditRow? previous = null;
        await foreach (var row in rows.WithCancellation(cancellationToken))
        {
            count++;
            var before = previous is not null && previous.Shard == row.Shard ? previous : null;
            shards.Add(row.Shard);
            Check(row, before, byId, expected, problems);
            ends[row.Shard] = row.Sequence;
            previous = row;
        }

        foreach (var (place, _) in expected.OrderBy(entry => entry.Key))
        {
            problems.Add($"shard {place.Shard}: row {place.Sequence} is missing, of which there is a checkpoint");
        }

        var proven = checkpoints.GroupBy(checkpoint => checkpoint.Shard).ToDictionary(group => group.Key, group => group.Max(checkpoint => checkpoint.Sequence));
        var unproven = ends.Sum(end => Math.Max(0, end.Value - proven.GetValueOrDefault(end.Key)));
        return new AuditReport(count, shards.Count, unproven, problems.Count <= MostProblems ? problems : [.. problems.Take(MostProblems), $"and {problems.Count - MostProblems} more"]);
    }

    /// <summary>Adds what is wrong with a row, given the one before it in its shard; null before the first.</summary>
    internal static void Check(
        AuditRow row, AuditRow? before, IReadOnlyDictionary<string, AuditKey> keys, Dictionary<(int Shard, long Sequence), string> expected, List<string> problems)
    {
        var place = $"shard {row.Shard}: row {row.Sequence}";
        var next = (before?.Sequence ?? 0) + 1;
        if (row.Sequence != next)
        {
            problems.Add($"{place} follows {next - 1}: rows are missing or out of order");
        }

        if (!row.PreviousHash.AsSpan().SequenceEqual(before?.Hash ?? AuditRow.Genesis))
        {
            problems.Add($"{place} does not follow the row before it");
        }

        if (!keys.TryGetValue(row.KeyId, out var key))
        {
            problems.Add(row.KeyId.Length == 0 ? $"{place} is not signed" : $"{place} is signed with a key that was not given ({row.KeyId})");
        }
        else if (!row.ComputeHash(key).AsSpan().SequenceEqual(row.Hash))
        {
            problems.Add($"{place} was changed");
        }

        if (expected.Remove((row.Shard, row.Sequence), out var hash) && !string.Equals(hash, Convert.ToHexStringLower(row.Hash), StringComparison.Ordinal))
        {
            problems.Add($"{place} is not the one of which there is a checkpoint");
        }
    }

    private static Dictionary<(int Shard, long Sequence), string> Trusted(
        IReadOnlyList<AuditCheckpoint> checkpoints, Dictionary<string, AuditKey> keys, List<string> problems)
    {
        var trusted = new Dictionary<(int, long), string>();
        foreach (var checkpoint in checkpoints)
        {
            if (!keys.TryGetValue(checkpoint.KeyId, out var key) || !checkpoint.IsSignedBy(key))
            {
                problems.Add($"the checkpoint of shard {checkpoint.Shard}, row {checkpoint.Sequence}, is not signed with a key that was given");
            }
            else if (trusted.TryGetValue((checkpoint.Shard, checkpoint.Sequence), out var hash) && hash != checkpoint.Hash)
            {
                problems.Add($"shard {checkpoint.Shard}: row {checkpoint.Sequence} has two different checkpoints");
            }
            else
            {
                trusted[(checkpoint.Shard, checkpoint.Sequence)] = checkpoint.Hash;
            }
        }

        return trusted;
    }
}
