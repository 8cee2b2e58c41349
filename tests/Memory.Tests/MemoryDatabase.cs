using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Platform.Contracts.ModelGateway.V1;
using Platform.Memory.AnswerRecords;
using Platform.Memory.Conversations;
using Platform.Memory.Interactions;
using Platform.Memory.Memories;
using Platform.Memory.Upkeep;
using Platform.ServiceDefaults;
using Platform.Testing;

namespace Platform.Memory.Tests;

/// <summary>A database with the platform's schema, and the service's parts over it.</summary>
internal static class MemoryDatabase
{
    public static async Task<string> CreateAsync(PlatformServers servers, CancellationToken cancellationToken)
    {
        var connectionString = await servers.CreateDatabaseAsync("memory", cancellationToken);
        await using var database = NpgsqlDataSource.Create(connectionString);
        await PlatformSchema.CreateAsync(database, cancellationToken);

        return connectionString;
    }

    public static ServiceCollection Services(string connectionString)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddMetrics();
        services.AddOptions<MemoryOptions>();
        services.AddOptions<StreamOptions>();
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(_ => NpgsqlDataSource.Create(connectionString));
        services.AddSingleton<IRequestContextAccessor, FixedContext>();
        services.AddSingleton<MemoryMetrics>().AddSingleton<RecentCandidates>().AddSingleton<MemoryStore>().AddSingleton<Remembering>().AddSingleton<MemoryUpkeep>();
        services.AddSingleton<SafetyService.SafetyServiceClient>(new FakeSafety());
        services.AddSingleton<AnswerRecordStore>().AddSingleton<RecordScreen>();
        services.AddSingleton<ConversationStore>().AddSingleton<InteractionRecorder>().AddSingleton<ConsumerState>();
        return services;
    }

    public static async Task<long> CountAsync(string connectionString, string query, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(query, connection);
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    public static async Task ExecuteAsync(string connectionString, string statement, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private sealed class FixedContext : IRequestContextAccessor, IDisposable
    {
        public RequestContext Current => RequestContext.Background;

        public IDisposable Use(RequestContext context) => this;

        public void Dispose()
        {
        }
    }
}
