using Polly.CircuitBreaker;

namespace Microsoft.Extensions.Http.Resilience;

/// <summary>Options of the circuit breaker of an HTTP pipeline; it counts transient failures.</summary>
public class HttpCircuitBreakerStrategyOptions : CircuitBreakerStrategyOptions<HttpResponseMessage>
{
    /// <summary>Options that count transient failures.</summary>
    public HttpCircuitBreakerStrategyOptions()
        => ShouldHandle = static arguments => ValueTask.FromResult(HttpClientResiliencePredicates.IsTransient(arguments.Outcome));
}
