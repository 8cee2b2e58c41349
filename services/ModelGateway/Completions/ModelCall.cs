using System.Diagnostics;
using Microsoft.Extensions.AI;
using Platform.ModelGateway.Providers;
using Platform.ModelGateway.Telemetry;
using Platform.ModelGateway.Usage;

namespace Platform.ModelGateway.Completions;

/// <summary>What is known of one call while it passes the stages.</summary>
internal sealed class ModelCall(string organization, string logicalModel, string operation)
{
    private const string Property = "platform.call";

    internal string Organization { get; } = organization;

    internal string LogicalModel { get; } = logicalModel;

    internal string Operation { get; } = operation;

    /// <summary>Attempts at any provider so far.</summary>
    internal int Attempts { get; set; }

    /// <summary>The provider of the latest attempt.</summary>
    internal ModelProvider? Provider { get; set; }

    /// <summary>What is noted of its cost.</summary>
    internal CallAccount? Account { get; set; }

    /// <summary>What is asked for, by the names of the telemetry conventions: <c>chat</c>, <c>embeddings</c>.</summary>
    internal string Kind { get; init; } = GenAiNames.Chat;

    /// <summary>The span of the whole call.</summary>
    internal Activity? Span { get; set; }

    internal string ProviderModel => Provider?.ModelFor(LogicalModel) ?? LogicalModel;

    internal static ModelCall Of(ChatOptions? options) =>
        options?.AdditionalProperties?[Property] as ModelCall ?? throw new InvalidOperationException("The call has not been begun.");

    internal void Attach(ChatOptions options) => (options.AdditionalProperties ??= [])[Property] = this;
}
