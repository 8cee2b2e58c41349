using Platform.Caching.Changes;
using Platform.Testing;

namespace Platform.Caching.Tests.Tiered;

/// <summary>
/// Three replicas, each alone, over one shared tier, or over that and a table, and one changing database, driven by seeded random steps: reads, changes, computations that
/// last while other things happen, deliveries of changes, tiers and source that go away and come back, damage, clocks that move and jump. After every read: the value belongs
/// to its key; unless marked it holds every change that the replica knows of and is no older than promised; marked or not it is no older than the greatest age.
/// </summary>
public sealed class CacheModelTests
{
    public static TheoryData<int, Tiers> Runs => [.. from tiers in Enum.GetValues<Tiers>() from seed in Enumerable.Range(1, 6) select new TheoryDataRow<int, Tiers>(seed, tiers)];

    [Theory]
    [MemberData(nameof(Runs))]
    public async Task Cache_RandomSteps_NeverOlderThanPromisedNeverAnothersValue(int seed, Tiers tiers)
    {
        var model = new Model(seed, tiers);
        for (var step = 0; step < 1500; step++)
        {
            await model.StepAsync();
        }

        await model.EndAsync();
        Assert.True(model.Fresh > 150 && model.Stale > 5 && (model.Refused > 0 || tiers == Tiers.SharedAndDurable), $"{model.Fresh} fresh, {model.Stale} stale, {model.Refused} refused");
        CacheLevel[] levels = tiers switch
        {
            Tiers.Alone => [CacheLevel.Memory, CacheLevel.Computed],
            Tiers.Shared => [CacheLevel.Memory, CacheLevel.Shared, CacheLevel.Computed],
            _ => [CacheLevel.Memory, CacheLevel.Shared, CacheLevel.Durable, CacheLevel.Computed],
        };
        Assert.Equal(levels, model.Levels.Order());
    }

    public enum Tiers
    {
        Alone,
        Shared,
        SharedAndDurable,
    }

    private sealed class Model
    {
        private static readonly CacheKey[] Keys = [.. from tenant in (string[])["a", "b"] from id in (string[])["1", "2", "3"] select new CacheKey(tenant, id)];

        private readonly Random random;
        private readonly ManualTime time = new();
        private readonly FakeSharedTier shared;
        private readonly FakeDurableTier? durable;
        private readonly Replica[] replicas;

        // The database: for each change its key; the position of a change is its index, a snapshot of n holds the first n.
        private readonly List<CacheKey> log = [];
        private readonly int[] known;
        private readonly Dictionary<CacheKey, (TaskCompletionSource Gate, Task<CacheReading<Text>> Read, int Replica)> running = [];
        private readonly Dictionary<CacheKey, int> floors = [];
        private int slow;
        private (CacheKey Key, TaskCompletionSource Gate)? gated;
        private bool isSourceAway;

        public Model(int seed, Tiers tiers)
        {
            random = new Random(seed);
            shared = new FakeSharedTier(time);
            durable = tiers == Tiers.SharedAndDurable ? new FakeDurableTier(time, Lacks) : null;
            var source = new ScriptedSource(ComputeAsync);
            replicas = [.. Enumerable.Range(0, 3).Select(i => new Replica(tiers == Tiers.Alone ? null : shared, source, time, durable, seed: (seed * 10) + i))];
            known = new int[replicas.Length];
            foreach (var replica in replicas)
            {
                replica.Options.MemoryEntries = 5;
                replica.Options.Freshness = TimeSpan.FromMinutes(60);
                replica.Options.ExpiryJitter = 0.2;
                replica.Options.MaximumStaleness = TimeSpan.FromMinutes(180);
                replica.Options.BreakerPause = TimeSpan.FromSeconds(10);
                ((IChangeFollower)replica.Cache).BeginFollowing();
            }
        }

        public int Fresh { get; private set; }

        public int Stale { get; private set; }

        public int Refused { get; private set; }

        public HashSet<CacheLevel> Levels { get; } = [];

        public async Task StepAsync()
        {
            var key = Keys[random.Next(Keys.Length)];
            var at = random.Next(replicas.Length);
            switch (random.Next(100))
            {
                case < 55:
                    if (!running.ContainsKey(key))
                    {
                        Judge(key, at, known[at], await TryAsync(replicas[at].GetAsync(key)));
                        await Task.WhenAll(replicas.Select(replica => replica.Cache.PendingAsync()));
                    }

                    break;
                case < 65:
                    log.Add(key);
                    break;
                case < 77:
                    await DeliverAsync(at);
                    break;
                case < 80:
                    await BeginSlowAsync(key, at);
                    break;
                case < 86:
                    await EndSlowAsync();
                    break;
                case < 88:
                    time.Advance(TimeSpan.FromMinutes(random.Next(1, 60)));
                    break;
                case < 90:
                    time.Jump(TimeSpan.FromMinutes(random.Next(-3000, 3000)));
                    break;
                case < 92:
                    shared.Switch(!shared.IsConnected, forgets: shared.IsConnected && random.Next(3) == 0);
                    break;
                case < 94:
                    isSourceAway = !isSourceAway;
                    if (durable is not null)
                    {
                        // The table is in the same database; it may also be away by itself.
                        durable.IsAway = isSourceAway || random.Next(3) == 0;
                    }

                    break;
                case < 97:
                    shared.Damage(key, bytes => [.. bytes.Select((value, i) => i == bytes.Length / 2 ? (byte)(value ^ 1) : value)]);
                    durable?.Damage(Keys[random.Next(Keys.Length)]);
                    break;
                default:
                    log.Add(key);
                    await replicas[at].Cache.InvalidateAsync(key, log.Count - 1, CancellationToken.None);
                    break;
            }
        }

