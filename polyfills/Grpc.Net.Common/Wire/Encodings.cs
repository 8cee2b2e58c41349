using System.Collections.Frozen;
using System.IO.Compression;
using Grpc.Net.Compression;

namespace Grpc.Net.Wire;

/// <summary>The encodings that one side understands.</summary>
internal sealed class Encodings
{
    private readonly FrozenDictionary<string, ICompressionProvider> _byName;

    public Encodings(IEnumerable<ICompressionProvider> providers)
    {
        // A provider given later replaces an earlier one of its name.
        var byName = new Dictionary<string, ICompressionProvider>(StringComparer.Ordinal);
        foreach (var provider in providers)
        {
            byName[provider.EncodingName] = provider;
        }

        _byName = byName.ToFrozenDictionary(StringComparer.Ordinal);
        Accepted = string.Join(',', byName.Keys.Prepend(HeaderNames.IdentityEncoding));
    }

    public static Encodings Default { get; } = new(BuiltIn);

    public static IEnumerable<ICompressionProvider> BuiltIn
        => [new GzipCompressionProvider(CompressionLevel.Fastest), new DeflateCompressionProvider(CompressionLevel.Fastest)];

    /// <summary>The value of grpc-accept-encoding.</summary>
    public string Accepted { get; }

    public ICompressionProvider? Find(string? name) => name is not null && _byName.TryGetValue(name, out var found) ? found : null;
}
