using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using Platform.Caching.Changes;

namespace Platform.PatternAnalysis.Refreshing;

/// <summary>
/// Keeps app.customer_patterns up to date: customers that changed, within seconds, and every customer once a night. It also bounds the outbox of changes.
/// </summary>
internal sealed partial class RefreshWorker(
    NpgsqlDataSource database, RefreshLease leases, BulkRefresh refresh, IOptionsMonitor<RefreshOptions> options, IOptionsMonitor<ChangeFeedOptions> changes, TimeProvider clock, ILogger<RefreshWorker> logger)
    : BackgroundService
{
    private static readonly TimeSpan SweepEvery = TimeSpan.FromHours(1);
    private const int SweepRows = 10_000;

    private readonly string holder = $"{Environment.MachineName}/{Environment.ProcessId}/{Guid.NewGuid().ToString("n")[..8]}";
    private long? sweptAt;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Task.Delay(options.CurrentValue.StartDelay, clock, stoppingToken);
            while (true)
            {
                if (options.CurrentValue.Enabled)
                {
                    await TryAsync(stoppingToken);
                }

                await Task.Delay(options.CurrentValue.PollInterval, clock, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            Log.Stopped(logger);
        }
    }

    /// <summary>Does what is to be done now, for every organization whose lease is free.</summary>
    public async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        foreach (var organization in await OrganizationsAsync(cancellationToken))
        {
            if (await leases.TryTakeAsync(organization, holder, options.CurrentValue.LeaseDuration, cancellationToken) is { } state)
            {
                try
                {
                    await RunAsync(state, cancellationToken);
                }
                catch (LeaseLostException lost)
                {
                    Log.LeaseLost(logger, lost);
                }
                finally
                {
                    // Also when the host stops: another replica goes on at once.
                    using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(2), clock);
                    await leases.ReleaseAsync(state, limit.Token);
                }
            }
        }

        await SweepAsync(cancellationToken);
    }

    private async Task TryAsync(CancellationToken cancellationToken)
    {
        try
        {
            await RunOnceAsync(cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && exception is NpgsqlException or TimeoutException or OperationCanceledException)
        {
            Log.RefreshFailed(logger, exception);
        }
    }

    private async Task RunAsync(RefreshState state, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var today = DateOnly.FromDateTime(now);
        var isUnfinished = state.Cursor is not null && state.AsOf == today;
        var isDue = state.AsOf is null || (state.AsOf < today && now.TimeOfDay >= options.CurrentValue.NightlyAt);
        var snapshot = await CurrentSnapshotAsync(cancellationToken);
        var changed = state.ChangesSnapshot is null ? [] : await ChangedAsync(state, cancellationToken);
        if (isUnfinished || isDue || changed.Contains("*"))
        {
            if (!isUnfinished)
            {
                await leases.BeginAsync(state, today, cancellationToken);
            }

            var done = await refresh.RunAllAsync(state, today, isUnfinished ? state.Cursor! : "", cancellationToken);
            await leases.EndAsync(state, cancellationToken);
            Log.RanAll(logger, done, state.OrganizationId);
        }
        else if (changed.Count > 0)
        {
            Log.RanChanged(logger, await refresh.RunAsync(state, changed, today, cancellationToken), state.OrganizationId);
        }

        // What changed meanwhile is found the next time. An unchanged position is not written again and again.
        if (state.ChangesSnapshot is null || changed.Count > 0)
        {
            await leases.AdvanceAsync(state, snapshot, cancellationToken);
        }
    }

    // Customers that were looked at before and whose row does not contain the change yet.
    private async Task<List<string>> ChangedAsync(RefreshState state, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("""
            SELECT DISTINCT e.customer_id
            FROM app.change_events e
            LEFT JOIN app.customer_patterns p ON p.organization_id = e.organization_id AND p.customer_id = e.customer_id AND p.pattern_type = '_outcomes'
            WHERE e.organization_id = @organization AND e.transaction_id >= pg_snapshot_xmin(@since::pg_snapshot) AND NOT pg_visible_in_snapshot(e.transaction_id, @since::pg_snapshot)
              AND (e.customer_id = '*' OR (p.customer_id IS NOT NULL AND (p.read_snapshot IS NULL OR NOT pg_visible_in_snapshot(e.transaction_id, p.read_snapshot))))
            """);
        command.Parameters.AddWithValue("organization", state.OrganizationId);
        command.Parameters.Add(new NpgsqlParameter("since", NpgsqlDbType.Text) { Value = state.ChangesSnapshot });
        return await ListAsync(command, cancellationToken);
    }

    private async Task<string> CurrentSnapshotAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await ChangeOutbox.CurrentSnapshotAsync(connection, cancellationToken);
    }

    // From key to key: as cheap as there are organizations, whatever the number of customers.
    private async Task<List<string>> OrganizationsAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("""
            WITH RECURSIVE organizations AS (
              SELECT min(organization_id) AS organization_id FROM domain.customers
              UNION ALL
              SELECT (SELECT min(c.organization_id) FROM domain.customers c WHERE c.organization_id > o.organization_id) FROM organizations o WHERE o.organization_id IS NOT NULL)
            SELECT organization_id FROM organizations WHERE organization_id IS NOT NULL
            """);
        return await ListAsync(command, cancellationToken);
    }

    private static async Task<List<string>> ListAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        List<string> values = [];
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            values.Add(reader.GetString(0));
        }

        return values;
    }

    private async Task SweepAsync(CancellationToken cancellationToken)
    {
        if (sweptAt is { } at && clock.GetElapsedTime(at) < SweepEvery)
        {
            return;
        }

        sweptAt = clock.GetTimestamp();
        var swept = 0;
        int rows;
        do
        {
            await using var command = database.CreateCommand("""
                DELETE FROM app.change_events WHERE id IN (SELECT id FROM app.change_events WHERE changed_at < clock_timestamp() - @retention ORDER BY changed_at LIMIT @rows FOR UPDATE SKIP LOCKED)
                """);
            command.Parameters.AddWithValue("retention", changes.CurrentValue.Retention);
            command.Parameters.AddWithValue("rows", SweepRows);
            rows = await command.ExecuteNonQueryAsync(cancellationToken);
            swept += rows;
        }
        while (rows == SweepRows);
        if (swept > 0)
        {
            Log.Swept(logger, swept);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 91, EventName = "PatternRefreshFailed", Level = LogLevel.Warning, Message = "Patterns could not be refreshed; trying again")]
        public static partial void RefreshFailed(ILogger logger, Exception exception);

        [LoggerMessage(EventId = 92, EventName = "PatternRefreshLeaseLost", Level = LogLevel.Information, Message = "The refresh of patterns was taken over")]
        public static partial void LeaseLost(ILogger logger, Exception exception);

        [LoggerMessage(EventId = 93, EventName = "PatternsRefreshed", Level = LogLevel.Information, Message = "All {Count} customers of {OrganizationId} were looked at anew")]
        public static partial void RanAll(ILogger logger, int count, string organizationId);

        [LoggerMessage(EventId = 94, EventName = "ChangedPatternsRefreshed", Level = LogLevel.Information, Message = "{Count} changed customers of {OrganizationId} were looked at anew")]
        public static partial void RanChanged(ILogger logger, int count, string organizationId);

        [LoggerMessage(EventId = 95, EventName = "ChangeEventsSwept", Level = LogLevel.Information, Message = "{Count} old change events were removed")]
        public static partial void Swept(ILogger logger, int count);

        [LoggerMessage(EventId = 96, EventName = "PatternRefreshStopped", Level = LogLevel.Debug, Message = "Patterns are no longer refreshed")]
        public static partial void Stopped(ILogger logger);
    }
}