        public async Task EndAsync()
        {
            while (running.Count > 0)
            {
                await EndSlowAsync();
            }
        }

        private bool Lacks(CacheKey key, CacheEntry<Text> entry)
        {
            for (var position = 0; position < log.Count; position++)
            {
                if (log[position] == key && !entry.Snapshot!.Contains(position))
                {
                    return true;
                }
            }

            return false;
        }

        // What the change feed does, one look.
        private async Task DeliverAsync(int at)
        {
            IChangeFollower follower = replicas[at].Cache;
            for (; known[at] < log.Count; known[at]++)
            {
                follower.IsSharedSuspended |= !await follower.ApplyAsync(new DataChange(log[known[at]].Tenant, log[known[at]].Id, known[at]), CancellationToken.None);
            }

            if (!shared.IsConnected)
            {
                follower.IsSharedSuspended = true;
            }
            else if (!follower.IsSharedSuspended)
            {
                await follower.WriteSharedSnapshotAsync($"{known[at]}:{known[at]}:", TimeSpan.FromDays(1), CancellationToken.None);
            }
            else
            {
                var told = shared.Snapshot is { } snapshot ? int.Parse(snapshot.Split(':')[0], System.Globalization.CultureInfo.InvariantCulture) : -1;
                if (told < 0)
                {
                    await follower.DropEverythingSharedAsync(CancellationToken.None);
                }

                for (var position = Math.Max(0, told); position < known[at] && told >= 0; position++)
                {
                    await follower.ApplyAsync(new DataChange(log[position].Tenant, log[position].Id, position), CancellationToken.None);
                }

                await follower.WriteSharedSnapshotAsync($"{known[at]}:{known[at]}:", TimeSpan.FromDays(1), CancellationToken.None);
                follower.IsSharedSuspended = false;
            }
        }

        private async Task BeginSlowAsync(CacheKey key, int at)
        {
            if (running.ContainsKey(key) || isSourceAway)
            {
                return;
            }

            var gate = new TaskCompletionSource();
            gated = (key, gate);
            var computations = slow;
            var floor = known[at];
            var read = replicas[at].GetAsync(key);
            running[key] = (gate, read, at);
            floors[key] = floor;
            await Eventually.HoldsAsync(() => read.IsCompleted || slow > computations);
            gated = null;
            if (slow == computations)
            {
                // A tier had it: there was nothing to compute.
                running.Remove(key);
                Judge(key, at, floor, await TryAsync(read));
            }
        }

        private async Task EndSlowAsync()
        {
            if (running.Count == 0)
            {
                return;
            }

            var (key, (gate, read, at)) = running.ElementAt(random.Next(running.Count));
            gate.SetResult();
            var outcome = await TryAsync(read);
            running.Remove(key);

            // It may lack what became known while it was computed: it is shown to who waited, and must not be kept.
            Judge(key, at, floors[key], outcome);
            await Task.WhenAll(replicas.Select(replica => replica.Cache.PendingAsync()));
        }

        private async Task<SourceResult<Text>> ComputeAsync(CacheKey key, CancellationToken cancellationToken)
        {
            if (isSourceAway)
            {
                throw new SourceUnavailableException("away", null);
            }

            // The state is that of the moment in which the data are read, before what lasts.
            var (state, at) = (log.Count, time.Now);
            if (gated is { } held && held.Key == key)
            {
                Interlocked.Increment(ref slow);
                await held.Gate.Task.WaitAsync(cancellationToken);
            }

            return new SourceResult<Text>(new CacheEntry<Text>(new Text($"{key.Tenant}/{key.Id}/{state}/{at.Ticks}"), "v", DataSnapshot.Parse($"{state}:{state}:"), time.Now - at), true);
        }

        private static async Task<CacheReading<Text>?> TryAsync(Task<CacheReading<Text>> read)
        {
            try
            {
                return await read.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
            }
            catch (SourceUnavailableException)
            {
                return null;
            }
        }

        private void Judge(CacheKey key, int at, int floor, CacheReading<Text>? outcome)
        {
            if (outcome is not { } reading)
            {
                Assert.True(isSourceAway, "refused although the source is there");
                Refused++;
                return;
            }

            var parts = reading.Value!.Content.Split('/');
            Assert.Equal((key.Tenant, key.Id), (parts[0], parts[1]));
            var state = int.Parse(parts[2], System.Globalization.CultureInfo.InvariantCulture);
            var age = time.Now - new DateTimeOffset(long.Parse(parts[3], System.Globalization.CultureInfo.InvariantCulture), TimeSpan.Zero);
            Levels.Add(reading.Level);
            if (reading.IsStale)
            {
                Stale++;
                Assert.True(age <= TimeSpan.FromMinutes(180), $"{age} old");
                return;
            }

            Fresh++;
            Assert.True(age <= TimeSpan.FromMinutes(60) || reading.Level == CacheLevel.Computed, $"{age} old and not marked, from {reading.Level} of replica {at}");
            Assert.True(!log.Take(floor).Skip(state).Contains(key), $"a change is missing that replica {at} knows of, from {reading.Level}");
        }
    }
}
