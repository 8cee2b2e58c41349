using System.Net.Sockets;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Platform.Caching.Changes;

/// <summary>
/// Brings changes of orders, invoices and payments to the caches of this replica and to Redis. The outbox is the truth: it is looked
/// at after every notification and at least every second, from where the look before ended. Redis holds how far it has been
/// told; it is used only while that is known, so that what it missed while it or every replica was away is applied first.
/// </summary>
public sealed partial class ChangeFeed(NpgsqlDataSource database, IEnumerable<IChangeFollower> followers, Func<ChangeFeedOptions> options, TimeProvider clock, ILogger<ChangeFeed> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan SharedSnapshotEvery = TimeSpan.FromSeconds(5);

    private readonly IReadOnlyList<IChangeFollower> followers = [.. followers];
    private readonly Dictionary<IChangeFollower, long> sharedWrittenAt = [];
    private string? seen;
    private long caughtUpAt = clock.GetTimestamp();

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var follower in followers)
        {
            follower.BeginFollowing();
            follower.IsSharedSuspended = true;
        }

        return base.StartAsync(cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(FollowAsync(stoppingToken), WatchAsync(stoppingToken));

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (exception is NpgsqlException or TimeoutException or InvalidOperationException or OperationCanceledException or SocketException or IOException)
            {
                Log.Interrupted(logger, exception);
                await Task.Delay(Pause, clock, cancellationToken).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            }
        }
    }

    // Apart from the looks, which may hang for as long as their limit.
    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Pause, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                var behind = clock.GetElapsedTime(Interlocked.Read(ref caughtUpAt)) > options().MaximumLag;
                foreach (var follower in followers.Where(follower => follower.IsBehind != behind))
                {
                    follower.IsBehind = behind;
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            Log.Stopped(logger);
        }
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        await using var connection = await LimitedAsync(token => database.OpenConnectionAsync(token).AsTask(), cancellationToken);
        await using (var listen = new NpgsqlCommand($"LISTEN {ChangeOutbox.Channel}", connection))
        {
            await LimitedAsync(token => listen.ExecuteNonQueryAsync(token), cancellationToken);
        }

        // One that arrives during a look may be of a change that the look does not see.
        var notified = false;
        connection.Notification += (_, _) => notified = true;
        while (true)
        {
            notified = false;
            await CatchUpAsync(connection, cancellationToken);
            Interlocked.Exchange(ref caughtUpAt, clock.GetTimestamp());
            if (!notified)
            {
                await connection.WaitAsync(options().PollInterval, cancellationToken);
            }
        }
    }

    private async Task CatchUpAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var lost = clock.GetElapsedTime(Interlocked.Read(ref caughtUpAt)) > options().Retention / 2;
        var look = seen is null || lost ? null : await LookAsync(connection, seen, cancellationToken);
        if (look is not { IsUnbroken: true })
        {
            // The snapshot first: what changes after it will be seen by the next look.
            seen = await LimitedAsync(token => ChangeOutbox.CurrentSnapshotAsync(connection, token), cancellationToken);
            foreach (var follower in followers)
            {
                follower.DropEverythingLocal();
                follower.IsSharedSuspended = true;
            }
        }
        else
        {
            foreach (var follower in followers)
            {
                await ApplyAsync(follower, look, cancellationToken);
            }

            seen = look.Snapshot;
        }

        foreach (var follower in followers)
        {
            await CatchUpSharedAsync(connection, follower, cancellationToken);
        }
    }

    private static async Task ApplyAsync(IChangeFollower follower, ChangeLook look, CancellationToken cancellationToken)
    {
        foreach (var change in look.Changes)
        {
            if (!await follower.ApplyAsync(change, cancellationToken))
            {
                follower.IsSharedSuspended = true;
            }
        }
    }

    private async Task CatchUpSharedAsync(NpgsqlConnection connection, IChangeFollower follower, CancellationToken cancellationToken)
    {
        if (!follower.IsSharedSuspended)
        {
            if (!sharedWrittenAt.TryGetValue(follower, out var at) || clock.GetElapsedTime(at) > SharedSnapshotEvery)
            {
                follower.IsSharedSuspended = !await TellAsync(follower, seen!, cancellationToken);
            }

            return;
        }

        var (answered, told) = await follower.ReadSharedSnapshotAsync(cancellationToken);
        if (!answered)
        {
            return;
        }

        var look = told is null ? null : await LookAsync(connection, told, cancellationToken);
        if (look is not { IsUnbroken: true })
        {
            if (await follower.DropEverythingSharedAsync(cancellationToken) && await TellAsync(follower, seen!, cancellationToken))
            {
                follower.IsSharedSuspended = false;
            }

            return;
        }

        foreach (var change in look.Changes)
        {
            if (!await follower.ApplyAsync(change, cancellationToken))
            {
                return;
            }
        }

        if (look.Changes.Count > 0)
        {
            Log.CaughtUp(logger, look.Changes.Count, follower.Name);
        }

        follower.IsSharedSuspended = !await TellAsync(follower, look.Snapshot, cancellationToken);
    }

    private async Task<bool> TellAsync(IChangeFollower follower, string snapshot, CancellationToken cancellationToken)
    {
        sharedWrittenAt[follower] = clock.GetTimestamp();
        return await follower.WriteSharedSnapshotAsync(snapshot, options().Retention / 2, cancellationToken);
    }

    private Task<ChangeLook> LookAsync(NpgsqlConnection connection, string since, CancellationToken cancellationToken) =>
        LimitedAsync(token => ChangeOutbox.SinceAsync(connection, since, options().MaximumChanges, token), cancellationToken);

    private async Task<T> LimitedAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(options().Limit, clock);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        return await call(linked.Token);
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 31, EventName = "ChangeFeedInterrupted", Level = LogLevel.Warning, Message = "Changes of the data cannot be followed; trying again")]
        public static partial void Interrupted(ILogger logger, Exception exception);

        [LoggerMessage(EventId = 32, EventName = "ChangeFeedCaughtUp", Level = LogLevel.Information, Message = "{Count} changes that Redis had missed were applied to the cache {Cache}")]
        public static partial void CaughtUp(ILogger logger, int count, string cache);

        [LoggerMessage(EventId = 33, EventName = "ChangeFeedStopped", Level = LogLevel.Debug, Message = "Changes of the data are no longer followed")]
        public static partial void Stopped(ILogger logger);
    }
}
