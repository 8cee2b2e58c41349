using Grpc.Core;

namespace Grpc.Net.Client.Internal;

internal sealed class HttpCallInvoker(GrpcChannel channel) : CallInvoker
{
    public override TResponse BlockingUnaryCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        using var call = AsyncUnaryCall(method, host, options, request);
        return call.ResponseAsync.GetAwaiter().GetResult();
    }

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        var call = new GrpcCall<TRequest, TResponse>(channel, method, host, options);
        return new AsyncUnaryCall<TResponse>(
            call.RunUnaryAsync(request),
            CallFunctions<TRequest, TResponse>.Headers,
            CallFunctions<TRequest, TResponse>.Status,
            CallFunctions<TRequest, TResponse>.Trailers,
            CallFunctions<TRequest, TResponse>.Dispose,
            call);
    }

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        var call = new GrpcCall<TRequest, TResponse>(channel, method, host, options);
        return new AsyncServerStreamingCall<TResponse>(
            call.StartStream(request),
            CallFunctions<TRequest, TResponse>.Headers,
            CallFunctions<TRequest, TResponse>.Status,
            CallFunctions<TRequest, TResponse>.Trailers,
            CallFunctions<TRequest, TResponse>.Dispose,
            call);
    }

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options)
    {
        var call = new GrpcCall<TRequest, TResponse>(channel, method, host, options);
        var content = new StreamContent<TRequest, TResponse>(call);
        return new AsyncClientStreamingCall<TRequest, TResponse>(
            content.Writer,
            call.RunClientStreamAsync(content),
            CallFunctions<TRequest, TResponse>.Headers,
            CallFunctions<TRequest, TResponse>.Status,
            CallFunctions<TRequest, TResponse>.Trailers,
            CallFunctions<TRequest, TResponse>.Dispose,
            call);
    }

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options)
    {
        var call = new GrpcCall<TRequest, TResponse>(channel, method, host, options);
        var content = new StreamContent<TRequest, TResponse>(call);
        return new AsyncDuplexStreamingCall<TRequest, TResponse>(
            content.Writer,
            call.StartStream(content),
            CallFunctions<TRequest, TResponse>.Headers,
            CallFunctions<TRequest, TResponse>.Status,
            CallFunctions<TRequest, TResponse>.Trailers,
            CallFunctions<TRequest, TResponse>.Dispose,
            call);
    }

    private static class CallFunctions<TRequest, TResponse>
        where TRequest : class
        where TResponse : class
    {
        public static readonly Func<object, Task<Metadata>> Headers = static call => ((GrpcCall<TRequest, TResponse>)call).ResponseHeadersAsync;
        public static readonly Func<object, Status> Status = static call => ((GrpcCall<TRequest, TResponse>)call).GetStatus();
        public static readonly Func<object, Metadata> Trailers = static call => ((GrpcCall<TRequest, TResponse>)call).GetTrailers();
        public static readonly Action<object> Dispose = static call => ((GrpcCall<TRequest, TResponse>)call).Dispose();
    }
}
