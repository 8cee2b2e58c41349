using Microsoft.Extensions.Options;
using Npgsql;
using Platform.PatternAnalysis.Detection;
using Platform.PatternAnalysis.Histories;
using Platform.PatternAnalysis.Histories.Bulk;
using Platform.PatternAnalysis.Tiers;

namespace Platform.PatternAnalysis.Refreshing;

/// <summary>
/// Looks anew at many customers: reads as many histories as memory holds, judges them in batches on all threads, and stores each batch together with how
/// far the run is, in one transaction, while the next ones are judged and stored. Batches are committed in their order. A run that was killed goes on after its last
/// batch; nothing is stored twice for one run, and nothing by a replica that has lost the lease.
/// </summary>
internal sealed class BulkRefresh(NpgsqlDataSource database, BulkReader histories, PeerReader peers, DetectionRunner runner, PatternSource foreground, IOptionsMonitor<RefreshOptions> options, TimeProvider clock)
{
    private static readonly TimeSpan ForegroundPause = TimeSpan.FromMilliseconds(50);
    private const int MostForegroundPauses = 20;

    /// <summary>Goes through all customers after the cursor.</summary>
    /// <returns>How many were looked at.</returns>
    /// <exception cref="LeaseLostException">Another replica has taken over.</exception>
    public async Task<int> RunAllAsync(RefreshState state, DateOnly asOf, string cursor, CancellationToken cancellationToken)
    {
        var done = 0;
        while (true)
        {
            var started = clock.GetTimestamp();
            var read = await histories.ReadAfterAsync(
                state.OrganizationId, cursor, asOf, options.CurrentValue.RowsInMemory, () => KeepLeaseAsync(state, cancellationToken), cancellationToken);
            if (read.Count > 0)
            {
                await LeaveRoomAsync(clock.GetElapsedTime(started), cancellationToken);
                done += await JudgeAsync(state, read, asOf, isWhole: true, cancellationToken);
                cursor = read.CustomerId(read.Count - 1);
            }

            if (read.IsLast)
            {
                return done;
            }
        }
    }

    /// <summary>Looks at some customers.</summary>
    /// <exception cref="LeaseLostException">Another replica has taken over.</exception>
    public async Task<int> RunAsync(RefreshState state, IReadOnlyCollection<string> customerIds, DateOnly asOf, CancellationToken cancellationToken)
    {
        var done = 0;
        foreach (var ids in customerIds.Chunk(options.CurrentValue.BatchSize))
        {
            done += await JudgeAsync(state, await histories.ReadAsync(state.OrganizationId, ids, asOf, cancellationToken), asOf, isWhole: false, cancellationToken);
        }

        return done;
    }

    private async Task<int> JudgeAsync(RefreshState state, BulkHistories read, DateOnly asOf, bool isWhole, CancellationToken cancellationToken)
    {
        var usual = await FindPeersAsync(state.OrganizationId, read, asOf, cancellationToken);
        var (before, storing) = (Task.CompletedTask, Task.CompletedTask);
        try
        {
            for (var from = 0; from < read.Count; from += options.CurrentValue.BatchSize)
            {
                var started = clock.GetTimestamp();
                var until = Math.Min(read.Count, from + options.CurrentValue.BatchSize);
                var found = Judge(state.OrganizationId, read, from, until, usual, cancellationToken);
                await before;
                before = storing;
                storing = StoreAsync(state, read, found, isWhole ? read.CustomerId(until - 1) : null, before, cancellationToken);
                await LeaveRoomAsync(clock.GetElapsedTime(started), cancellationToken);
            }
        }
        finally
        {
            // The later one ends after the earlier one, and with its fault.
            await storing;
        }

        return read.Count;
    }

    // Counting orders takes the server longer than reading them, and here they are.
    private async Task<PeerStatistics> FindPeersAsync(string organizationId, BulkHistories read, DateOnly asOf, CancellationToken cancellationToken) => read.IsWhole
        ? read.PeerOrders() with { Payments = (await peers.FindAsync(organizationId, asOf, HistoryParts.PeerPayments, cancellationToken)).Payments }
        : await peers.FindAsync(organizationId, asOf, cancellationToken);

    /// <returns>Rows of each customer; null where a detector failed: such a result is not kept.</returns>
    private PatternRow[]?[] Judge(string organizationId, BulkHistories read, int from, int until, PeerStatistics usual, CancellationToken cancellationToken)
    {
        var computedAt = clock.GetUtcNow();
        var found = new PatternRow[]?[until - from];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.CurrentValue.Parallelism, CancellationToken = cancellationToken };
        Parallel.For(0, found.Length, parallel, i =>
        {
            var history = read[from + i];
            var result = runner.Detect(history, usual, cancellationToken);
            var key = new PatternKey(organizationId, history.Subject.CustomerId);
            found[i] = result.IsComplete ? PatternRow.Of(key, PatternSource.ToPatterns(key, history.Subject.Name, computedAt, result), read.Snapshot) : null;
        });
        return found;
    }

    // The lease is asked for last: its row is locked from then on, and batches that are stored side by side would wait for each other.
    private async Task StoreAsync(RefreshState state, BulkHistories read, PatternRow[]?[] found, string? cursor, Task before, CancellationToken cancellationToken)
    {
        var rows = new PatternRows(state.OrganizationId, read.Snapshot, clock.GetElapsedTime(read.ReadAt));
        var failed = 0;
        foreach (var customer in found)
        {
            failed += customer is null ? 1 : 0;
            rows.Add(customer ?? []);
        }

        try
        {
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            if (rows.Count > 0)
            {
                // What a crash of the server takes away is a few batches together with the word that they were done.
                await using var store = new NpgsqlBatch(connection, transaction) { BatchCommands = { new NpgsqlBatchCommand("SET LOCAL synchronous_commit = off"), rows.ToCommand() } };
                await store.ExecuteNonQueryAsync(cancellationToken);
            }

            await before;
            await RefreshLease.ProgressAsync(connection, state, cursor, found.Length, failed, options.CurrentValue.LeaseDuration, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
        finally
        {
            await before;
        }
    }

    private async Task KeepLeaseAsync(RefreshState state, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await RefreshLease.ProgressAsync(connection, state, null, 0, 0, options.CurrentValue.LeaseDuration, cancellationToken);
    }

    // Questions come first: the worker rests in proportion to its work, and longer while somebody waits for a computation.
    private async Task LeaveRoomAsync(TimeSpan worked, CancellationToken cancellationToken)
    {
        var rest = worked * ((1 / options.CurrentValue.DutyCycle) - 1);
        var longest = options.CurrentValue.LeaseDuration / 3;
        if (rest > TimeSpan.Zero)
        {
            await Task.Delay(rest < longest ? rest : longest, clock, cancellationToken);
        }

        for (var pause = 0; pause < MostForegroundPauses && foreground.Running > 0; pause++)
        {
            await Task.Delay(ForegroundPause, clock, cancellationToken);
        }
    }
}
