using System.Globalization;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Platform.Caching.Sharing;

/// <summary>L2 in Redis. Every key is <c>platform:&lt;tenant&gt;:&lt;cache&gt;:…</c>; each step that must not be torn apart is a script.</summary>
/// <param name="redis">The connection that everything of this process shares.</param>
/// <param name="cache">Name of the cache.</param>
/// <param name="longestLife">Longest life of an entry.</param>
/// <param name="clock">Times the pauses between attempts to subscribe.</param>
/// <param name="logger">Told of subscriptions that fail.</param>
internal sealed partial class RedisTier(IConnectionMultiplexer redis, string cache, Func<TimeSpan> longestLife, TimeProvider clock, ILogger logger) : ISharedTier
{
    // A computation that takes longer than this may overwrite the word of a change; none is allowed to.
    private static readonly TimeSpan MarkLife = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan SubscribePause = TimeSpan.FromSeconds(1);

    private readonly RedisChannel channel = new($"platform:cache:{cache}", RedisChannel.PatternMode.Literal);
    private readonly RedisKey everything = $"platform:cache:{cache}:generation";

    private readonly RedisKey told = $"platform:cache:{cache}:snapshot";

    public string Name => "redis";

    public bool IsConnected => redis.IsConnected;

    private long GenerationLife => Milliseconds(longestLife() + TimeSpan.FromHours(1));

    /// <summary>Where an entry is kept.</summary>
    public RedisKey EntryKey(CacheKey key) => Key(key, "entry");

    public async Task<SharedReading> ReadAsync(CacheKey key, int maximumBytes, LeaseRequest wanted)
    {
        var reply = (RedisResult[])(await redis.GetDatabase().ScriptEvaluateAsync(
            RedisScripts.Read,
            [EntryKey(key), TenantGeneration(key.Tenant), everything, Key(key, "lease")],
            [maximumBytes, NewGeneration(), GenerationLife, wanted.Lease ?? "", Milliseconds(wanted.Duration)]))!;
        var state = (int)reply[0] switch
        {
            0 => SharedState.Absent,
            1 => SharedState.Present,
            _ => SharedState.Unreadable,
        };
        var generation = $"{(string?)reply[1]}|{(string?)reply[2]}";
        return state == SharedState.Present
            ? new SharedReading(state, generation, (byte[]?)reply[3], TimeSpan.FromMilliseconds(Math.Max(0, (long)reply[4])))
            : new SharedReading(state, generation, null, TimeSpan.Zero, reply.Length > 3 ? Answer(reply[3], reply[4]) : null);
    }

    public async Task<byte[]?> ReadLastKnownAsync(CacheKey key, int maximumBytes) =>
        (byte[]?)await redis.GetDatabase().ScriptEvaluateAsync(RedisScripts.ReadLastKnown, [EntryKey(key), Key(key, "last")], [maximumBytes]);

    public async Task<LeaseAnswer> AcquireAsync(CacheKey key, string lease, TimeSpan duration, ReadOnlyMemory<byte> seen)
    {
        var reply = (RedisResult[])(await redis.GetDatabase().ScriptEvaluateAsync(
            RedisScripts.Acquire, [EntryKey(key), Key(key, "lease")], [lease, Milliseconds(duration), seen.ToArray()]))!;
        return Answer(reply[0], reply[1]);
    }

    public async Task<bool> RenewAsync(CacheKey key, string lease, TimeSpan duration) =>
        (int)await redis.GetDatabase().ScriptEvaluateAsync(RedisScripts.Renew, [Key(key, "lease")], [lease, Milliseconds(duration)]) == 1;

    public async Task<SharedWrite> WriteAsync(CacheKey key, string lease, string generation, string snapshot, byte[] entry, TimeSpan life)
    {
        var generations = generation.Split('|', 2);
        var outcome = (int)await redis.GetDatabase().ScriptEvaluateAsync(
            RedisScripts.Write,
            [EntryKey(key), Key(key, "lease"), Key(key, "changed"), TenantGeneration(key.Tenant), everything],
            [lease, generations[0], generations[1], snapshot, Milliseconds(life), entry, (string)channel!, Notice("f", key, null), GenerationLife]);
        return outcome switch
        {
            0 => SharedWrite.Done,
            1 => SharedWrite.LeaseLost,
            _ => SharedWrite.Outdated,
        };
    }

    public async Task<bool> ReleaseAsync(CacheKey key, string lease) =>
        (int)await redis.GetDatabase().ScriptEvaluateAsync(RedisScripts.Release, [Key(key, "lease")], [lease, (string)channel!, Notice("f", key, null)]) == 1;

