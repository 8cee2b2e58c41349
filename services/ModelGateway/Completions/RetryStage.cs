using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;
using Platform.ModelGateway.Providers;
using Platform.ServiceDefaults;

namespace Platform.ModelGateway.Completions;

/// <summary>
/// The one layer that repeats model calls (requirement G3): what another attempt may cure, after a growing, scattered wait or
/// the one that the provider asked for, as long as the caller's deadline leaves room. A stream is repeated only while nothing
/// of it was passed on.
/// </summary>
internal sealed class RetryStage(IChatClient inner, IOptionsMonitor<ModelGatewayOptions> options, IRequestContextAccessor accessor, TimeProvider time)
    : DelegatingChatClient(inner)
{
    public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? chatOptions = null, CancellationToken cancellationToken = default)
    {
        var repeatable = messages as IReadOnlyList<ChatMessage> ?? [.. messages];
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await base.GetResponseAsync(repeatable, chatOptions, cancellationToken);
            }
            catch (ProviderException error) when (WaitAfter(error, attempt) is { } wait)
            {
                await Task.Delay(wait, time, cancellationToken);
            }
        }
    }

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? chatOptions = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var repeatable = messages as IReadOnlyList<ChatMessage> ?? [.. messages];
        for (var attempt = 1; ; attempt++)
        {
            await using var updates = base.GetStreamingResponseAsync(repeatable, chatOptions, cancellationToken).GetAsyncEnumerator(cancellationToken);
            bool any;
            try
            {
                any = await updates.MoveNextAsync();
            }
            catch (ProviderException error) when (WaitAfter(error, attempt) is { } wait)
            {
                await Task.Delay(wait, time, cancellationToken);
                continue;
            }

            while (any)
            {
                yield return updates.Current;
                any = await updates.MoveNextAsync();
            }

            yield break;
        }
    }

    /// <summary>How long to wait before the next attempt; null when there must be none.</summary>
    private TimeSpan? WaitAfter(ProviderException error, int attempt)
    {
        var policy = options.CurrentValue.Retry;
        if (error.Refused || !error.Kind.IsTransient() || attempt >= policy.MaximumAttempts)
        {
            return null;
        }

        var wait = error.RetryAfter ?? Backoff(policy, attempt, Random.Shared.NextDouble());
        return wait <= policy.MaximumDelay && (accessor.Current.Remaining(time) is not { } left || wait < left) ? wait : null;
    }

    /// <summary>base × factor^(attempt − 1), at most the cap, times 0.5 to 1.5.</summary>
    internal static TimeSpan Backoff(RetryOptions policy, int attempt, double random)
    {
        var grown = Math.Min(policy.BaseDelay.TotalMilliseconds * Math.Pow(policy.Factor, attempt - 1), policy.MaximumDelay.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(Math.Min(grown * (0.5 + random), policy.MaximumDelay.TotalMilliseconds));
    }
}
