using System.Diagnostics.CodeAnalysis;
using System.Net;
using Microsoft.AspNetCore.Http.Features;

namespace Microsoft.Extensions.ServiceDiscovery;

/// <summary>One place where a service can be reached.</summary>
public abstract class ServiceEndpoint
{
    /// <summary>The address: a <see cref="UriEndPoint"/>, a <see cref="DnsEndPoint"/> or an <see cref="IPEndPoint"/>.</summary>
    public abstract EndPoint EndPoint { get; }

    /// <summary>What providers attached to the endpoint.</summary>
    public abstract IFeatureCollection Features { get; }

    /// <summary>An endpoint with that address.</summary>
    public static ServiceEndpoint Create(EndPoint endPoint, IFeatureCollection? features = null)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        return new Resolved(endPoint, features ?? new FeatureCollection());
    }

    /// <summary>Reads <c>host</c>, <c>host:port</c>, <c>ip:port</c> or an absolute URI.</summary>
    public static bool TryParse([NotNullWhen(true)] string? value, [NotNullWhen(true)] out ServiceEndpoint? serviceEndpoint)
    {
        serviceEndpoint = AddressOf(value) is { } address ? Create(address) : null;
        return serviceEndpoint is not null;
    }

    private static EndPoint? AddressOf(string? value)
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            return null;
        }

        if (value.Contains("://", StringComparison.Ordinal))
        {
            return Uri.TryCreate(value, UriKind.Absolute, out var absolute) ? new UriEndPoint(absolute) : null;
        }

        // "host:port" alone would be read as scheme and path; an invented scheme makes it an authority.
        if (!Uri.TryCreate("none://" + value, UriKind.Absolute, out var authority) || authority.Host.Length == 0)
        {
            return null;
        }

        var port = Math.Max(authority.Port, 0);
        return IPAddress.TryParse(authority.Host, out var ip) ? new IPEndPoint(ip, port) : new DnsEndPoint(authority.Host, port);
    }

    private sealed class Resolved(EndPoint endPoint, IFeatureCollection features) : ServiceEndpoint
    {
        public override EndPoint EndPoint => endPoint;

        public override IFeatureCollection Features => features;

        public override string? ToString() => endPoint switch
        {
            IPEndPoint { Port: 0 } ip => ip.Address.ToString(),
            DnsEndPoint { Port: 0 } dns => dns.Host,
            DnsEndPoint dns => $"{dns.Host}:{dns.Port}",
            _ => endPoint.ToString(),
        };
    }
}
