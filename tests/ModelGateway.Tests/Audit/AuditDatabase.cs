using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;
using Platform.ModelGateway.Audit;
using Platform.ModelGateway.Providers;
using Platform.ModelGateway.Tests.Safety;
using Platform.Testing;

namespace Platform.ModelGateway.Tests.Audit;

/// <summary>A database with the schema, and logs that write to it.</summary>
internal sealed class AuditDatabase : IAsyncDisposable
{
    internal static readonly AuditKey Key = AuditKey.Of("a-secret-of-the-tests-with-32-characters");

    private AuditDatabase(string connectionString) => (ConnectionString, Source) = (connectionString, NpgsqlDataSource.Create(connectionString));

    internal string ConnectionString { get; }

    internal NpgsqlDataSource Source { get; }

    internal AuditStore Store => new(Source);

    internal static async Task<AuditDatabase> CreateAsync(PlatformServers servers, CancellationToken cancellationToken)
    {
        var database = new AuditDatabase(await servers.CreateDatabaseAsync("m3_audit_tests", cancellationToken));
        await PlatformSchema.CreateAsync(database.Source, cancellationToken);
        return database;
    }

    internal AuditLog Log(AuditOptions? options = null, AuditKey? key = null)
    {
        var configured = Options.Create(new ModelGatewayOptions { Audit = options ?? new AuditOptions() });
        var signed = key ?? Key;
        var checkpoints = new AuditCheckpoints(signed, configured, TimeProvider.System, NullLogger<AuditCheckpoints>.Instance);
        return new AuditLog(Store, signed, checkpoints, configured, Screens.Metrics(), TimeProvider.System, NullLogger<AuditLog>.Instance);
    }

    internal static AuditEntry Entry(int number) => new(
        $"org-{number % 3}", $"request-{number}", "user", "chat.answered", $$"""{"callId": "{{number}}", "text": "Ü \u00e9 {{number}}"}""", new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero).AddTicks((number * 1_234_567L) + 3));

    internal async Task<AuditReport> VerifyAsync(IReadOnlyList<AuditCheckpoint> checkpoints, CancellationToken cancellationToken) =>
        await AuditVerifier.VerifyAsync(Store.ReadAsync(cancellationToken), [Key], checkpoints, cancellationToken);

    public ValueTask DisposeAsync() => Source.DisposeAsync();
}
