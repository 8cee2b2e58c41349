using Grpc.Core;
using Grpc.Core.Interceptors;

namespace Platform.ServiceDefaults;

/// <summary>The one layer that repeats calls between services: see <see cref="GrpcRetry"/>.</summary>
internal sealed class RetryInterceptor(GrpcRetry retry, RetryBudget budget, TimeProvider time) : Interceptor
{
    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncUnaryCallContinuation<TRequest, TResponse> continuation)
    {
        if (!retry.Methods.Contains(context.Method.Name))
        {
            return continuation(request, context);
        }

        var attempts = new Attempts<TResponse>(() => continuation(request, context));
        var response = RunAsync(attempts, context.Options.CancellationToken);
        return new AsyncUnaryCall<TResponse>(
            response,
            HeadersAsync(response, attempts),
            () => attempts.Latest.GetStatus(),
            () => attempts.Latest.GetTrailers(),
            () => attempts.Latest.Dispose());
    }

    private async Task<TResponse> RunAsync<TResponse>(Attempts<TResponse> attempts, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var response = await attempts.Latest.ResponseAsync;
                budget.Succeeded();
                return response;
            }
            catch (RpcException error) when (IsUnanswered(error))
            {
                if (!budget.Failed() || attempt >= retry.MaximumAttempts || cancellationToken.IsCancellationRequested)
                {
                    throw;
                }
            }

            await Task.Delay(retry.Delay * (0.5 + Random.Shared.NextDouble()), time, cancellationToken);
            attempts.Next();
        }
    }

    private static async Task<Metadata> HeadersAsync<TResponse>(Task<TResponse> response, Attempts<TResponse> attempts)
    {
        await response;
        return await attempts.Latest.ResponseHeadersAsync;
    }

    // A client reports a connection that failed with the exception; a status that the service sent has none.
    private static bool IsUnanswered(RpcException error) =>
        error.StatusCode == StatusCode.Unavailable && error.Status.DebugException is HttpRequestException or IOException;

    private sealed class Attempts<TResponse>(Func<AsyncUnaryCall<TResponse>> start)
    {
        internal AsyncUnaryCall<TResponse> Latest { get; private set; } = start();

        internal void Next()
        {
            Latest.Dispose();
            Latest = start();
        }
    }
}
