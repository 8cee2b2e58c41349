using System.Collections.Concurrent;
using Platform.ServiceDefaults;
using Platform.ModelGateway.Providers;

namespace Platform.ModelGateway.Completions;

/// <summary>
/// Providers that are up but asked not to be asked now, or do not know a model. While others can be asked they come last. This
/// is no breaker: it concerns one model, and a provider that is alone is asked in any case.
/// </summary>
internal sealed class ProviderRests(TimeProvider time)
{
    private static readonly TimeSpan Unasked = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<(string Provider, string Endpoint, string? Model), DateTimeOffset> _until = new();

    internal bool IsEmpty => _until.IsEmpty;

    internal bool Rests(string provider, string endpoint, string? model)
    {
        if (!_until.TryGetValue((provider, endpoint, model), out var until))
        {
            return false;
        }

        if (until > time.GetUtcNow())
        {
            return true;
        }

        _until.TryRemove(KeyValuePair.Create((provider, endpoint, model), until));
        return false;
    }

    internal void Note(string provider, string endpoint, string? model, ProviderException failure)
    {
        TimeSpan? rest = failure.Kind switch
        {
            ExternalErrorClass.NotFound => Longest,
            ExternalErrorClass.RateLimit when !failure.Repeatable => Longest,
            ExternalErrorClass.RateLimit => failure.RetryAfter ?? Unasked,
            _ => null,
        };
        if (rest > TimeSpan.Zero)
        {
            _until[(provider, endpoint, model)] = time.GetUtcNow() + (rest.Value < Longest ? rest.Value : Longest);
        }
    }
}
