using Microsoft.Extensions.Options;
using Platform.Memory.Conversations;
using StackExchange.Redis;

namespace Platform.Memory.Interactions;

/// <summary>
/// A follow-up may come before the turn that it follows is recorded. The gateway leaves that turn's request id beside the stream, so that the
/// conversation is read after it; when Redis does not answer, it is read as it stands.
/// </summary>
internal sealed class LastTurns(IConnectionMultiplexer redis, ConversationStore conversations, IOptionsMonitor<StreamOptions> options, TimeProvider time)
{
    private static readonly TimeSpan RedisLimit = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <summary>Returns once the last queued turn of the session is recorded, at the latest after <see cref="StreamOptions.TurnWait"/>.</summary>
    public async Task RecordedAsync(string organization, string session, CancellationToken cancellationToken)
    {
        var settings = options.CurrentValue;
        if (settings.TurnWait <= TimeSpan.Zero || await RequestAsync($"{settings.Name}:last:{organization}:{session}", cancellationToken) is not { } request)
        {
            return;
        }

        var began = time.GetTimestamp();
        while (!await conversations.IsRecordedAsync(organization, request, cancellationToken) && time.GetElapsedTime(began) < settings.TurnWait)
        {
            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    private async Task<string?> RequestAsync(string key, CancellationToken cancellationToken)
    {
        if (!redis.IsConnected)
        {
            return null;
        }

        try
        {
            return await redis.GetDatabase().StringGetAsync(key).WaitAsync(RedisLimit, time, cancellationToken);
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            return null;
        }
    }
}
