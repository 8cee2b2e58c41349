using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>Puts interceptors around a handler, the first registered outermost; each is made anew for a call.</summary>
internal sealed class InterceptorChain(IReadOnlyList<InterceptorRegistration> registrations, IServiceProvider services)
{
    private readonly (InterceptorRegistration Registration, IGrpcInterceptorActivator Activator)[] _links =
    [
        .. registrations.Select(registration => (
            registration,
            (IGrpcInterceptorActivator)services.GetRequiredService(typeof(IGrpcInterceptorActivator<>).MakeGenericType(registration.Type)))),
    ];

    public UnaryServerMethod<TRequest, TResponse> Around<TRequest, TResponse>(UnaryServerMethod<TRequest, TResponse> handler)
        where TRequest : class
        where TResponse : class
    {
        foreach (var link in _links.Reverse())
        {
            var next = handler;
            handler = async (request, context) =>
            {
                var interceptor = link.Activator.Create(context.GetHttpContext().RequestServices, link.Registration);
                try
                {
                    return await interceptor.Instance.UnaryServerHandler(request, context, next).ConfigureAwait(false);
                }
                finally
                {
                    await link.Activator.ReleaseAsync(interceptor).ConfigureAwait(false);
                }
            };
        }

        return handler;
    }

    public ClientStreamingServerMethod<TRequest, TResponse> Around<TRequest, TResponse>(ClientStreamingServerMethod<TRequest, TResponse> handler)
        where TRequest : class
        where TResponse : class
    {
        foreach (var link in _links.Reverse())
        {
            var next = handler;
            handler = async (requests, context) =>
            {
                var interceptor = link.Activator.Create(context.GetHttpContext().RequestServices, link.Registration);
                try
                {
                    return await interceptor.Instance.ClientStreamingServerHandler(requests, context, next).ConfigureAwait(false);
                }
                finally
                {
                    await link.Activator.ReleaseAsync(interceptor).ConfigureAwait(false);
                }
            };
        }

        return handler;
    }

    public ServerStreamingServerMethod<TRequest, TResponse> Around<TRequest, TResponse>(ServerStreamingServerMethod<TRequest, TResponse> handler)
        where TRequest : class
        where TResponse : class
    {
        foreach (var link in _links.Reverse())
        {
            var next = handler;
            handler = async (request, responses, context) =>
            {
                var interceptor = link.Activator.Create(context.GetHttpContext().RequestServices, link.Registration);
                try
                {
                    await interceptor.Instance.ServerStreamingServerHandler(request, responses, context, next).ConfigureAwait(false);
                }
                finally
                {
                    await link.Activator.ReleaseAsync(interceptor).ConfigureAwait(false);
                }
            };
        }

        return handler;
    }

    public DuplexStreamingServerMethod<TRequest, TResponse> Around<TRequest, TResponse>(DuplexStreamingServerMethod<TRequest, TResponse> handler)
        where TRequest : class
        where TResponse : class
    {
        foreach (var link in _links.Reverse())
        {
            var next = handler;
            handler = async (requests, responses, context) =>
            {
                var interceptor = link.Activator.Create(context.GetHttpContext().RequestServices, link.Registration);
                try
                {
                    await interceptor.Instance.DuplexStreamingServerHandler(requests, responses, context, next).ConfigureAwait(false);
                }
                finally
                {
                    await link.Activator.ReleaseAsync(interceptor).ConfigureAwait(false);
                }
            };
        }

        return handler;
    }
}
