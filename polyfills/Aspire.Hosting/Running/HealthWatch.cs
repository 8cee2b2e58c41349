using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Running;

/// <summary>Asks again and again whether a resource is healthy: often until it is, rarely afterwards.</summary>
internal static class HealthWatch
{
    private static readonly TimeSpan UntilHealthy = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan WhileHealthy = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan ProbeLimit = TimeSpan.FromSeconds(5);

    private static readonly HttpClient Client = new(new SocketsHttpHandler
    {
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(1),
        AllowAutoRedirect = false,
        UseProxy = false,
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    public static async Task RunAsync(
        Func<CancellationToken, Task> probe, Func<bool, Task> report, TimeProvider time, CancellationToken cancellationToken)
    {
        bool? last = null;
        while (!cancellationToken.IsCancellationRequested)
        {
            var healthy = await AnswersAsync(probe, cancellationToken).ConfigureAwait(false);
            if (healthy != last)
            {
                cancellationToken.ThrowIfCancellationRequested();
                await report(healthy).ConfigureAwait(false);
                last = healthy;
            }

            await Task.Delay(healthy ? WhileHealthy : UntilHealthy, time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <exception cref="HttpRequestException">The answer has another status than expected, or there is none.</exception>
    public static async Task AskAsync(HttpHealthAnnotation check, int replica, CancellationToken cancellationToken)
    {
        var address = new Uri(new Uri(check.Endpoint.EndpointAnnotation.Replicas[replica].UriString), check.Path);
        using var response = await Client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        if ((int)response.StatusCode != check.StatusCode)
        {
            throw new HttpRequestException($"{address} answered {(int)response.StatusCode} instead of {check.StatusCode}.");
        }
    }

    // Any failure of a probe means "not healthy"; the reason shows in the resource's own output.
    private static async Task<bool> AnswersAsync(Func<CancellationToken, Task> probe, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(ProbeLimit);
        try
        {
            await probe(limit.Token).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
        catch (Exception exception) when (exception is HttpRequestException or SocketException or IOException or TimeoutException or System.Data.Common.DbException)
        {
            return false;
        }
    }
}