    public async Task<bool> InvalidateAsync(CacheKey key, long? position)
    {
        RedisValue at = position is { } known ? known.ToString(CultureInfo.InvariantCulture) : "";
        var notice = Notice("i", key, position);
        var reply = key.Id.Length > 0
            ? await redis.GetDatabase().ScriptEvaluateAsync(
                RedisScripts.Invalidate, [EntryKey(key), Key(key, "lease"), Key(key, "changed"), Key(key, "last")], [at, Milliseconds(MarkLife), (string)channel!, notice])
            : await redis.GetDatabase().ScriptEvaluateAsync(
                RedisScripts.InvalidateGeneration, [key.Tenant.Length > 0 ? TenantGeneration(key.Tenant) : everything], [at, NewGeneration(), GenerationLife, (string)channel!, notice]);
        return (int)reply == 1;
    }

    public async Task<string?> ReadSnapshotAsync() => await redis.GetDatabase().StringGetAsync(told);

    public Task<bool> WriteSnapshotAsync(string snapshot, TimeSpan life) => redis.GetDatabase().StringSetAsync(told, snapshot, life);

    public async Task ListenAsync(Action<SharedNotice> heard, CancellationToken cancellationToken)
    {
        void OnRestored(object? sender, ConnectionFailedEventArgs args) => heard(new SharedNotice(SharedNoticeKind.Interrupted, default, null));
        redis.ConnectionRestored += OnRestored;
        try
        {
            while (!await TrySubscribeAsync(heard, cancellationToken))
            {
                await Task.Delay(SubscribePause, clock, cancellationToken);
            }

            // Between the start and the subscription something may have been missed.
            heard(new SharedNotice(SharedNoticeKind.Interrupted, default, null));
            await Task.Delay(Timeout.InfiniteTimeSpan, clock, cancellationToken);
        }
        finally
        {
            redis.ConnectionRestored -= OnRestored;
        }
    }

    private async Task<bool> TrySubscribeAsync(Action<SharedNotice> heard, CancellationToken cancellationToken)
    {
        if (!redis.IsConnected)
        {
            return false;
        }

        try
        {
            await redis.GetSubscriber().SubscribeAsync(channel, (_, message) => heard(Parse(message))).WaitAsync(SubscribePause, clock, cancellationToken);
            return true;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && exception is not OutOfMemoryException)
        {
            Log.SubscribeFailed(logger, exception);
            return false;
        }
    }

    // What cannot be understood may have been anything.
    private static LeaseAnswer Answer(RedisResult state, RedisResult milliseconds) => new(
        (int)state switch
        {
            0 => LeaseState.Granted,
            1 => LeaseState.Taken,
            _ => LeaseState.EntryChanged,
        },
        TimeSpan.FromMilliseconds(Math.Max(0, (long)milliseconds)));

    private static SharedNotice Parse(string? message)
    {
        var parts = (message ?? "").Split(' ');
        if (parts.Length != 4 || parts[0] is not ("f" or "i"))
        {
            return new SharedNotice(SharedNoticeKind.Interrupted, default, null);
        }

        long? position = long.TryParse(parts[3], NumberStyles.None, CultureInfo.InvariantCulture, out var known) ? known : null;
        var key = new CacheKey(Uri.UnescapeDataString(parts[1]), Uri.UnescapeDataString(parts[2]));
        return new SharedNotice(parts[0] == "f" ? SharedNoticeKind.Finished : SharedNoticeKind.Invalidated, key, position);
    }

    private static string Notice(string kind, CacheKey key, long? position) =>
        string.Create(CultureInfo.InvariantCulture, $"{kind} {Uri.EscapeDataString(key.Tenant)} {Uri.EscapeDataString(key.Id)} {position}");

    // A colon in an id must not lead into another tenant's keys.
    private RedisKey Key(CacheKey key, string part) => $"platform:{Uri.EscapeDataString(key.Tenant)}:{cache}:{part}:{Uri.EscapeDataString(key.Id)}";

    private RedisKey TenantGeneration(string tenant) => $"platform:{Uri.EscapeDataString(tenant)}:{cache}:generation";

    private static string NewGeneration() => "r" + Guid.NewGuid().ToString("n")[..12];

    private static long Milliseconds(TimeSpan time) => Math.Max(1, (long)time.TotalMilliseconds);

    private static partial class Log
    {
        [LoggerMessage(EventId = 21, EventName = "CacheSubscribeFailed", Level = LogLevel.Warning, Message = "The channel of the cache could not be subscribed to; trying again")]
        public static partial void SubscribeFailed(ILogger logger, Exception exception);
    }
}
