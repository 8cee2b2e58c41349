using System.Collections.Frozen;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;
using Platform.ModelGateway.Audit;
using Platform.ModelGateway.Limits;
using Platform.ModelGateway.Providers;
using Platform.ModelGateway.Safety;
using Platform.ModelGateway.Telemetry;
using Platform.ServiceDefaults;

namespace Platform.ModelGateway.Completions;

/// <summary>Builds the pipeline of named stages in front of the providers.</summary>
internal static class CompletionStages
{
    internal const string Trace = "trace";
    internal const string Safety = "safety";
    internal const string Audit = "audit";
    internal const string Limit = "limit";
    internal const string Account = "account";

    private static readonly string[] Default = [Trace, Safety, Audit, Limit, Account];

    internal static FrozenSet<string> Names { get; } = FrozenSet.Create(StringComparer.Ordinal, Trace, Safety, Audit, Limit, Account);

    internal static IChatClient Build(IServiceProvider services)
    {
        var configured = services.GetRequiredService<IOptionsMonitor<ModelGatewayOptions>>().CurrentValue.Stages;
        IChatClient client = services.GetRequiredService<RoutingChatClient>();
        foreach (var stage in (configured.Count == 0 ? [.. Default] : configured).AsEnumerable().Reverse())
        {
            client = Wrap(stage, client, services);
        }

        return client;
    }

    private static DelegatingChatClient Wrap(string stage, IChatClient inner, IServiceProvider services) => stage switch
    {
        Trace => new TraceStage(inner),
        Safety => new SafetyStage(inner, services.GetRequiredService<SafetyScreen>(), services.GetRequiredService<AuditTrail>()),
        Audit => new AuditStage(inner, services.GetRequiredService<AuditTrail>(), services.GetRequiredService<SpanContent>(), services.GetRequiredService<SafetyScreen>()),
        Limit => new LimitStage(
            inner,
            services.GetRequiredService<ModelLimiter>(),
            services.GetRequiredService<IRequestContextAccessor>(),
            services.GetRequiredService<TimeProvider>()),
        Account => new AccountStage(inner),
        _ => throw new PlatformConfigurationException($"modelGateway:stages = \"{stage}\" is not allowed. Allowed: {string.Join(", ", Names)}."),
    };
}
