using System.Text.Json;
using Npgsql;

namespace Platform.EntityResolution.Registry;

/// <summary>
/// Hears of changed customers (channel domain_changes) and aliases (alias_changes). After every connection, the first too, all
/// names in memory are compared with the database, because changes may have been missed before it.
/// </summary>
internal sealed partial class RegistryChanges(NpgsqlDataSource database, RegistryCache cache, TimeProvider time, ILogger<RegistryChanges> log) : BackgroundService
{
    private const string Customers = "domain_changes";
    private const string Aliases = "alias_changes";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan KeepAliveLimit = TimeSpan.FromSeconds(5);

    private bool _lost;

    /// <summary>True while changes are heard at once; without that they are found by interval.</summary>
    public bool Connected { get; private set; }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested && (RegistryCache.IsDatabaseAway(exception) || exception is InvalidOperationException or IOException))
            {
                if (Connected || !_lost)
                {
                    Log.NotHeard(log, exception);
                }

                (Connected, _lost) = (false, true);
                // Tells the views that they may be old by now.
                cache.NoteAll();
                await Task.Delay(Pause, time, stoppingToken);
            }
        }
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        connection.Notification += (_, notification) => Hear(notification.Channel, notification.Payload);
        await ExecuteAsync(connection, $"LISTEN {Customers}; LISTEN {Aliases}", cancellationToken);
        cache.NoteAll();
        Connected = true;
        if (_lost)
        {
            _lost = false;
            Log.HeardAgain(log);
        }

        while (true)
        {
            if (!await connection.WaitAsync(KeepAlive, cancellationToken))
            {
                // Finds a connection that died without a word.
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                limit.CancelAfter(KeepAliveLimit);
                await ExecuteAsync(connection, "SELECT 1", limit.Token);
            }
        }
    }

    private void Hear(string channel, string payload)
    {
        if (channel == Aliases)
        {
            cache.Note(payload, NameChanges.OfAliases);
            return;
        }

        try
        {
            if (JsonSerializer.Deserialize<DomainChange>(payload, JsonSerializerOptions.Web) is { OrganizationId: { } organization, Table: "customers" } change)
            {
                cache.Note(organization, !change.Complete || change.CustomerIds is null || change.CustomerIds.Contains("*")
                    ? NameChanges.OfNames
                    : NameChanges.OfCustomers(change.CustomerIds));
            }
        }
        catch (JsonException exception)
        {
            Log.UnreadablePayload(log, exception);
            cache.NoteAll();
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string statement, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private sealed record DomainChange(string? OrganizationId, string? Table, string[]? CustomerIds, bool Complete);

    private static partial class Log
    {
        [LoggerMessage(EventName = "RegistryChangesNotHeard", Level = LogLevel.Warning, Message = "Changes of names are not heard; until they are again they are found by interval")]
        public static partial void NotHeard(ILogger logger, Exception exception);

        [LoggerMessage(EventName = "RegistryChangesHeardAgain", Level = LogLevel.Information, Message = "Changes of names are heard again")]
        public static partial void HeardAgain(ILogger logger);

        [LoggerMessage(EventName = "RegistryPayloadUnreadable", Level = LogLevel.Warning, Message = "A notification of changed names could not be read; all names are compared")]
        public static partial void UnreadablePayload(ILogger logger, Exception exception);
    }
}
