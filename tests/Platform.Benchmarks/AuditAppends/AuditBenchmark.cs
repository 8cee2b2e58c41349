using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using Platform.ModelGateway.Audit;
using Platform.ModelGateway.Providers;
using Platform.ModelGateway.Telemetry;
using Platform.Testing;

namespace Platform.Benchmarks.AuditAppends;

/// <summary>
/// P18: appends that are acknowledged after their commit, against a prepared INSERT of the same row, each committed by itself, with as
/// many callers. The server is one of its own with its default settings, so fsync is on; PLATFORM_TEST_POSTGRES may name another.
/// </summary>
internal sealed class AuditBenchmark : IBenchmark
{
    private static readonly AuditKey Key = AuditKey.Of("a-secret-of-the-benchmark-with-32-characters");

    public string Name => "audit";

    public async Task RunAsync(bool isShort, CancellationToken cancellationToken)
    {
        await using var servers = new PlatformServers();
        await servers.InitializeAsync();
        var connectionString = await servers.CreateDatabaseAsync("audit_benchmark", cancellationToken);
        await using var database = NpgsqlDataSource.Create(connectionString);
        await PlatformSchema.CreateAsync(database, cancellationToken);
        await using (var fsync = database.CreateCommand("SELECT current_setting('fsync') || ', synchronous_commit ' || current_setting('synchronous_commit')"))
        {
            Console.WriteLine($"fsync {await fsync.ExecuteScalarAsync(cancellationToken)}");
        }

        var options = Options.Create(new ModelGatewayOptions { Audit = new AuditOptions { Shards = 1 } });
        var metrics = new ModelGatewayMetrics(new MeterFactory(), options);
        using var log = new AuditLog(
            new AuditStore(database), Key, new AuditCheckpoints(Key, options, TimeProvider.System, NullLogger<AuditCheckpoints>.Instance), options, metrics, TimeProvider.System, NullLogger<AuditLog>.Instance);
        await log.StartAsync(cancellationToken);
        await using var raw = new RawInserts(database);
        foreach (var callers in new[] { 1, 16 })
        {
            var rate = new Comparison(string.Create(CultureInfo.InvariantCulture, $"P18 x{callers}"), "/s");
            var time = TimeSpan.FromSeconds(isShort ? 0.3 : 1.5);
            for (var round = -1; round < (isShort ? 3 : 9); round++)
            {
                var limit = await RateAsync(callers, time, caller => raw.InsertAsync(caller, cancellationToken));
                var measured = await RateAsync(callers, time, _ => log.AppendAsync(Entry()));
                if (round >= 0)
                {
                    rate.Add(limit, measured);
                }
            }

            rate.Print(">= 0.80", ratio => ratio >= 0.8);
        }

        await log.StopAsync(cancellationToken);
        await using (var clear = database.CreateCommand("DELETE FROM app.audit WHERE shard <> 0"))
        {
            await clear.ExecuteNonQueryAsync(cancellationToken);
        }

        var began = Stopwatch.GetTimestamp();
        var report = await AuditVerifier.VerifyAsync(new AuditStore(database).ReadAsync(cancellationToken), [Key], [], cancellationToken);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"verified {report.Rows:N0} rows in {Stopwatch.GetElapsedTime(began).TotalSeconds:N1} s, {report.Problems.Count} problems"));
    }

    private static AuditEntry Entry() => new(
        "organization", Guid.NewGuid().ToString("n"), "user", "chat.answered",
        """{"callId":"5c7b7c1de5b34cf59f61bd2e9f3d6c11","model":"primary","operation":"response_generation","outcome":"success","provider":"openai","attempts":1,"text":"PII_PERSON_1_K7XQ2M4WPA owes 12.50 EUR since March, and the reminder was sent twice."}""",
        TimeProvider.System.GetUtcNow());

    private static async Task<double> RateAsync(int callers, TimeSpan time, Func<int, Task> append)
    {
        var began = Stopwatch.GetTimestamp();
        var counts = await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
        {
            var count = 0;
            while (Stopwatch.GetElapsedTime(began) < time)
            {
                await append(caller);
                count++;
            }

            return count;
        })));
        return counts.Sum() / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    /// <summary>The same columns without chaining, to a shard of each caller's own.</summary>
    private sealed class RawInserts(NpgsqlDataSource database) : IAsyncDisposable
    {
        private readonly Dictionary<int, (NpgsqlConnection Connection, NpgsqlCommand Command)> _commands = [];
        private readonly SemaphoreSlim _opening = new(1);
        private long _sequence;

        internal async Task InsertAsync(int caller, CancellationToken cancellationToken)
        {
            var command = await CommandAsync(caller, cancellationToken);
            var entry = Entry();
            object[] values =
            [
                caller + 1, Interlocked.Increment(ref _sequence), entry.Organization, entry.RequestId, entry.User, entry.Action, entry.Detail, AuditRow.Genesis, AuditRow.Genesis, entry.At.UtcDateTime, Key.Id,
            ];
            for (var index = 0; index < values.Length; index++)
            {
                command.Parameters[index].Value = values[index];
            }

            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var (connection, command) in _commands.Values)
            {
                await command.DisposeAsync();
                await connection.DisposeAsync();
            }

            _opening.Dispose();
        }

        private async Task<NpgsqlCommand> CommandAsync(int caller, CancellationToken cancellationToken)
        {
            await _opening.WaitAsync(cancellationToken);
            try
            {
                if (_commands.TryGetValue(caller, out var known))
                {
                    return known.Command;
                }

                var connection = await database.OpenConnectionAsync(cancellationToken);
                var command = new NpgsqlCommand(
                    "INSERT INTO app.audit (shard, sequence, organization_id, request_id, user_id, action, detail, previous_hash, hash, created_at, key_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)", connection);
                foreach (var type in new[] { NpgsqlDbType.Integer, NpgsqlDbType.Bigint, NpgsqlDbType.Text, NpgsqlDbType.Text, NpgsqlDbType.Text, NpgsqlDbType.Text, NpgsqlDbType.Json, NpgsqlDbType.Bytea, NpgsqlDbType.Bytea, NpgsqlDbType.TimestampTz, NpgsqlDbType.Text })
                {
                    command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = type });
                }

                await command.PrepareAsync(cancellationToken);
                _commands[caller] = (connection, command);
                return command;
            }
            finally
            {
                _opening.Release();
            }
        }
    }
}
