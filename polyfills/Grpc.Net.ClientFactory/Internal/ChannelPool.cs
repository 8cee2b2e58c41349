using System.Collections.Concurrent;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Grpc.Net.ClientFactory.Internal;

/// <summary>One channel for each registered name, made when it is first asked for.</summary>
internal sealed class ChannelPool(
    IHttpMessageHandlerFactory handlers,
    IOptionsMonitor<GrpcClientFactoryOptions> options,
    IServiceProvider services,
    ILoggerFactory? loggers = null) : IDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<(GrpcChannel Channel, CallInvoker Invoker)>> _channels = new(StringComparer.Ordinal);

    public CallInvoker InvokerFor(string name)
        => _channels.GetOrAdd(name, static (key, pool) => new Lazy<(GrpcChannel, CallInvoker)>(() => pool.Open(key)), this).Value.Invoker;

    public void Dispose()
    {
        foreach (var opened in _channels.Values)
        {
            if (opened.IsValueCreated)
            {
                opened.Value.Channel.Dispose();
            }
        }
    }

    private (GrpcChannel Channel, CallInvoker Invoker) Open(string name)
    {
        var chosen = options.Get(name);
        var channelOptions = new GrpcChannelOptions
        {
            HttpHandler = handlers.CreateHandler(name),
            LoggerFactory = loggers,
            ServiceProvider = services,
        };
        foreach (var change in chosen.ChannelOptionsActions)
        {
            change(channelOptions);
        }

        var address = chosen.Address
            ?? throw new InvalidOperationException($"Could not resolve the address for gRPC client '{name}'. Set an address when registering the client: services.AddGrpcClient<T>(o => o.Address = new Uri(...)).");
        var channel = GrpcChannel.ForAddress(address, channelOptions);
        var interceptors = chosen.InterceptorRegistrations
            .Where(registration => registration.Scope == InterceptorScope.Channel)
            .Select(registration => registration.Creator(services))
            .Concat(chosen.Interceptors)
            .ToArray();
        return (channel, channel.CreateCallInvoker().Intercept(interceptors));
    }
}
