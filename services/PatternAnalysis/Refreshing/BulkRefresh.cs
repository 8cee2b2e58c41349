using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using Platform.Contracts.PatternAnalysis.V1;
using Platform.PatternAnalysis.Detection;
using Platform.PatternAnalysis.Histories;
using Platform.PatternAnalysis.Tiers;

namespace Platform.PatternAnalysis.Refreshing;

/// <summary>
/// Looks anew at many customers: reads a batch, judges it on all threads, and stores it together with how far the run is, in one
/// transaction. A run that was killed goes on after its last batch; nothing is stored twice for one run, and nothing by a replica that has lost the lease.
/// </summary>
internal sealed class BulkRefresh(NpgsqlDataSource database, BatchReader batches, PeerReader peers, DetectionRunner runner, PatternSource foreground, IOptionsMonitor<RefreshOptions> options, TimeProvider clock)
{
    private static readonly TimeSpan ForegroundPause = TimeSpan.FromMilliseconds(50);
    private const int MostForegroundPauses = 20;

    /// <summary>Goes through all customers after the cursor.</summary>
    /// <returns>How many were looked at.</returns>
    /// <exception cref="LeaseLostException">Another replica has taken over.</exception>
    public async Task<int> RunAllAsync(RefreshState state, DateOnly asOf, string cursor, CancellationToken cancellationToken)
    {
        var done = 0;
        var (ids, reading) = await BeginAsync(state.OrganizationId, cursor, asOf, cancellationToken);
        while (ids.Length > 0)
        {
            var started = clock.GetTimestamp();
            var batch = await reading!;

            // The next batch is read while this one is judged and stored.
            var last = ids[^1];
            var following = BeginAsync(state.OrganizationId, last, asOf, cancellationToken);
            try
            {
                done += await StoreAsync(state, batch, last, cancellationToken);
            }
            catch
            {
                await following.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
                throw;
            }

            (ids, reading) = await following;
            await LeaveRoomAsync(clock.GetElapsedTime(started), cancellationToken);
        }

        return done;
    }

    /// <summary>Looks at some customers.</summary>
    /// <exception cref="LeaseLostException">Another replica has taken over.</exception>
    public async Task<int> RunAsync(RefreshState state, IReadOnlyCollection<string> customerIds, DateOnly asOf, CancellationToken cancellationToken)
    {
        var done = 0;
        foreach (var ids in customerIds.Chunk(options.CurrentValue.BatchSize))
        {
            var started = clock.GetTimestamp();
            done += await StoreAsync(state, await batches.ReadAsync(state.OrganizationId, ids, asOf, cancellationToken), null, cancellationToken);
            await LeaveRoomAsync(clock.GetElapsedTime(started), cancellationToken);
        }

        return done;
    }

    private async Task<(string[] Ids, Task<HistoryBatch>? Reading)> BeginAsync(string organizationId, string cursor, DateOnly asOf, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "SELECT customer_id FROM domain.customers WHERE organization_id = @organization AND customer_id > @cursor ORDER BY customer_id LIMIT @size");
        command.Parameters.AddWithValue("organization", organizationId);
        command.Parameters.Add(new NpgsqlParameter("cursor", NpgsqlDbType.Text) { Value = cursor });
        command.Parameters.AddWithValue("size", options.CurrentValue.BatchSize);
        List<string> ids = [];
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            ids.Add(reader.GetString(0));
        }

        return ([.. ids], ids.Count == 0 ? null : batches.ReadAsync(organizationId, [.. ids], asOf, cancellationToken));
    }

    private async Task<int> StoreAsync(RefreshState state, HistoryBatch batch, string? cursor, CancellationToken cancellationToken)
    {
        var computedAt = clock.GetUtcNow();
        var usual = batch.Customers.Count == 0 ? PeerStatistics.None : await peers.FindAsync(state.OrganizationId, batch.Customers[0].History.Subject.AsOf, cancellationToken);
        var found = new (CustomerPatterns Patterns, bool IsComplete)[batch.Customers.Count];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.CurrentValue.Parallelism, CancellationToken = cancellationToken };
        Parallel.For(0, found.Length, parallel, i =>
        {
            var (history, version) = batch.Customers[i];
            var result = runner.Detect(history, usual, version, cancellationToken);
            var key = new PatternKey(state.OrganizationId, history.Subject.CustomerId);
            found[i] = (PatternSource.ToPatterns(key, history.Subject.Name, version, computedAt, result), result.IsComplete);
        });
        var rows = new PatternRows(state.OrganizationId);
        var age = clock.GetElapsedTime(batch.ReadAt);
        var complete = 0;
        foreach (var (patterns, _) in found.Where(one => one.IsComplete))
        {
            rows.Add(new StoredPatterns(patterns.Customer.Id, patterns, batch.Snapshot, age));
            complete++;
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await RefreshLease.ProgressAsync(connection, state, cursor, found.Length, found.Length - complete, options.CurrentValue.LeaseDuration, cancellationToken);
        if (complete > 0)
        {
            await using var store = new NpgsqlBatch(connection, transaction) { BatchCommands = { rows.ToCommand() } };
            await store.ExecuteNonQueryAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return found.Length;
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
