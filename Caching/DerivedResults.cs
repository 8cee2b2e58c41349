using System.Security.Cryptography;
using Microsoft.Extensions.Caching.Memory;

namespace Platform.Caching;

/// <summary>
/// Results that follow from their input alone: kept by the input's bytes, so that none is ever out of date and none crosses from one
/// tenant to another whose input is not the very same. In memory only; least recently used ones go first.
/// </summary>
/// <param name="mostBytes">Most bytes of input that results are kept for.</param>
public sealed class DerivedResults<T>(long mostBytes) : IDisposable
    where T : class
{
    private static readonly TimeSpan KeptUnused = TimeSpan.FromMinutes(10);

    private readonly MemoryCache _results = new(new MemoryCacheOptions { SizeLimit = mostBytes });

    /// <param name="input">What the result is made of.</param>
    /// <param name="around">All else that it depends on.</param>
    /// <param name="make">Makes it; with the same input always the same.</param>
    /// <returns>What callers share and must not change.</returns>
    public T Get(ReadOnlySpan<byte> input, string around, Func<T> make)
    {
        var key = around + '\n' + Convert.ToBase64String(SHA256.HashData(input));
        if (_results.TryGetValue(key, out T? kept))
        {
            return kept!;
        }

        var made = make();
        using var entry = _results.CreateEntry(key);
        (entry.Value, entry.Size, entry.SlidingExpiration) = (made, input.Length, KeptUnused);
        return made;
    }

    public void Dispose() => _results.Dispose();
}
