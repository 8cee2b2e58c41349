using Polly.Timeout;

namespace Microsoft.Extensions.Http.Resilience;

/// <summary>Options of a time limit of an HTTP pipeline.</summary>
public class HttpTimeoutStrategyOptions : TimeoutStrategyOptions
{
}
