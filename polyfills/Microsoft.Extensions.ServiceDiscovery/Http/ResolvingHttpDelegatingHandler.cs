using System.Net;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.ServiceDiscovery.Http;

/// <summary>Replaces the service name in a request's URI by an endpoint of that service.</summary>
internal sealed class ResolvingHttpDelegatingHandler : DelegatingHandler
{
    private readonly ServiceEndpointResolver _resolver;
    private readonly ServiceDiscoveryOptions _options;

    public ResolvingHttpDelegatingHandler(ServiceEndpointResolver resolver, IOptions<ServiceDiscoveryOptions> options)
    {
        _resolver = resolver;
        _options = options.Value;
    }

    public ResolvingHttpDelegatingHandler(ServiceEndpointResolver resolver, IOptions<ServiceDiscoveryOptions> options, HttpMessageHandler inner)
        : base(inner)
    {
        _resolver = resolver;
        _options = options.Value;
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.RequestUri is not { IsAbsoluteUri: true, Host.Length: > 0 } original)
        {
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }

        var endpoint = await _resolver.NextAsync(original.GetComponents(UriComponents.SchemeAndServer, UriFormat.Unescaped), cancellationToken).ConfigureAwait(false);
        request.RequestUri = Address(original, endpoint, _options);
        request.Headers.Host ??= endpoint.Features.Get<IHostNameFeature>()?.HostName;
        try
        {
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            // A retry outside of this handler sends the same message: it must be resolved anew, perhaps to another endpoint.
            request.RequestUri = original;
        }
    }

    internal static Uri Address(Uri original, ServiceEndpoint endpoint, ServiceDiscoveryOptions options)
    {
        var address = new UriBuilder(original);
        switch (endpoint.EndPoint)
        {
            case UriEndPoint { Uri: var target }:
                address.Scheme = target.Scheme;
                address.Host = target.Host;
                address.Port = target.Port;
                if (target.AbsolutePath.Length > 1)
                {
                    address.Path = target.AbsolutePath.TrimEnd('/') + original.AbsolutePath;
                }

                break;

            case DnsEndPoint dns:
                Place(address, original, dns.Host, dns.Port, options);
                break;

            case IPEndPoint ip:
                Place(address, original, ip.Address.ToString(), ip.Port, options);
                break;

            default:
                throw new InvalidOperationException($"HTTP cannot reach an endpoint of the kind {endpoint.EndPoint.GetType().Name}.");
        }

        return address.Uri;
    }

    private static void Place(UriBuilder address, Uri original, string host, int port, ServiceDiscoveryOptions options)
    {
        address.Host = host;
        if (original.Scheme.Contains('+', StringComparison.Ordinal))
        {
            address.Scheme = options.ApplyAllowedSchemes(original.Scheme.Split('+')).FirstOrDefault() ?? Uri.UriSchemeHttps;
        }

        if (port > 0)
        {
            address.Port = port;
        }
        else if (original.IsDefaultPort || original.Port < 0)
        {
            address.Port = -1;
        }
    }
}

internal sealed class ServiceDiscoveryHttpMessageHandlerFactory(ServiceEndpointResolver resolver, IOptions<ServiceDiscoveryOptions> options)
    : IServiceDiscoveryHttpMessageHandlerFactory
{
    public HttpMessageHandler CreateHandler(HttpMessageHandler handler) => new ResolvingHttpDelegatingHandler(resolver, options, handler);
}
