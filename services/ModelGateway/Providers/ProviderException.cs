using Platform.ServiceDefaults;

namespace Platform.ModelGateway.Providers;

/// <summary>A provider did not do what was asked. The message is for logs: it names provider and class, never a prompt, an answer or a key.</summary>
internal sealed class ProviderException(ExternalErrorClass kind, string provider, string message, Exception? cause = null, TimeSpan? retryAfter = null)
    : Exception($"{provider}: {message}", cause)
{
    internal ExternalErrorClass Kind { get; } = kind;

    /// <summary>How long the provider asked to wait.</summary>
    internal TimeSpan? RetryAfter { get; } = retryAfter;

    /// <summary>True when no provider was asked, so that another attempt right away is pointless.</summary>
    internal bool Refused { get; init; }
}
