using System.Net.Sockets;
using Npgsql;

namespace Platform.Migrations;

/// <summary>Waits for a server that is still starting.</summary>
internal sealed class DatabaseWait(NpgsqlDataSource dataSource, MigrationSettings settings, TimeProvider clock)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <param name="limit">How long to wait; null for the configured time.</param>
    /// <exception cref="MigrationException">The server cannot be reached in time, or it refuses this role or database.</exception>
    public async Task ReadyAsync(TimeSpan? limit, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        while (true)
        {
            try
            {
                await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
                return;
            }
            catch (NpgsqlException exception) when (IsStarting(exception) && clock.GetElapsedTime(started) < (limit ?? settings.ConnectTimeout))
            {
                await Task.Delay(Pause, clock, cancellationToken);
            }
            catch (NpgsqlException exception)
            {
                var target = new NpgsqlConnectionStringBuilder(dataSource.ConnectionString);
                throw new MigrationException(
                    $"Cannot open database '{target.Database ?? target.Username}' on {target.Host}:{target.Port} as '{target.Username}': {Reason(exception)}", exception);
            }
        }
    }

    private static bool IsStarting(NpgsqlException exception) =>
        exception is PostgresException { SqlState: PostgresErrorCodes.CannotConnectNow } || exception.InnerException is SocketException or TimeoutException;

    private static string Reason(NpgsqlException exception) =>
        exception is PostgresException server ? server.MessageText : exception.InnerException?.Message ?? exception.Message;
}
