using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Grpc.Net.ClientFactory.Internal;

internal sealed class RegisteredClientFactory(
    ChannelPool channels,
    ClientRegistrations registrations,
    IOptionsMonitor<GrpcClientFactoryOptions> options,
    IServiceProvider services) : GrpcClientFactory
{
    private static readonly ConcurrentDictionary<Type, ObjectFactory> Constructors = new();

    public override TClient CreateClient<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TClient>(string name)
    {
        if (!registrations.Contains(name))
        {
            throw new InvalidOperationException($"No gRPC client configured with name '{name}'.");
        }

        var chosen = options.Get(name);
        var invoker = channels.InvokerFor(name);
        for (var i = chosen.InterceptorRegistrations.Count - 1; i >= 0; i--)
        {
            if (chosen.InterceptorRegistrations[i] is { Scope: InterceptorScope.Client } registration)
            {
                invoker = invoker.Intercept(registration.Creator(services));
            }
        }

        if (chosen.CallOptionsActions.Count > 0)
        {
            invoker = new CallOptionsInvoker(invoker, chosen.CallOptionsActions, services);
        }

        if (chosen.Creator is not null)
        {
            return chosen.Creator(invoker) as TClient
                ?? throw new InvalidOperationException($"The creator of the gRPC client '{name}' did not return a {typeof(TClient).FullName}.");
        }

        var constructor = Constructors.GetOrAdd(typeof(TClient), static type => ActivatorUtilities.CreateFactory(type, [typeof(CallInvoker)]));
        return (TClient)constructor(services, [invoker]);
    }
}

internal sealed class CallOptionsInvoker(CallInvoker inner, IList<Action<CallOptionsContext>> changes, IServiceProvider services) : CallInvoker
{
    public override TResponse BlockingUnaryCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
        => inner.BlockingUnaryCall(method, host, Change(options), request);

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
        => inner.AsyncUnaryCall(method, host, Change(options), request);

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
        => inner.AsyncServerStreamingCall(method, host, Change(options), request);

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options)
        => inner.AsyncClientStreamingCall(method, host, Change(options));

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options)
        => inner.AsyncDuplexStreamingCall(method, host, Change(options));

    private CallOptions Change(CallOptions options)
    {
        var context = new CallOptionsContext(options, services);
        foreach (var change in changes)
        {
            change(context);
        }

        return context.CallOptions;
    }
}
