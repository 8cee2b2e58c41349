using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Options;
using Platform.ModelGateway.Providers;
using Platform.ServiceDefaults;
using StackExchange.Redis;

namespace Platform.ModelGateway.Limits;

/// <summary>
/// A token bucket for each organization and logical model (requirement E3), one for all instances: a minute's calls may come at
/// once, after that one at a time as tokens drip in. A call is promised a moment and waits for it, in the order in which calls
/// came and no longer than its deadline. A call that comes while much is left does not wait for Redis: it is told after it, of at most
/// <see cref="CallsAhead.Share"/>th of a minute's calls at once. While Redis is away each instance decides with its share.
/// </summary>
internal sealed class ModelLimiter(SharedCalls shared, ReplicaCount replicas, IOptionsMonitor<ModelGatewayOptions> options, TimeProvider time)
{
    private const string TakeScript = TokenBucketScripts.ServerClock + TokenBucketScripts.Take;
    private const string GiveBackScript = TokenBucketScripts.ServerClock + TokenBucketScripts.GiveBack;
    private const int MostBuckets = 50_000;
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);
    private static readonly TimeSpan Forgotten = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<(string Prefix, string Organization, string Model), LocalBucket> _local = new();

    /// <summary>Waits for a token.</summary>
    /// <exception cref="ProviderException">Too many wait already, or the deadline would pass first.</exception>
    internal Task TakeAsync(string organization, string model, TimeSpan? remaining, CancellationToken cancellationToken)
    {
        var bucket = Local(options.CurrentValue.Limits.KeyPrefix, organization, model);
        if (bucket.Ahead.TryUse())
        {
            return Task.CompletedTask;
        }

        var limit = options.CurrentValue.Model(model);
        if (!bucket.HasPlenty(limit.RequestsPerMinute) || !bucket.Ahead.TryOwe(limit.RequestsPerMinute, out var mustTell))
        {
            return TakeAsync(bucket, model, limit, remaining, cancellationToken);
        }

        if (mustTell)
        {
            TellSoon(bucket, limit);
        }

        return Task.CompletedTask;
    }

    private async Task TakeAsync(LocalBucket bucket, string model, ModelOptions limit, TimeSpan? remaining, CancellationToken cancellationToken)
    {
        // Not left half way: what Redis promised must be known to be given back.
        var promise = await PromiseAsync(bucket, limit, remaining < LongestWait ? remaining.Value : LongestWait);
        if (!promise.Held)
        {
            throw new ProviderException(
                ExternalErrorClass.RateLimit, "platform", $"the {limit.RequestsPerMinute} calls a minute of {model} are used up, 0 are left", retryAfter: promise.Wait)
            {
                Refused = true,
            };
        }

        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (promise.Wait > TimeSpan.Zero)
            {
                await Task.Delay(promise.Wait, time, cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            await GiveBackAsync(bucket.Key, limit, promise.Ticket);
            throw;
        }
    }

    private async ValueTask<Promise> PromiseAsync(LocalBucket bucket, ModelOptions limit, TimeSpan longest)
    {
        var asked = bucket.Ahead.Ask(limit.RequestsPerMinute);
        var reply = await AskAsync(bucket, limit, calls: 1, longest, asked);
        if (reply is null)
        {
            var (promised, wait) = bucket.Take(limit.RequestsPerMinute, replicas.Count, longest, limit.WaitingRequests);
            return new Promise(promised, wait, null);
        }

        if (bucket.Ahead.Owes)
        {
            TellSoon(bucket, limit);
        }

        return new Promise((int)reply[0] == 1, TimeSpan.FromMicroseconds(Number(reply[1])), Number(reply[2]));
    }

    // Beside the call: handing a question to the connection takes longer than most of what a call does.
    private void TellSoon(LocalBucket bucket, ModelOptions limit) =>
        ThreadPool.UnsafeQueueUserWorkItem(static tell => _ = tell.Limiter.TellAsync(tell.Bucket, tell.Limit), (Limiter: this, Bucket: bucket, Limit: limit), preferLocal: false);

    /// <summary>Tells Redis of the calls that were let through before it knew. While another question is under way this is left to who asked it.</summary>
    private async Task TellAsync(LocalBucket bucket, ModelOptions limit)
    {
        while (bucket.Ahead.Owes && bucket.Ahead.Ask(limit.RequestsPerMinute) is { } asked)
        {
            if (await AskAsync(bucket, limit, calls: 0, LongestWait, asked) is null)
            {
                return;
            }
        }
    }

    /// <summary>Null when Redis cannot be asked.</summary>
    private async ValueTask<RedisResult[]?> AskAsync(
        LocalBucket bucket, ModelOptions limit, int calls, TimeSpan longest, (int Wanted, int Lapsed, int Owed)? asked)
    {
        var sharing = options.CurrentValue.Limits;
        var back = (asked?.Lapsed ?? 0) - (asked?.Owed ?? 0);
        RedisResult[]? reply = null;
        try
        {
            // Whatever happened to Redis or its clock since, there is no more in the bucket than this instance saw and what dripped in, give or
            // take what drips in while a call is under way.
            var slack = ((1 + back) * TokenBucketScripts.Call) + (long)(2 * sharing.SharedTimeout.TotalMicroseconds * limit.RequestsPerMinute);
            RedisValue most = bucket.Known ? bucket.Level(limit.RequestsPerMinute) + slack : RedisValue.EmptyString;
            reply = await shared.EvaluateAsync(
                TakeScript, [bucket.Key],
                [limit.RequestsPerMinute, limit.RequestsPerMinute, (long)longest.TotalMicroseconds, limit.WaitingRequests, most, asked?.Wanted ?? 0, back, calls],
                sharing.SharedTimeout, sharing.SharedCoolDown, CancellationToken.None);
            if (reply is null)
            {
                bucket.Leave();
            }
            else
            {
                bucket.Follow(Number(reply[3]));
            }

            return reply;
        }
        finally
        {
            if (asked is not null && reply is not null)
            {
                bucket.Ahead.Granted((int)Number(reply[4]));
            }
            else if (asked is not null)
            {
                bucket.Ahead.Unanswered(asked.Value.Owed);
            }
        }
    }

    private async Task GiveBackAsync(RedisKey key, ModelOptions limit, long? ticket)
    {
        if (ticket is { } last)
        {
            var sharing = options.CurrentValue.Limits;
            await shared.EvaluateAsync(
                GiveBackScript, [key], [limit.RequestsPerMinute, limit.RequestsPerMinute, last], sharing.SharedTimeout, sharing.SharedCoolDown, CancellationToken.None);
        }
    }

    private LocalBucket Local(string prefix, string organization, string model)
    {
        if (_local.TryGetValue((prefix, organization, model), out var known))
        {
            return known;
        }

        if (_local.Count > MostBuckets)
        {
            foreach (var (old, bucket) in _local)
            {
                if (bucket.Unused > Forgotten)
                {
                    _local.TryRemove(old, out _);
                }
            }
        }

        // Ids may hold colons: without escapes one organization could name the bucket of another.
        return _local.GetOrAdd((prefix, organization, model), _ => new LocalBucket(
            $"{prefix}:{Uri.EscapeDataString(organization)}:model-rate:{Uri.EscapeDataString(model.ToLowerInvariant())}", time));
    }

    private static long Number(RedisResult value) => long.Parse((string)value!, CultureInfo.InvariantCulture);

    private readonly record struct Promise(bool Held, TimeSpan Wait, long? Ticket);
}
