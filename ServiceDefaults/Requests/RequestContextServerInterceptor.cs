using System.Diagnostics;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.Logging;

namespace Platform.ServiceDefaults;

/// <summary>Reads the request context from the metadata of a call and makes it current for the handler, its logs and its span.</summary>
internal sealed class RequestContextServerInterceptor(
    IRequestContextAccessor accessor,
    ILogger<RequestContextServerInterceptor> logger) : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        using var entered = Enter(context);
        return await continuation(request, context);
    }

    public override async Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, ServerCallContext context, ClientStreamingServerMethod<TRequest, TResponse> continuation)
    {
        using var entered = Enter(context);
        return await continuation(requestStream, context);
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        using var entered = Enter(context);
        await continuation(request, responseStream, context);
    }

    public override async Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        using var entered = Enter(context);
        await continuation(requestStream, responseStream, context);
    }

    private Entered Enter(ServerCallContext call)
    {
        DateTimeOffset? deadline = call.Deadline == DateTime.MaxValue
            ? null
            : new DateTimeOffset(DateTime.SpecifyKind(call.Deadline, DateTimeKind.Utc));
        var context = RequestHeaders.Read(name => call.RequestHeaders.GetValue(name), deadline);
        RequestContextScope.Tag(Activity.Current, context);
        return new Entered(accessor.Use(context), logger.BeginScope(new RequestContextScope(context)));
    }

    private readonly struct Entered(IDisposable current, IDisposable? scope) : IDisposable
    {
        public void Dispose()
        {
            scope?.Dispose();
            current.Dispose();
        }
    }
}
