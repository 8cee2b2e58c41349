using Microsoft.Extensions.AI;

namespace Platform.ModelGateway.Providers;

/// <summary>Puts the events of one stream together, and knows whether the answer is whole.</summary>
internal interface IStreamedAnswer
{
    /// <summary>Stands for events that show the model at work and add nothing that can be passed on yet. Never changed.</summary>
    static readonly ChatResponseUpdate Progress = new();

    /// <summary>True once the provider told why the answer ended: what follows is bookkeeping.</summary>
    bool IsWhole { get; }

    /// <summary>True once the provider said that nothing follows.</summary>
    bool IsClosed { get; }

    /// <summary>What an event adds: text, <see cref="Progress"/>, or null for nothing.</summary>
    /// <exception cref="ProviderException">The event is not one, contradicts those before, or reports an error.</exception>
    ChatResponseUpdate? Read(string eventType, ReadOnlySpan<byte> data);

    /// <summary>The last update: tool calls, usage and why the answer ended.</summary>
    /// <exception cref="ProviderException">The stream ended before the answer did.</exception>
    ChatResponseUpdate Complete();
}
