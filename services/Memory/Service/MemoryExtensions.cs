using Platform.Contracts.ModelGateway.V1;
using Platform.Memory.AnswerRecords;
using Platform.Memory.Conversations;
using Platform.Memory.Interactions;
using Platform.Memory.Memories;
using Platform.Memory.Upkeep;
using Platform.ServiceDefaults;
using StackExchange.Redis;

namespace Platform.Memory.Service;

internal static class MemoryExtensions
{
    /// <summary>Storing, finding and forgetting memories.</summary>
    public static void AddMemories(this IHostApplicationBuilder builder)
    {
        builder.AddPlatformOptions<MemoryOptions>("memory:store");
        builder.Services.AddSingleton<MemoryMetrics>();
        builder.Services.AddSingleton<RecentCandidates>();
        builder.Services.AddSingleton<MemoryStore>();
        builder.Services.AddSingleton<Remembering>();
        builder.Services.AddHostedService<MemoryUpkeep>();
    }

    /// <summary>The state of each session.</summary>
    public static void AddConversations(this IHostApplicationBuilder builder) => builder.Services.AddSingleton<ConversationStore>().AddSingleton<LastTurns>();

    /// <summary>Recording of interactions, by call and from the stream.</summary>
    public static void AddInteractions(this IHostApplicationBuilder builder)
    {
        builder.AddPlatformOptions<StreamOptions>("memory:stream");
        builder.AddKeyedRedisClient(
            RedisExtensions.ConnectionName,
            settings =>
            {
                settings.DisableHealthChecks = true;
                settings.DisableAutoActivation = true;
                // A read that waits a second would fill every trace.
                settings.DisableTracing = true;
            },
            redis =>
            {
                redis.AbortOnConnectFail = false;
                redis.ConnectTimeout = 1000;
                redis.ConnectRetry = 1;
                redis.SyncTimeout = 5000;
            });
        builder.Services.AddSingleton(services => new Lazy<InteractionStream>(() => ActivatorUtilities.CreateInstance<InteractionStream>(
            services, services.GetRequiredKeyedService<IConnectionMultiplexer>(RedisExtensions.ConnectionName))));
        builder.AddPlatformGrpcClient<SafetyService.SafetyServiceClient>("model-gateway");
        builder.Services.AddSingleton<AnswerRecordStore>();
        builder.Services.AddSingleton<RecordScreen>();
        builder.Services.AddSingleton<InteractionRecorder>();
        builder.Services.AddSingleton<ConsumerState>();
        builder.Services.AddHealthChecks().AddCheck<ConsumerState>("interactions");
        builder.Services.AddHostedService<InteractionConsumer>();
        builder.Services.AddHostedService<StreamWatch>();
    }
}
