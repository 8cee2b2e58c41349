using System.Collections.Concurrent;
using Platform.EntityResolution.Registry;

namespace Platform.EntityResolution.Aliases;

/// <summary>Counts alias hits in memory and writes them every few seconds, so that answering never waits for it.</summary>
internal sealed partial class AliasUse(AliasStore store, TimeProvider time, ILogger<AliasUse> log) : BackgroundService
{
    private const int MostPending = 10_000;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<(string Organization, string Key), long> _pending = new();

    public void Note(string organization, string key)
    {
        if (_pending.Count < MostPending)
        {
            _pending.AddOrUpdate((organization, key), 1, (_, uses) => uses + 1);
        }
    }

    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        var taken = new List<(string Organization, string Key, long Uses)>();
        foreach (var pair in _pending.Keys)
        {
            if (_pending.TryRemove(pair, out var uses))
            {
                taken.Add((pair.Organization, pair.Key, uses));
            }
        }

        foreach (var group in taken.GroupBy(t => t.Organization))
        {
            try
            {
                await store.CountUseAsync(group.Key, group.ToDictionary(t => t.Key, t => t.Uses), cancellationToken);
            }
            catch (Exception exception) when (RegistryCache.IsDatabaseAway(exception) && !cancellationToken.IsCancellationRequested)
            {
                Log.UseNotCounted(log, exception, group.Key);
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await FlushAsync(stoppingToken);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventName = "AliasUseNotCounted", Level = LogLevel.Information, Message = "Uses of aliases of organization {Organization} were not counted")]
        public static partial void UseNotCounted(ILogger logger, Exception exception, string organization);
    }
}
