using Platform.Testing;

namespace Platform.ModelGateway.Tests.Limits;

/// <summary>
/// Calls that three replicas with different clocks let through while five times as many come as may, beside what may: at least what
/// had dripped in when the last call came, at most what had when the last reply did.
/// </summary>
internal sealed record LimitPrecision(int Offered, int Granted, double Least, double Most, TimeSpan Elapsed)
{
    private const int Replicas = 3;
    private const int Multiple = 5;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(50);

    /// <summary>Share by which more or fewer calls went through than may.</summary>
    internal double Error => Math.Max(0, Math.Max(Granted - Most, Least - Granted)) / Most;

    /// <summary>A bucket that is full at the begin allows itself and what drips in.</summary>
    internal static async Task<LimitPrecision> MeasureAsync(string redis, int perMinute, TimeSpan duration, CancellationToken cancellationToken)
    {
        var prefix = $"tests-{Guid.NewGuid():n}";
        var replicas = new List<LimiterReplica>();
        try
        {
            for (var replica = 0; replica < Replicas; replica++)
            {
                // Two of the clocks stand still, in other years: only Redis' clock counts.
                var time = replica == 0 ? TimeProvider.System : new ManualTime(new DateTimeOffset(2000 + (replica * 40), 1, 1, 0, 0, 0, TimeSpan.Zero));
                replicas.Add(await LimiterReplica.StartAsync(redis, prefix, perMinute, time: time));
            }

            return await OfferAsync(replicas, perMinute, duration, cancellationToken);
        }
        finally
        {
            foreach (var replica in replicas)
            {
                await replica.DisposeAsync();
            }
        }
    }

    private static async Task<LimitPrecision> OfferAsync(List<LimiterReplica> replicas, int perMinute, TimeSpan duration, CancellationToken cancellationToken)
    {
        var offered = 0;
        var last = TimeSpan.Zero;
        var calls = new List<Task<bool>>();
        var began = TimeProvider.System.GetTimestamp();
        using var timer = new PeriodicTimer(Tick);
        while (TimeProvider.System.GetElapsedTime(began) < duration)
        {
            // A full bucket at once, so that all that follows is beyond it.
            var due = perMinute + (int)(TimeProvider.System.GetElapsedTime(began).TotalMinutes * perMinute * Multiple);
            for (; offered < due; offered++)
            {
                last = TimeProvider.System.GetElapsedTime(began);
                calls.Add(replicas[offered % replicas.Count].TryAsync(cancellationToken));
            }

            await timer.WaitForNextTickAsync(cancellationToken);
        }

        var granted = (await Task.WhenAll(calls)).Count(call => call);
        var elapsed = TimeProvider.System.GetElapsedTime(began);
        return new LimitPrecision(offered, granted, perMinute * (1 + last.TotalMinutes), perMinute * (1 + elapsed.TotalMinutes), elapsed);
    }
}
