using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.Options;

namespace Platform.ServiceDefaults;

/// <summary>Sends the current request context with every call, and the time that is left, shortened by a margin for the way back.</summary>
internal sealed class RequestContextClientInterceptor(
    IRequestContextAccessor accessor,
    UndecidedTraces undecided,
    IOptionsMonitor<ResilienceOptions> options,
    TimeProvider time) : Interceptor
{
    public override TResponse BlockingUnaryCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context, BlockingUnaryCallContinuation<TRequest, TResponse> continuation) =>
        continuation(request, Carry(context));

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncUnaryCallContinuation<TRequest, TResponse> continuation) =>
        KeptTrailer.Read(continuation(request, Carry(context)), undecided);

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncServerStreamingCallContinuation<TRequest, TResponse> continuation) =>
        KeptTrailer.Read(continuation(request, Carry(context)), undecided);

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
        ClientInterceptorContext<TRequest, TResponse> context, AsyncClientStreamingCallContinuation<TRequest, TResponse> continuation) =>
        continuation(Carry(context));

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        ClientInterceptorContext<TRequest, TResponse> context, AsyncDuplexStreamingCallContinuation<TRequest, TResponse> continuation) =>
        continuation(Carry(context));

    private ClientInterceptorContext<TRequest, TResponse> Carry<TRequest, TResponse>(ClientInterceptorContext<TRequest, TResponse> call)
        where TRequest : class
        where TResponse : class
    {
        var current = accessor.Current;
        var headers = new Metadata();
        foreach (var entry in call.Options.Headers ?? [])
        {
            headers.Add(entry);
        }

        Add(headers, RequestHeaders.RequestId, current.RequestId);
        Add(headers, RequestHeaders.OrganizationId, current.OrganizationId);
        Add(headers, RequestHeaders.UserId, current.UserId);
        Add(headers, RequestHeaders.SessionId, current.SessionId);
        var deadline = Deadlines.ForCall(current.Deadline, call.Options.Deadline, time.GetUtcNow(), options.CurrentValue);
        return new ClientInterceptorContext<TRequest, TResponse>(
            call.Method, call.Host, call.Options.WithHeaders(headers).WithDeadline(deadline));
    }

    private static void Add(Metadata headers, string name, string value)
    {
        if (value.Length > 0 && headers.Get(name) is null)
        {
            headers.Add(name, value);
        }
    }
}
