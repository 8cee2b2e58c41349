using Microsoft.Extensions.AI;
using Platform.ModelGateway.Providers;

namespace Platform.ModelGateway.Completions;

/// <summary>A stream of which the first part has come.</summary>
internal sealed class ProviderStream : IAsyncDisposable
{
    private readonly IAsyncEnumerator<ChatResponseUpdate> _updates;
    private readonly ProviderAttempt _attempt;

    private ProviderStream(IAsyncEnumerable<ChatResponseUpdate> updates, ProviderAttempt attempt) =>
        (_updates, _attempt) = (updates.GetAsyncEnumerator(attempt.Token), attempt);

    internal ChatResponseUpdate Current => _updates.Current;

    internal static async Task<ProviderStream> OpenAsync(IAsyncEnumerable<ChatResponseUpdate> updates, ProviderAttempt attempt)
    {
        var stream = new ProviderStream(updates, attempt);
        var begun = false;
        try
        {
            begun = await stream.ReadAsync();
            return begun ? stream : throw ProviderErrors.Garbage(attempt.Provider.Name, "the stream is empty");
        }
        finally
        {
            if (!begun)
            {
                await stream.DisposeAsync();
            }
        }
    }

    /// <summary>Waits for the next part; false when the answer is whole.</summary>
    internal ValueTask<bool> NextAsync()
    {
        _attempt.Await();
        return ReadAsync();
    }

    public ValueTask DisposeAsync() => _updates.DisposeAsync();

    private async ValueTask<bool> ReadAsync()
    {
        while (await _updates.MoveNextAsync())
        {
            if (!ReferenceEquals(_updates.Current, IStreamedAnswer.Progress))
            {
                _attempt.Rest();
                return true;
            }

            _attempt.Await();
        }

        return false;
    }
}
