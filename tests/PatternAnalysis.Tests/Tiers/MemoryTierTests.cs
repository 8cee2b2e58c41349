using Platform.Contracts.PatternAnalysis.V1;
using Platform.PatternAnalysis.Tiers;
using Platform.Testing;

namespace Platform.PatternAnalysis.Tests.Tiers;

public sealed class MemoryTierTests
{
    private readonly ManualTime clock = new(DateTimeOffset.UnixEpoch);

    [Fact]
    public void Store_MoreThanTheBound_LeastRecentlyUsedDropped()
    {
        var tier = Tier(3);
        foreach (var id in (string[])["a", "b", "c"])
        {
            tier.Store(new PatternKey("o", id), new CustomerPatterns(), clock.Now.AddHours(1));
        }

        Assert.NotNull(tier.Find(new PatternKey("o", "a")));
        tier.Store(new PatternKey("o", "d"), new CustomerPatterns(), clock.Now.AddHours(1));

        Assert.Equal(3, tier.Count);
        Assert.Null(tier.Find(new PatternKey("o", "b")));
        Assert.NotNull(tier.Find(new PatternKey("o", "a")));
    }

    [Fact]
    public void Find_ExpiredOrInvalidated_OnlyLastKnown()
    {
        var tier = Tier(10);
        tier.Store(new PatternKey("o", "a"), new CustomerPatterns(), clock.Now.AddHours(1));
        tier.Store(new PatternKey("o", "b"), new CustomerPatterns(), clock.Now.AddHours(3));
        tier.Store(new PatternKey("p", "b"), new CustomerPatterns(), clock.Now.AddHours(3));

        clock.Now = clock.Now.AddHours(2);
        Assert.Equal(1, tier.Invalidate("o", "b"));

        Assert.Null(tier.Find(new PatternKey("o", "a")));
        Assert.Null(tier.Find(new PatternKey("o", "b")));
        Assert.NotNull(tier.Find(new PatternKey("p", "b")));
        Assert.NotNull(tier.FindLastKnown(new PatternKey("o", "a")));
        Assert.NotNull(tier.FindLastKnown(new PatternKey("o", "b")));
    }

    /// <summary>Random gets, stores, invalidations and clock moves against a plain model.</summary>
    [Fact]
    public void Tier_RandomOperations_LikeTheModel()
    {
        var random = new Random(5);
        var tier = Tier(8);
        Dictionary<PatternKey, (CustomerPatterns Patterns, DateTimeOffset ExpiresAt, bool Valid, int Used)> model = [];
        for (var step = 0; step < 20_000; step++)
        {
            var key = new PatternKey("o" + random.Next(2), "c" + random.Next(10));
            switch (random.Next(10))
            {
                case < 5:
                    var expected = model.TryGetValue(key, out var entry) && entry.Valid && entry.ExpiresAt > clock.Now ? entry.Patterns : null;
                    Assert.Same(expected, tier.Find(key));
                    if (expected is not null)
                    {
                        model[key] = entry with { Used = step };
                    }

                    break;
                case < 8:
                    var patterns = new CustomerPatterns();
                    var expiresAt = clock.Now.AddMinutes(random.Next(1, 100));
                    tier.Store(key, patterns, expiresAt);
                    model[key] = (patterns, expiresAt, true, step);
                    if (model.Count > 8)
                    {
                        model.Remove(model.MinBy(pair => pair.Value.Used).Key);
                    }

                    break;
                case 8:
                    string? customer = random.Next(4) == 0 ? null : key.CustomerId;
                    tier.Invalidate(key.OrganizationId, customer);
                    foreach (var hit in model.Keys.Where(candidate => candidate.OrganizationId == key.OrganizationId && (customer is null || candidate.CustomerId == customer)).ToList())
                    {
                        model[hit] = model[hit] with { Valid = false };
                    }

                    break;
                default:
                    clock.Now = clock.Now.AddMinutes(random.Next(30));
                    break;
            }

            Assert.Equal(model.Count, tier.Count);
        }
    }

    private MemoryTier Tier(int entries) => new(new FixedOptions<TierOptions>(new TierOptions { MemoryEntries = entries }), clock);
}
