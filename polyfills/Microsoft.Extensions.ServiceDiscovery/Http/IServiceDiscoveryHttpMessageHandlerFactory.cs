namespace Microsoft.Extensions.ServiceDiscovery.Http;

/// <summary>Puts service discovery in front of a handler, where no client factory is used.</summary>
public interface IServiceDiscoveryHttpMessageHandlerFactory
{
    /// <summary>A handler that resolves the host of each request and hands it to the given handler.</summary>
    HttpMessageHandler CreateHandler(HttpMessageHandler handler);
}
