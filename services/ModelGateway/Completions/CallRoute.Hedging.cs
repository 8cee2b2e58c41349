using Platform.ModelGateway.Providers;
using Platform.ServiceDefaults;

namespace Platform.ModelGateway.Completions;

/// <summary>Two providers for one call: the second is asked when the first is slow, and the first answer counts.</summary>
internal sealed partial class CallRoute
{
    private async Task<(TAnswer Answer, ProviderAttempt Attempt)> AskHedgedAsync<TAnswer>(Func<ProviderAttempt, Task<TAnswer>> ask, TimeSpan after)
    {
        var running = new List<(Leg Leg, ProviderAttempt Attempt, Task<TAnswer> Answer)>();
        try
        {
            while (true)
            {
                if (running.Count == 0)
                {
                    var (leg, attempt) = await NextAsync();
                    running.Add((leg, attempt, ask(attempt)));
                }

                if (running.Count == 1 && !await EndsWithinAsync(running[0].Answer, after) && await TryHedgeAsync(running[0].Leg) is var (second, hedge))
                {
                    running.Add((second, hedge, ask(hedge)));
                }

                var ended = await Task.WhenAny(running.Select(one => one.Answer));
                var first = running.Find(one => one.Answer == ended);
                try
                {
                    var answer = await first.Answer;
                    running.Remove(first);
                    call.Provider = first.Attempt.Provider;
                    return (answer, first.Attempt);
                }
                catch (Exception error) when (first.Attempt.Failed(error) is { } failure)
                {
                    running.Remove(first);
                    first.Attempt.Dispose();
                    if (failure.Kind == ExternalErrorClass.BadRequest)
                    {
                        throw failure;
                    }

                    Note(first.Leg, failure);
                }
            }
        }
        finally
        {
            foreach (var (_, attempt, answer) in running)
            {
                attempt.Cancel();
                _ = AbandonAsync(attempt, answer);
            }
        }
    }

    private async Task<bool> EndsWithinAsync(Task answer, TimeSpan after)
    {
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(caller);
        var ended = await Task.WhenAny(answer, Task.Delay(after, router.Time, waiting.Token)) == answer;
        await waiting.CancelAsync();
        return ended;
    }

    private async Task<(Leg Leg, ProviderAttempt Attempt)?> TryHedgeAsync(Leg asked)
    {
        foreach (var leg in _legs)
        {
            if (leg != asked && !leg.Over && leg.Failures == 0 && router.MayHedge())
            {
                if (await TryBeginPaidAsync(leg, TimeSpan.Zero) is { } attempt)
                {
                    return (leg, attempt);
                }
            }
        }

        return null;
    }

    /// <summary>Whoever comes second tells nothing about its provider.</summary>
    private static async Task AbandonAsync<TAnswer>(ProviderAttempt attempt, Task<TAnswer> answer)
    {
        using (attempt)
        {
            try
            {
                if (await answer is IAsyncDisposable stream)
                {
                    await stream.DisposeAsync();
                }
            }
            catch (Exception error) when (error is OperationCanceledException or ProviderException)
            {
                // It was told to stop.
            }
        }
    }
}
