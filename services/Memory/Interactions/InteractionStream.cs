using System.Globalization;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Platform.Memory.Interactions;

/// <summary>An entry of the stream.</summary>
/// <param name="Id">Redis's id of the entry.</param>
/// <param name="Data">The interaction as protobuf; null when the entry has no such field.</param>
/// <param name="Organization">Whose it is; empty when the entry does not say.</param>
/// <param name="TraceParent">W3C trace context of the request that queued it; empty when absent.</param>
/// <param name="Deliveries">How often it has been handed out, this time included.</param>
internal sealed record QueuedInteraction(string Id, byte[]? Data, string Organization, string TraceParent, long Deliveries);

/// <summary>What the group has not recorded yet, by all replicas together.</summary>
/// <param name="Waiting">Entries that are not acknowledged, handed out or not.</param>
/// <param name="Lag">Age of the oldest of them; zero when there is none.</param>
internal sealed record StreamBacklog(long Waiting, TimeSpan Lag);

/// <summary>The Redis stream of interactions with its consumer group, on a connection of its own because reads wait on it.</summary>
internal sealed class InteractionStream(IConnectionMultiplexer redis, IOptionsMonitor<StreamOptions> options)
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(3);

    /// <summary>Names this process among the group's consumers.</summary>
    public string Consumer { get; } = $"{Environment.MachineName}-{Environment.ProcessId}-{Guid.NewGuid():N}";

    /// <summary>Creates stream and group when they are absent; entries queued before count too.</summary>
    public async Task EnsureGroupAsync(CancellationToken cancellationToken)
    {
        var settings = options.CurrentValue;
        try
        {
            await ExecuteAsync(AnswerLimit, cancellationToken, "XGROUP", "CREATE", settings.Name, settings.Group, "0", "MKSTREAM");
        }
        catch (RedisServerException exception) when (exception.Message.StartsWith("BUSYGROUP", StringComparison.Ordinal))
        {
            // Another replica, or an earlier start, created it.
        }
    }

    /// <summary>Waits for new entries, at most the configured time.</summary>
    public async Task<IReadOnlyList<QueuedInteraction>> ReadNewAsync(CancellationToken cancellationToken)
    {
        var settings = options.CurrentValue;
        var reply = await ExecuteAsync(
            settings.Block + AnswerLimit, cancellationToken,
            "XREADGROUP", "GROUP", settings.Group, Consumer, "COUNT", settings.BatchSize, "BLOCK", (long)settings.Block.TotalMilliseconds, "STREAMS", settings.Name, ">");
        if (reply.IsNull || (RedisResult[])reply! is not [var stream, ..])
        {
            return [];
        }

        return [.. Entries(((RedisResult[])stream!)[1]).Select(entry => Read(entry, 1))];
    }

    /// <summary>Takes over entries that their consumer has not acknowledged for too long, this one's own failures included.</summary>
    public async Task<IReadOnlyList<QueuedInteraction>> ClaimAbandonedAsync(CancellationToken cancellationToken)
    {
        var settings = options.CurrentValue;
        var reply = (RedisResult[])(await ExecuteAsync(
            AnswerLimit, cancellationToken,
            "XAUTOCLAIM", settings.Name, settings.Group, Consumer, (long)settings.ClaimAfter.TotalMilliseconds, "0-0", "COUNT", settings.BatchSize))!;
        var claimed = new List<QueuedInteraction>();
        foreach (var entry in Entries(reply[1]))
        {
            var id = (string)entry[0]!;
            var pending = (RedisResult[])(await ExecuteAsync(AnswerLimit, cancellationToken, "XPENDING", settings.Name, settings.Group, id, id, 1))!;
            var deliveries = pending is [var only] ? (long)((RedisResult[])only!)[3] : 1;
            claimed.Add(Read(entry, deliveries));
        }

        return claimed;
    }

    /// <summary>Done with an entry, which is then removed: the stream holds only what still waits.</summary>
    public async Task AcknowledgeAsync(string id, CancellationToken cancellationToken)
    {
        var settings = options.CurrentValue;

        // Redis does one after the other; neither has to be known before the next is sent.
        await Task.WhenAll(
            ExecuteAsync(AnswerLimit, cancellationToken, "XACK", settings.Name, settings.Group, id),
            ExecuteAsync(AnswerLimit, cancellationToken, "XDEL", settings.Name, id));
    }

    /// <summary>Sets an entry aside with the reason. It is acknowledged only after the copy is safe.</summary>
    public async Task QuarantineAsync(QueuedInteraction entry, string reason, CancellationToken cancellationToken)
    {
        var settings = options.CurrentValue;
        await ExecuteAsync(
            AnswerLimit, cancellationToken,
            "XADD", settings.DeadName, "MAXLEN", "~", settings.DeadLength, "*",
            "data", entry.Data ?? [], "organization", entry.Organization, "id", entry.Id, "reason", reason, "deliveries", entry.Deliveries);
        await AcknowledgeAsync(entry.Id, cancellationToken);
    }

    public async Task<StreamBacklog> MeasureAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var settings = options.CurrentValue;
        var group = await GroupAsync(settings, cancellationToken);
        var pending = (RedisResult[])(await ExecuteAsync(AnswerLimit, cancellationToken, "XPENDING", settings.Name, settings.Group))!;
        var next = (RedisResult[])(await ExecuteAsync(
            AnswerLimit, cancellationToken, "XRANGE", settings.Name, $"({group.GetValueOrDefault("last-delivered-id", "0-0")}", "+", "COUNT", 1))!;
        string?[] oldest = [pending[1].IsNull ? null : (string)pending[1]!, next is [var entry] ? (string)((RedisResult[])entry!)[0]! : null];
        var since = oldest.OfType<string>().Select(Milliseconds).Order().FirstOrDefault(now.ToUnixTimeMilliseconds());
        var undelivered = long.TryParse(group.GetValueOrDefault("lag"), NumberStyles.None, CultureInfo.InvariantCulture, out var lag) ? lag : next.Length;
        return new StreamBacklog((long)pending[0] + undelivered, TimeSpan.FromMilliseconds(Math.Max(0, now.ToUnixTimeMilliseconds() - since)));
    }

    // An id begins with the moment at which Redis took the entry.
    private static long Milliseconds(string id) => long.Parse(id.Split('-')[0], CultureInfo.InvariantCulture);

    private async Task<Dictionary<string, string>> GroupAsync(StreamOptions settings, CancellationToken cancellationToken)
    {
        foreach (var fields in ((RedisResult[])(await ExecuteAsync(AnswerLimit, cancellationToken, "XINFO", "GROUPS", settings.Name))!).Select(group => (RedisResult[])group!))
        {
            var group = fields.Chunk(2).Where(pair => !pair[1].IsNull).ToDictionary(pair => (string)pair[0]!, pair => (string)pair[1]!);
            if (group["name"] == settings.Group)
            {
                return group;
            }
        }

        return [];
    }

    private static IEnumerable<RedisResult[]> Entries(RedisResult entries)
    {
        if (entries.IsNull)
        {
            yield break;
        }

        foreach (var entry in (RedisResult[])entries!)
        {
            // An entry that was trimmed away meanwhile is null.
            if (!entry.IsNull && (RedisResult[])entry! is [_, var fields] parts && !fields.IsNull)
            {
                yield return parts;
            }
        }
    }

    private static QueuedInteraction Read(RedisResult[] entry, long deliveries)
    {
        var fields = (RedisResult[])entry[1]!;
        byte[]? data = null;
        var (organization, traceParent) = ("", "");
        for (var i = 0; i + 1 < fields.Length; i += 2)
        {
            switch ((string)fields[i]!)
            {
                case "data": data = (byte[])fields[i + 1]!; break;
                case "organization": organization = (string)fields[i + 1]!; break;
                case "traceparent": traceParent = (string)fields[i + 1]!; break;
                default: break;
            }
        }

        return new QueuedInteraction((string)entry[0]!, data, organization, traceParent, deliveries);
    }

    private Task<RedisResult> ExecuteAsync(TimeSpan limit, CancellationToken cancellationToken, string command, params object[] arguments)
    {
        for (var i = 0; i < arguments.Length; i++)
        {
            arguments[i] = arguments[i] is IFormattable number ? number.ToString(null, CultureInfo.InvariantCulture) : arguments[i];
        }

        return redis.GetDatabase().ExecuteAsync(command, arguments).WaitAsync(limit, cancellationToken);
    }
}
