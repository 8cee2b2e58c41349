using System.Globalization;
using System.Net.Sockets;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Describes one endpoint of a resource.</summary>
public sealed class EndpointAnnotation : IResourceAnnotation
{
    private string? transport;
    private int? port;

    /// <param name="protocol">TCP or UDP.</param>
    /// <param name="uriScheme">Scheme of the endpoint's address; the protocol's name when null.</param>
    /// <param name="transport"><c>http</c>, <c>http2</c> or <c>tcp</c>; derived from the scheme when null.</param>
    /// <param name="name">Endpoint name; the scheme when null.</param>
    /// <param name="port">Port that callers use; chosen freely when null.</param>
    /// <param name="targetPort">Port on which the resource listens; the same as the callers' port when null.</param>
    /// <param name="isExternal">Whether the endpoint is meant for callers outside of the application.</param>
    public EndpointAnnotation(
        ProtocolType protocol,
        string? uriScheme = null,
        string? transport = null,
        string? name = null,
        int? port = null,
        int? targetPort = null,
        bool? isExternal = null)
    {
        Protocol = protocol;
        UriScheme = uriScheme ?? protocol.ToString().ToLowerInvariant();
        this.transport = transport;
        Name = name ?? UriScheme;
        Port = port;
        TargetPort = targetPort;
        IsExternal = isExternal ?? false;
    }

    public string Name { get; set; }

    public ProtocolType Protocol { get; set; }

    public int? Port
    {
        get => port;
        set
        {
            port = value;
            PortIsWanted = true;
        }
    }

    public int? TargetPort { get; set; }

    public string UriScheme { get; set; }

    /// <summary>Host on which the resource listens; <c>localhost</c> by default.</summary>
    public string TargetHost { get; set; } = "localhost";

    public bool IsExternal { get; set; }

    public string Transport
    {
        get => transport ?? (UriScheme is "http" or "https" ? "http" : "tcp");
        set => transport = value;
    }

    /// <summary>Where the endpoint is reached; null until the application starts.</summary>
    public AllocatedEndpoint? AllocatedEndpoint { get; set; }

    /// <summary>One address for each replica; the first is <see cref="AllocatedEndpoint"/>.</summary>
    internal IReadOnlyList<AllocatedEndpoint> Replicas { get; set; } = [];

    /// <summary>False when the port came from the project's own settings, which say where it listens when it runs alone.</summary>
    internal bool PortIsWanted { get; set; }

    /// <summary>Key below <c>Kestrel:Endpoints</c> in the project's settings, or null when the endpoint was added by the host.</summary>
    internal string? KestrelKey { get; set; }
}

/// <summary>The address that an endpoint was given.</summary>
public sealed class AllocatedEndpoint
{
    public AllocatedEndpoint(EndpointAnnotation endpoint, string address, int port)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        ArgumentOutOfRangeException.ThrowIfLessThan(port, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(port, 65535);
        Endpoint = endpoint;
        Address = address;
        Port = port;
    }

    public EndpointAnnotation Endpoint { get; }

    public string Address { get; }

    public int Port { get; }

    public string UriScheme => Endpoint.UriScheme;

    public string EndPointString => string.Create(CultureInfo.InvariantCulture, $"{Address}:{Port}");

    public string UriString => $"{UriScheme}://{EndPointString}";

    public override string ToString() => UriString;
}

/// <summary>The parts of an endpoint's address.</summary>
public enum EndpointProperty
{
    Url = 0,
    Host = 1,
    IPV4Host = 2,
    Port = 3,
    Scheme = 4,
    TargetPort = 5,
    HostAndPort = 6,
}

/// <summary>A named endpoint of a resource; its value is the URL.</summary>
public sealed class EndpointReference : IValueProvider, IManifestExpressionProvider, IValueWithReferences
{
    private EndpointAnnotation? annotation;

