using Platform.Caching.Changes;
using Platform.Caching.Memory;

namespace Platform.Caching.Tests.Memory;

public sealed class MemoryTierTests
{
    private static MemoryEntry<Text> Entry(string content = "x", long position = 0) =>
        new(new CacheEntry<Text>(new Text(content), "v", DataSnapshot.Parse($"{position}:{position}:"), TimeSpan.Zero), 0, long.MaxValue);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(500)]
    public void Store_MoreThanItHolds_NeverMoreThanThat(int capacity)
    {
        var tier = new MemoryTier<Text>(() => capacity, new Random(1));
        for (var i = 0; i < 3000; i++)
        {
            tier.Store(new CacheKey("t", "k" + i), Entry());
            Assert.True(tier.Count <= capacity);
        }

        Assert.Equal(capacity, tier.Count);
    }

    [Fact]
    public void Store_LessRoomThanBefore_ShrinksToIt()
    {
        var capacity = 200;
        var tier = new MemoryTier<Text>(() => capacity, new Random(1));
        for (var i = 0; i < 200; i++)
        {
            tier.Store(new CacheKey("t", "k" + i), Entry());
        }

        capacity = 20;
        for (var i = 0; i < 10; i++)
        {
            tier.Store(new CacheKey("t", "n" + i), Entry());
        }

        Assert.InRange(tier.Count, 1, 20);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    public void Find_AfterAScan_WhatIsInUseIsStillThere(int scannedForEachUse)
    {
        var tier = new MemoryTier<Text>(() => 100, new Random(1));
        for (var round = 0; round < 5; round++)
        {
            for (var i = 0; i < 80; i++)
            {
                Use(tier, "used" + i);
            }
        }

        // Twenty times as much as it holds at once, or a hundred and more times beside what is in use.
        for (var i = 0; i < (scannedForEachUse == 0 ? 2000 : 15_000); i++)
        {
            Use(tier, "scan" + i);
            if (scannedForEachUse > 0 && i % scannedForEachUse == 0)
            {
                Use(tier, "used" + (i / scannedForEachUse % 80));
            }
        }

        Assert.InRange(Enumerable.Range(0, 80).Count(i => tier.Find(new CacheKey("t", "used" + i)) is not null), 72, 80);
    }

    [Fact]
    public void Find_WhatIsInUseChanges_TheNewOnesMoveIn()
    {
        var tier = new MemoryTier<Text>(() => 100, new Random(1));
        foreach (var phase in (string[])["a", "b", "c"])
        {
            for (var round = 0; round < 300; round++)
            {
                for (var i = 0; i < 80; i++)
                {
                    Use(tier, phase + i);
                }
            }

            Assert.InRange(Enumerable.Range(0, 80).Count(i => tier.Find(new CacheKey("t", phase + i)) is not null), 60, 80);
        }
    }

    /// <summary>A stream of a Zipf law against the best that a fixed choice could do, and against least-recently-used (bar P10, smaller).</summary>
    [Fact]
    public void Find_ZipfStream_NearTheBestFixedChoiceAndAboveLeastRecentlyUsed()
    {
        const int Keys = 20_000;
        const int Places = 200;
        var stream = ZipfStream.Create(Keys, 0.9, 600_000, seed: 11, out var best);
        var tier = new MemoryTier<Text>(() => Places, new Random(1));
        var lru = new LeastRecentlyUsed(Places);
        var (hits, lruHits, counted) = (0, 0, 0);
        var names = Enumerable.Range(0, Keys).Select(i => new CacheKey("t", "customer-" + i)).ToArray();
        for (var i = 0; i < stream.Length; i++)
        {
            var hit = Use(tier, names[stream[i]]);
            var lruHit = lru.Use(stream[i]);
            if (i >= 100_000)
            {
                counted++;
                hits += hit ? 1 : 0;
                lruHits += lruHit ? 1 : 0;
            }
        }

        var rate = hits / (double)counted;
        Assert.True(rate >= 0.93 * best(Places), $"{rate:F3} of {best(Places):F3}");
        Assert.True(rate >= 1.2 * lruHits / counted, $"{rate:F3} against {lruHits / (double)counted:F3}");
    }

    [Fact]
    public void Invalidate_PositionContained_StaysOtherwiseOnlyLastKnown()
    {
        var tier = new MemoryTier<Text>(() => 10, new Random(1));
        var key = new CacheKey("t", "a");
        tier.Store(key, Entry("one", position: 7));

        Assert.False(tier.Invalidate(key, 6));
        Assert.False(tier.Find(key)!.IsInvalid);
        Assert.True(tier.Invalidate(key, 7));
        Assert.False(tier.Invalidate(key, null));
        Assert.True(tier.Find(key)!.IsInvalid);
        Assert.Equal("one", tier.Find(key)!.Value!.Content);
    }

    [Fact]
    public void InvalidateAll_OneTenant_OthersStay()
    {
        var tier = new MemoryTier<Text>(() => 10, new Random(1));
        foreach (var key in (CacheKey[])[new("t", "a"), new("t", "b"), new("u", "a")])
        {
            tier.Store(key, Entry());
        }

        Assert.Equal(2, tier.InvalidateAll("t", null));
        Assert.False(tier.Find(new CacheKey("u", "a"))!.IsInvalid);
        Assert.Equal(1, tier.InvalidateAll(null, null));
    }

    [Fact]
    public void Find_Hit_AllocatesNothing()
    {
        var tier = new MemoryTier<Text>(() => 10, new Random(1));
        var key = new CacheKey("t", "a");
        tier.Store(key, Entry());
        tier.Find(key);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            tier.Find(key);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public async Task Tier_ManyThreads_NothingOfAnotherKeyAndBounded()
    {
        var tier = new MemoryTier<Text>(() => 50, new Random(1));
        await Task.WhenAll(Enumerable.Range(0, 4).Select(worker => Task.Run(() =>
        {
            var random = new Random(worker);
            for (var i = 0; i < 50_000; i++)
            {
                var key = new CacheKey("t" + random.Next(2), "c" + random.Next(100));
                if (tier.Find(key) is { } entry)
                {
                    Assert.Equal(key.ToString(), entry.Value!.Content);
                }
                else
                {
                    tier.Store(key, Entry(key.ToString()));
                }

                if (random.Next(20) == 0)
                {
                    tier.Invalidate(key, null);
                }
            }
        })));

        Assert.InRange(tier.Count, 1, 50);
    }

    private static bool Use(MemoryTier<Text> tier, string id) => Use(tier, new CacheKey("t", id));

    private static bool Use(MemoryTier<Text> tier, CacheKey key)
    {
        if (tier.Find(key) is not null)
        {
            return true;
        }

        tier.Store(key, Entry());
        return false;
    }
}
