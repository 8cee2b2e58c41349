using Platform.ServiceDefaults;

namespace Platform.ModelGateway.Providers;

/// <summary>A provider did not do what was asked. The message is for operators: it names provider, class, status and error code, never a prompt, an answer or a key.</summary>
internal sealed class ProviderException(ExternalErrorClass kind, string provider, string message, Exception? cause = null, TimeSpan? retryAfter = null)
    : Exception($"{provider}: {message}", cause)
{
    internal ExternalErrorClass Kind { get; } = kind;

    /// <summary>How long the provider asked to wait.</summary>
    internal TimeSpan? RetryAfter { get; } = retryAfter;

    /// <summary>True when no provider was asked, so that another attempt right away is pointless.</summary>
    internal bool Refused { get; init; }

    /// <summary>True when the provider's content filter refused the prompt.</summary>
    internal bool Blocked { get; init; }

    /// <summary>True when the same provider may answer the same request later (requirement G3).</summary>
    internal bool Repeatable { get; init; } = kind.IsTransient();
}
