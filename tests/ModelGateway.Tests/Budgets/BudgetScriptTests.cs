using System.Globalization;
using Platform.ModelGateway.Budgets;
using Platform.Testing;
using StackExchange.Redis;

namespace Platform.ModelGateway.Tests.Budgets;

/// <summary>The counters' arithmetic in Redis, with a clock that the test sets, against a model of a few lines.</summary>
public sealed class BudgetScriptTests(PlatformServers servers) : IAsyncLifetime
{
    private const string TestClock = "local now = tonumber(ARGV[#ARGV])\n";
    private const long Second = 1_000_000;
    private const long Lease = 300 * Second;

    private ConnectionMultiplexer _redis = null!;

    public async ValueTask InitializeAsync() => _redis = await ConnectionMultiplexer.ConnectAsync(servers.RedisConnectionString);

    public async ValueTask DisposeAsync() => await _redis.CloseAsync();

    [Fact]
    public async Task Window_AnyMoment_IsTheCalendars()
    {
        var random = new Random(5);
        DateTimeOffset[] moments =
        [
            new(2024, 2, 29, 23, 59, 59, TimeSpan.Zero), new(2024, 3, 1, 0, 0, 0, TimeSpan.Zero), new(2100, 2, 28, 12, 0, 0, TimeSpan.Zero), new(2026, 12, 31, 23, 59, 59, TimeSpan.Zero),
            .. Enumerable.Range(0, 300).Select(_ => DateTimeOffset.FromUnixTimeSeconds(random.NextInt64(946_684_800, 4_102_444_800))),
        ];
        foreach (var moment in moments)
        {
            var month = new DateTimeOffset(moment.Year, moment.Month, 1, 0, 0, 0, TimeSpan.Zero);
            var day = new DateTimeOffset(moment.UtcDateTime.Date, TimeSpan.Zero);
            Assert.Equal((month.ToUnixTimeSeconds(), month.AddMonths(1).ToUnixTimeSeconds()), await WindowAsync("month", moment));
            Assert.Equal((day.ToUnixTimeSeconds(), day.AddDays(1).ToUnixTimeSeconds()), await WindowAsync("day", moment));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Counters_AnyOrderOfCalls_AgreeWithTheModel(int seed)
    {
        var random = new Random(seed);
        var limit = random.Next(20, 200);
        var key = Key();
        var now = new DateTimeOffset(2026, 3, 15, 0, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds() * Second;
        await FromLedgerAsync(key, now, 0);
        long spent = 0;
        var day = now / Second / 86400;
        var held = new Dictionary<string, (long Amount, long Until)>(StringComparer.Ordinal);
        for (var step = 0; step < 300; step++)
        {
            now += random.NextInt64(random.Next(20) == 0 ? 3600 * Second : 20 * Second);
            if (now / Second / 86400 > day)
            {
                (day, spent) = (now / Second / 86400, 0);
            }

            foreach (var expired in held.Where(one => one.Value.Until <= now).Select(one => one.Key).ToArray())
            {
                held.Remove(expired);
            }

            if (held.Count > 0 && random.Next(2) == 0)
            {
                var id = held.Keys.ElementAt(random.Next(held.Count));
                var used = random.NextInt64(held[id].Amount + 1);
                held.Remove(id);
                spent += used;
                await SettleAsync(key, id, used, now);
                await SettleAsync(key, id, used, now);
            }
            else
            {
                var (id, amount) = ($"c{step}", random.NextInt64(1, 30));
                var free = spent + held.Values.Sum(one => one.Amount) < limit;
                Assert.Equal(free ? "reserved" : "refused", await ReserveAsync(key, id, limit, amount, now));
                if (free)
                {
                    held[id] = (amount, now + Lease);
                }
            }

            var hash = (await _redis.GetDatabase().HashGetAllAsync(key)).ToDictionary(entry => (string)entry.Name!, entry => (string)entry.Value!);
            Assert.Equal((spent, held.Values.Sum(one => one.Amount)), (Number(hash["s"]), Number(hash["r"])));
        }
    }

    [Fact]
    public async Task Reserve_CrashedCaller_IsFreedWhenItsLeaseIsOver()
    {
        var key = Key();
        var now = 1_770_000_000 * Second;
        await FromLedgerAsync(key, now, 0);
        Assert.Equal("reserved", await ReserveAsync(key, "crashed", 1, 1, now));
        Assert.Equal("refused", await ReserveAsync(key, "next", 1, 1, now + Lease - Second));

        Assert.Equal("reserved", await ReserveAsync(key, "next", 1, 1, now + Lease));
    }

    [Fact]
    public async Task Reserve_ClockSetBackOverMidnight_OpensNoSecondWindow()
    {
        var key = Key();
        var morning = new DateTimeOffset(2026, 3, 16, 0, 0, 5, TimeSpan.Zero).ToUnixTimeSeconds() * Second;
        await FromLedgerAsync(key, morning, 0);
        Assert.Equal("reserved", await ReserveAsync(key, "a", 1, 1, morning));
        await SettleAsync(key, "a", 1, morning);

        Assert.Equal("refused", await ReserveAsync(key, "b", 1, 1, morning - (10 * Second)));
        Assert.Equal("refused", await ReserveAsync(key, "c", 1, 1, morning + (60 * Second)));
        Assert.Equal("reserved", await ReserveAsync(key, "d", 1, 1, morning + (86400 * Second)));
    }

    [Fact]
    public async Task Reserve_NoCounter_AsksForTheLedger()
    {
        var key = Key();
        var now = 1_770_000_000 * Second;
        Assert.Equal("unborn", await ReserveAsync(key, "a", 5, 1, now));

        await FromLedgerAsync(key, now, 5);

        Assert.Equal("refused", await ReserveAsync(key, "a", 5, 1, now));
    }

    [Fact]
    public async Task Settle_CounterMadeAnewMeanwhile_LeavesTheCallToTheLedger()
    {
        var key = Key();
        var now = 1_770_000_000 * Second;
        await FromLedgerAsync(key, now, 0, "old");
        await ReserveAsync(key, "a", 5, 1, now);
        await _redis.GetDatabase().KeyDeleteAsync([key, $"{key}:leases"]);
        await FromLedgerAsync(key, now, 3, "new");

        await SettleAsync(key, "a", 1, now, "old");

        Assert.Equal(3, (long)await _redis.GetDatabase().HashGetAsync(key, "s"));
        await FromLedgerAsync(key, now, 4, "newer");
        Assert.Equal((4, "new"), ((long)await _redis.GetDatabase().HashGetAsync(key, "s"), (string)(await _redis.GetDatabase().HashGetAsync(key, "b"))!));
    }

    private static string Key() => $"tests-{{{Guid.NewGuid():n}}}:budget";

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    private async Task<(long From, long To)> WindowAsync(string kind, DateTimeOffset moment)
    {
        var reply = (RedisResult[])(await EvaluateAsync(BudgetScripts.Windows + "local a, b = window(ARGV[1]) return {plain(a), plain(b)}", [], [kind], moment.ToUnixTimeSeconds() * Second))!;
        return (Number((string)reply[0]!), Number((string)reply[1]!));
    }

    private async Task<string> ReserveAsync(string key, string id, long limit, long amount, long now) =>
        (string)((RedisResult[])(await EvaluateAsync(BudgetScripts.ReserveSteps, [key, $"{key}:leases"], [id, Lease, "day", limit, amount], now))!)[0]!;

    private Task SettleAsync(string key, string id, long used, long now, string birth = "born") =>
        EvaluateAsync(BudgetScripts.SettleSteps, [$"{key}:call:{id}", key, $"{key}:leases"], [id, "day", used, birth], now);

    private Task FromLedgerAsync(string key, long now, long spent, string birth = "born") =>
        EvaluateAsync(BudgetScripts.FromLedgerSteps, [key, $"{key}:leases"], ["day", now / Second / 86400 * 86400, spent, birth], now);

    private Task<RedisResult> EvaluateAsync(string script, RedisKey[] keys, RedisValue[] arguments, long now) =>
        _redis.GetDatabase().ScriptEvaluateAsync(TestClock + script, keys, [.. arguments, now]);
}