    public EndpointReference(IResourceWithEndpoints owner, string endpointName)
    {
        Resource = owner;
        EndpointName = endpointName;
    }

    public EndpointReference(IResourceWithEndpoints owner, EndpointAnnotation endpoint)
    {
        Resource = owner;
        EndpointName = endpoint.Name;
        annotation = endpoint;
    }

    public IResourceWithEndpoints Resource { get; }

    public string EndpointName { get; }

    /// <exception cref="InvalidOperationException">The resource has no endpoint of that name.</exception>
    public EndpointAnnotation EndpointAnnotation => annotation ??= Find() ?? throw new InvalidOperationException(
        $"The endpoint `{EndpointName}` is not defined for the resource `{Resource.Name}`.");

    public bool Exists => annotation is not null || Find() is not null;

    public bool IsAllocated => EndpointAnnotation.AllocatedEndpoint is not null;

    public bool IsHttp => EndpointAnnotation.UriScheme == "http";

    public bool IsHttps => EndpointAnnotation.UriScheme == "https";

    public string Scheme => EndpointAnnotation.UriScheme;

    public string Host => Allocated.Address;

    public int Port => Allocated.Port;

    public int? TargetPort => EndpointAnnotation.TargetPort;

    public string Url => Allocated.UriString;

    string IManifestExpressionProvider.ValueExpression => $"{{{Resource.Name}.bindings.{EndpointName}.url}}";

    IEnumerable<object> IValueWithReferences.References => [Resource];

    private AllocatedEndpoint Allocated => EndpointAnnotation.AllocatedEndpoint ?? throw new InvalidOperationException(
        $"The endpoint `{EndpointName}` is not allocated for the resource `{Resource.Name}`.");

    public EndpointReferenceExpression Property(EndpointProperty property) => new(this, property);

    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) => new(Url);

    private EndpointAnnotation? Find() => Resource.Annotations.OfType<EndpointAnnotation>()
        .FirstOrDefault(endpoint => string.Equals(endpoint.Name, EndpointName, StringComparison.OrdinalIgnoreCase));
}

/// <summary>One part of an endpoint's address.</summary>
public sealed class EndpointReferenceExpression(EndpointReference endpointReference, EndpointProperty property)
    : IValueProvider, IManifestExpressionProvider, IValueWithReferences
{
    public EndpointReference Endpoint { get; } = endpointReference;

    public EndpointProperty Property { get; } = property;

    public string ValueExpression => Property switch
    {
        // The scheme is fixed by the model, so manifests carry it as text.
        EndpointProperty.Scheme => Endpoint.Scheme,
        EndpointProperty.HostAndPort => $"{Expression("host")}:{Expression("port")}",
        EndpointProperty.Url => Expression("url"),
        EndpointProperty.Host or EndpointProperty.IPV4Host => Expression("host"),
        EndpointProperty.Port => Expression("port"),
        EndpointProperty.TargetPort => Expression("targetPort"),
        _ => throw new InvalidOperationException($"The endpoint property {Property} has no expression."),
    };

    IEnumerable<object> IValueWithReferences.References => [Endpoint];

    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) => new(Property switch
    {
        EndpointProperty.Url => Endpoint.Url,
        EndpointProperty.Host => Endpoint.Host,
        EndpointProperty.IPV4Host => "127.0.0.1",
        EndpointProperty.Port or EndpointProperty.TargetPort => Endpoint.Port.ToString(CultureInfo.InvariantCulture),
        EndpointProperty.Scheme => Endpoint.Scheme,
        EndpointProperty.HostAndPort => string.Create(CultureInfo.InvariantCulture, $"{Endpoint.Host}:{Endpoint.Port}"),
        _ => throw new InvalidOperationException($"The endpoint property {Property} has no value."),
    });

    private string Expression(string part) => $"{{{Endpoint.Resource.Name}.bindings.{Endpoint.EndpointName}.{part}}}";
}
