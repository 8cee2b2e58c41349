using System.Globalization;
using Microsoft.Extensions.Options;
using Platform.ModelGateway.Providers;
using StackExchange.Redis;

namespace Platform.ModelGateway.Breakers;

/// <summary>What all instances agreed on about one breaker.</summary>
/// <param name="UntilHalfOpen">Zero once it is half-open, and while it is held open by hand.</param>
/// <param name="Version">Grows with every change; 0 when Redis knows nothing of the breaker.</param>
/// <param name="Granted">The call that asked may be made.</param>
internal sealed record SharedBreakerState(
    BreakerPhase Phase, TimeSpan UntilHalfOpen, int Failures, int Successes, DateTimeOffset OpenedAt, bool Forced, long Version, bool Granted);

/// <summary>The steps of the shared breakers. Null says that Redis cannot be asked now; it is then left alone for a second.</summary>
internal sealed partial class SharedBreakers(IConnectionMultiplexer redis, IOptionsMonitor<ModelGatewayOptions> options, TimeProvider time, ILogger<SharedBreakers> logger)
{
    private static readonly TimeSpan CoolDown = TimeSpan.FromSeconds(1);

    private long _restUntil = long.MinValue;

    internal bool IsConnected => redis.IsConnected;

    internal string Channel => $"{Prefix}:changed";

    private string Prefix => $"{{{options.CurrentValue.Limits.KeyPrefix}:breaker}}";

    private RedisKey Names => $"{Prefix}:names";

    internal async Task<SharedBreakerState?> StepAsync(string step, string name, string id = "", TimeSpan left = default)
    {
        var reply = await TryAsync(database => EvaluateAsync(database, step, name, id, left));
        return reply is null ? null : Read((RedisResult[])reply!);
    }

    /// <summary>
    /// The probe is over for Redis, also while that is left alone: on one connection this comes after the question that may have begun the probe.
    /// What Redis cannot be told ends with the probe's lease.
    /// </summary>
    internal async Task AbandonAsync(string name, string id)
    {
        if (!redis.IsConnected)
        {
            return;
        }

        try
        {
            await EvaluateAsync(redis.GetDatabase(), "abandon", name, id, TimeSpan.Zero).WaitAsync(options.CurrentValue.Breaker.SharedTimeout, time);
        }
        catch (Exception error) when (error is RedisException or TimeoutException or ObjectDisposedException)
        {
            // The lease ends it.
        }
    }

    private Task<RedisResult> EvaluateAsync(IDatabase database, string step, string name, string id, TimeSpan left)
    {
        var breaker = options.CurrentValue.Breaker;
        RedisKey[] keys = [$"{Prefix}:{name}:state", $"{Prefix}:{name}:failures", $"{Prefix}:{name}:probes", Names];
        RedisValue[] arguments =
        [
            step, id, breaker.Failures, Micros(breaker.Window), Micros(breaker.OpenFor), breaker.SuccessesToClose, breaker.Probes,
            Micros(breaker.ProbeLease), Micros(left), Channel, name,
        ];
        return database.ScriptEvaluateAsync(BreakerScript.Text, keys, arguments);
    }

    /// <summary>The names of every breaker that any instance has used.</summary>
    internal async Task<string[]?> NamesAsync()
    {
        var members = await TryAsync(database => database.SetMembersAsync(Names));
        return members is null ? null : [.. members.Select(member => (string)member!)];
    }

    internal Task SubscribeAsync(Action<string> changed) =>
        redis.GetSubscriber().SubscribeAsync(new RedisChannel(Channel, RedisChannel.PatternMode.Literal), (_, name) => changed((string)name!));

    private async Task<TReply?> TryAsync<TReply>(Func<IDatabase, Task<TReply>> ask)
        where TReply : class
    {
        if (!redis.IsConnected || time.GetTimestamp() < Volatile.Read(ref _restUntil))
        {
            return null;
        }

        try
        {
            return await ask(redis.GetDatabase()).WaitAsync(options.CurrentValue.Breaker.SharedTimeout, time);
        }
        catch (Exception error) when (error is RedisException or TimeoutException or ObjectDisposedException)
        {
            Volatile.Write(ref _restUntil, time.GetTimestamp() + (long)(CoolDown.TotalSeconds * time.TimestampFrequency));
            Log.Away(logger, error.GetType().Name);
            return null;
        }
    }

    private static SharedBreakerState Read(RedisResult[] reply) => new(
        (BreakerPhase)(int)reply[0],
        TimeSpan.FromMicroseconds(Number(reply[1])),
        (int)reply[2],
        (int)Number(reply[3]),
        DateTimeOffset.UnixEpoch.AddMicroseconds(Number(reply[4])),
        (int)reply[5] == 1,
        Number(reply[6]),
        (int)reply[7] == 1);

    private static long Number(RedisResult value) => long.Parse((string)value!, CultureInfo.InvariantCulture);

    private static long Micros(TimeSpan span) => (long)span.TotalMicroseconds;

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, EventName = "SharedBreakersAway", Level = LogLevel.Warning, Message = "The shared breakers cannot be reached ({Error}); this instance decides alone for now")]
        internal static partial void Away(ILogger logger, string error);
    }
}
