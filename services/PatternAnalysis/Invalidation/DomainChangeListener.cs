using System.Text.Json;
using Npgsql;

namespace Platform.PatternAnalysis.Invalidation;

/// <summary>
/// Hears of changed orders, invoices and payments on PostgreSQL's channel domain_changes and invalidates the customers. What
/// was missed while the connection was lost is read from app.change_events.
/// </summary>
internal sealed partial class DomainChangeListener(NpgsqlDataSource database, PatternInvalidation invalidation, TimeProvider clock, ILogger<DomainChangeListener> logger) : BackgroundService
{
    private const int CatchUpLimit = 1000;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(15);

    private long? lastEventId;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is NpgsqlException or TimeoutException or InvalidOperationException)
            {
                Log.ListenFailed(logger, exception);
                await Task.Delay(Pause, clock, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        List<string> payloads = [];
        connection.Notification += (_, notification) => payloads.Add(notification.Payload);
        await using (var listen = new NpgsqlCommand("LISTEN domain_changes", connection))
        {
            await listen.ExecuteNonQueryAsync(cancellationToken);
        }

        await CatchUpAsync(connection, cancellationToken);
        while (true)
        {
            foreach (var payload in payloads.ToArray())
            {
                await ApplyAsync(payload, cancellationToken);
            }

            payloads.Clear();
            if (!await connection.WaitAsync(KeepAlive, cancellationToken))
            {
                // Finds a connection that died without a word.
                await CatchUpAsync(connection, cancellationToken);
            }
        }
    }

    private async Task CatchUpAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (lastEventId is null)
        {
            await using var newest = new NpgsqlCommand("SELECT coalesce(max(id), 0) FROM app.change_events", connection);
            lastEventId = (long)(await newest.ExecuteScalarAsync(cancellationToken))!;
            return;
        }

        List<(long Id, string Organization, string Customer)> missed = [];
        await using (var command = new NpgsqlCommand("SELECT id, organization_id, customer_id FROM app.change_events WHERE id > @last ORDER BY id LIMIT @limit", connection))
        {
            command.Parameters.AddWithValue("last", lastEventId.Value);
            command.Parameters.AddWithValue("limit", CatchUpLimit);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                missed.Add((reader.GetInt64(0), reader.GetString(1), reader.GetString(2)));
            }
        }

        foreach (var organization in missed.GroupBy(change => change.Organization))
        {
            var customers = organization.Select(change => change.Customer).Distinct(StringComparer.Ordinal).ToArray();
            await invalidation.InvalidateAsync(organization.Key, missed.Count == CatchUpLimit || customers.Contains("*") ? [] : customers, cancellationToken);
        }

        if (missed.Count > 0)
        {
            lastEventId = missed[^1].Id;
            Log.CaughtUp(logger, missed.Count);
        }
    }

    private async Task ApplyAsync(string payload, CancellationToken cancellationToken)
    {
        try
        {
            if (JsonSerializer.Deserialize<Change>(payload, JsonSerializerOptions.Web) is { OrganizationId: { } organization } change)
            {
                var whole = !change.Complete || change.CustomerIds is null || change.CustomerIds.Contains("*");
                await invalidation.InvalidateAsync(organization, whole ? [] : change.CustomerIds!, cancellationToken);
                lastEventId = Math.Max(lastEventId ?? 0, change.LastEventId);
            }
        }
        catch (JsonException exception)
        {
            Log.UnreadablePayload(logger, exception);
            invalidation.DropAllLocal();
        }
    }

    private sealed record Change(string? OrganizationId, string[]? CustomerIds, bool Complete, long LastEventId);

    private static partial class Log
    {
        [LoggerMessage(EventId = 71, EventName = "DomainListenFailed", Level = LogLevel.Warning, Message = "Changes of the data cannot be listened to; trying again")]
        public static partial void ListenFailed(ILogger logger, Exception exception);

        [LoggerMessage(EventId = 72, EventName = "DomainCaughtUp", Level = LogLevel.Information, Message = "{Count} missed changes of the data were caught up")]
        public static partial void CaughtUp(ILogger logger, int count);

        [LoggerMessage(EventId = 73, EventName = "DomainPayloadUnreadable", Level = LogLevel.Warning, Message = "A notification of changed data could not be read; everything in memory is dropped")]
        public static partial void UnreadablePayload(ILogger logger, Exception exception);
    }
}
