using System.Runtime.CompilerServices;
using Grpc.Core;
using Grpc.Net.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>Serves the HTTP requests of one method.</summary>
internal abstract class MethodHandler
{
    public abstract Task HandleAsync(HttpContext http);

    /// <summary>Answers without a handler: a status in the headers, and no body.</summary>
    public static Task RefuseAsync(HttpContext http, Status status)
    {
        if (!IsGrpc(http))
        {
            return Task.CompletedTask;
        }

        http.Response.ContentType = HeaderNames.ContentType;
        ServerCall.WriteStatus(http.Response.Headers, status);
        return Task.CompletedTask;
    }

    protected static bool IsGrpc(HttpContext http)
    {
        var request = http.Request;
        if (!HeaderNames.IsGrpcContentType(request.ContentType))
        {
            http.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            ServerCall.WriteStatus(http.Response.Headers, new Status(StatusCode.Internal, $"Content-Type '{request.ContentType}' is not supported."));
            return false;
        }

        if (!HttpProtocol.IsHttp2(request.Protocol) && !HttpProtocol.IsHttp3(request.Protocol))
        {
            http.Response.StatusCode = StatusCodes.Status426UpgradeRequired;
            http.Response.Headers.Upgrade = HttpProtocol.Http2;
            ServerCall.WriteStatus(http.Response.Headers, new Status(StatusCode.Internal, $"Request protocol '{request.Protocol}' is not supported."));
            return false;
        }

        return true;
    }
}

internal abstract class MethodHandler<TRequest, TResponse>(Method<TRequest, TResponse> method, MethodSettings settings) : MethodHandler
    where TRequest : class
    where TResponse : class
{
    // Above this Kestrel refuses a body by default, whatever its messages.
    private const int KestrelBodyLimit = 30_000_000;

    protected Method<TRequest, TResponse> Method { get; } = method;

    protected MethodSettings Settings { get; } = settings;

    protected virtual bool RequestIsStream => false;

    public override async Task HandleAsync(HttpContext http)
    {
        if (!IsGrpc(http))
        {
            return;
        }

        LiftBodyLimits(http);
        var call = new ServerCall(http, Method, Settings);
        http.Features.Set<IServerCallContextFeature>(call);
        try
        {
            if (call.Begin())
            {
                await ServeAsync(call).ConfigureAwait(false);
                call.EndWithOwnStatus();
            }
        }
        catch (Exception failure)
        {
            call.EndWithFailure(failure);
        }

        await call.CloseAsync().ConfigureAwait(false);
    }

    protected abstract ValueTask ServeAsync(ServerCall call);

    private void LiftBodyLimits(HttpContext http)
    {
        if (RequestIsStream)
        {
            // A stream may be quiet for as long as it likes.
            if (http.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
            {
                rate.MinDataRate = null;
            }
        }
        else if (Settings.MaxReceiveMessageSize < KestrelBodyLimit)
        {
            return;
        }

        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = null;
        }
    }
}

internal sealed class UnaryHandler<TRequest, TResponse>(Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse> handler, MethodSettings settings)
    : MethodHandler<TRequest, TResponse>(method, settings)
    where TRequest : class
    where TResponse : class
{
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    protected override async ValueTask ServeAsync(ServerCall call)
    {
        var request = await call.Requests.ReadOnlyOneAsync(Method.RequestMarshaller.ContextualDeserializer).ConfigureAwait(false);
        var response = await handler(request, call).ConfigureAwait(false)
            ?? throw new RpcException(new Status(StatusCode.Cancelled, "No message returned from method."));
        call.Write(response, Method.ResponseMarshaller.ContextualSerializer, call.WriteOptions);
    }
}

internal sealed class ClientStreamingHandler<TRequest, TResponse>(Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse> handler, MethodSettings settings)
    : MethodHandler<TRequest, TResponse>(method, settings)
    where TRequest : class
    where TResponse : class
{
    protected override bool RequestIsStream => true;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    protected override async ValueTask ServeAsync(ServerCall call)
    {
        var requests = new ServerStreamReader<TRequest>(call, Method.RequestMarshaller.ContextualDeserializer);
        var response = await handler(requests, call).ConfigureAwait(false)
            ?? throw new RpcException(new Status(StatusCode.Cancelled, "No message returned from method."));
        call.Write(response, Method.ResponseMarshaller.ContextualSerializer, call.WriteOptions);
    }
}

internal sealed class ServerStreamingHandler<TRequest, TResponse>(Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse> handler, MethodSettings settings)
    : MethodHandler<TRequest, TResponse>(method, settings)
    where TRequest : class
    where TResponse : class
{
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    protected override async ValueTask ServeAsync(ServerCall call)
    {
        var request = await call.Requests.ReadOnlyOneAsync(Method.RequestMarshaller.ContextualDeserializer).ConfigureAwait(false);
        await handler(request, new ServerStreamWriter<TResponse>(call, Method.ResponseMarshaller.ContextualSerializer), call).ConfigureAwait(false);
    }
}

internal sealed class DuplexStreamingHandler<TRequest, TResponse>(Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse> handler, MethodSettings settings)
    : MethodHandler<TRequest, TResponse>(method, settings)
    where TRequest : class
    where TResponse : class
{
    protected override bool RequestIsStream => true;

    protected override ValueTask ServeAsync(ServerCall call)
        => new(handler(
            new ServerStreamReader<TRequest>(call, Method.RequestMarshaller.ContextualDeserializer),
            new ServerStreamWriter<TResponse>(call, Method.ResponseMarshaller.ContextualSerializer),
            call));
}
