using System.Net;

namespace Microsoft.Extensions.ServiceDiscovery;

/// <summary>An address given as a URI.</summary>
public class UriEndPoint : EndPoint
{
    /// <summary>An address at that URI.</summary>
    public UriEndPoint(Uri uri)
    {
        ArgumentNullException.ThrowIfNull(uri);
        Uri = uri;
    }

    /// <summary>The URI.</summary>
    public Uri Uri { get; }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is UriEndPoint other && other.Uri.Equals(Uri);

    /// <inheritdoc/>
    public override int GetHashCode() => Uri.GetHashCode();

    /// <inheritdoc/>
    public override string? ToString() => Uri.ToString();
}
