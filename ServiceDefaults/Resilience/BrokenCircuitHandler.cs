using Polly.CircuitBreaker;
using Polly.Timeout;

namespace Platform.ServiceDefaults;

/// <summary>Says in terms of HTTP that a breaker refused a call, because a gRPC client calls any other exception INTERNAL.</summary>
internal sealed class BrokenCircuitHandler : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await base.SendAsync(request, cancellationToken);
        }
        catch (BrokenCircuitException error)
        {
            throw new HttpRequestException(HttpRequestError.ConnectionError, $"{request.RequestUri?.Host} failed repeatedly and is not asked for a moment.", error);
        }
        catch (TimeoutRejectedException error)
        {
            throw new HttpRequestException(HttpRequestError.ResponseEnded, $"{request.RequestUri?.Host} did not begin to answer in time.", error);
        }
    }
}
