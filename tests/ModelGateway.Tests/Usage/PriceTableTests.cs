using Platform.ModelGateway.Providers;
using Platform.ModelGateway.Usage;
using Platform.Testing;

namespace Platform.ModelGateway.Tests.Usage;

public sealed class PriceTableTests
{
    private static readonly ProviderOptions Provider = new() { Name = "openai" };

    [Fact]
    public void Cost_EveryTokenClass_IsPricedOnceAndExactly()
    {
        var price = new PriceOptions { InputPerMillion = 2.5m, CachedInputPerMillion = 1.25m, OutputPerMillion = 10m, ReasoningPerMillion = 12m };

        // 700 × 2.5 + 300 × 1.25 + 40 × 10 + 60 × 12, all by a million.
        Assert.Equal(0.003245m, PriceTable.Cost(price, new TokenCount(1000, 100, 300, 60, false)));
    }

    [Fact]
    public void Cost_ClassWithoutAPriceOfItsOwn_CostsWhatItsWholeCosts()
    {
        var price = new PriceOptions { InputPerMillion = 2m, OutputPerMillion = 8m };

        Assert.Equal(PriceTable.Cost(price, new TokenCount(1000, 100, 0, 0, false)), PriceTable.Cost(price, new TokenCount(1000, 100, 300, 60, false)));
    }

    [Fact]
    public void Cost_SmallestUnit_RoundsHalfToEvenOnce()
    {
        var price = new PriceOptions { InputPerMillion = 0.0005m };

        Assert.Equal([0.000000000m, 0.000000001m, 0.000000002m, 0.000000002m], new[] { 1, 2, 3, 4 }.Select(tokens => PriceTable.Cost(price, new TokenCount(tokens, 0, 0, 0, false))));
    }

    [Fact]
    public void Cost_ManyCalls_SumIsExact()
    {
        var random = new Random(7);
        for (var round = 0; round < 500; round++)
        {
            var price = new PriceOptions { InputPerMillion = random.Next(0, 100_000) / 1000m, OutputPerMillion = random.Next(0, 100_000) / 1000m };
            var calls = Enumerable.Range(0, 50).Select(_ => new TokenCount(random.Next(0, 200_000), random.Next(0, 20_000), 0, 0, false)).ToArray();

            // With three decimals a million tokens, every call is a whole number of billionths: nothing is ever rounded.
            var together = new TokenCount(calls.Sum(call => call.Input), calls.Sum(call => call.Output), 0, 0, false);
            Assert.Equal(PriceTable.Cost(price, together), calls.Sum(call => PriceTable.Cost(price, call)));
        }
    }

    [Fact]
    public void Cost_ModelWithoutPrice_IsUnknownNotZero()
    {
        var prices = Table();

        var price = prices.Cost(Provider, "mystery", new TokenCount(10, 0, 0, 0, false), Day(2026, 6, 1));

        Assert.Equal((null, null, "unknown"), (price.Amount, price.Currency, price.Version));
        Assert.Equal(0m, prices.Cost(Provider, "mystery", TokenCount.None, Day(2026, 6, 1)).Amount);
    }

    [Theory]
    [InlineData(2025, 12, 31, null, null)]
    [InlineData(2026, 1, 1, "2026-01", 2)]
    [InlineData(2026, 6, 30, "2026-01", 2)]
    [InlineData(2026, 7, 1, "2026-07", 1)]
    public void Find_Moment_ChoosesTheNewestListInEffect(int year, int month, int day, string? version, int? input)
    {
        var price = Table(List("2026-07", new DateOnly(2026, 7, 1), 1), List("2026-01", new DateOnly(2026, 1, 1), 2)).Find(Provider, "GPT-X", Day(year, month, day));

        Assert.Equal((version, input), (price?.Version, (int?)price?.Tokens.InputPerMillion));
    }

    [Fact]
    public void Find_NewerListWithoutTheModel_LeavesTheOlderOneInPlace()
    {
        var newer = new PriceListOptions { Version = "2026-07", EffectiveFrom = new DateOnly(2026, 7, 1), Models = { new ModelPriceOptions { Model = "other" } } };

        Assert.Equal("2026-01", Table(List("2026-01", new DateOnly(2026, 1, 1), 2), newer).Find(Provider, "gpt-x", Day(2026, 8, 1))?.Version);
    }

    [Fact]
    public void Find_EntryOfTheProvider_GoesBeforeTheGeneralOne()
    {
        var list = List("2026-01", new DateOnly(2026, 1, 1), 2);
        list.Models.Add(new ModelPriceOptions { Model = "gpt-x", Provider = "azure", InputPerMillion = 3 });

        Assert.Equal(3m, Table(list).Find(new ProviderOptions { Name = "azure" }, "gpt-x", Day(2026, 2, 1))?.Tokens.InputPerMillion);
        Assert.Equal(2m, Table(list).Find(Provider, "gpt-x", Day(2026, 2, 1))?.Tokens.InputPerMillion);
    }

    private static PriceTable Table(params PriceListOptions[] lists) => new(new FixedOptions<ModelGatewayOptions>(new ModelGatewayOptions { Prices = [.. lists] }));

    private static PriceListOptions List(string version, DateOnly from, decimal input) =>
        new() { Version = version, EffectiveFrom = from, Models = { new ModelPriceOptions { Model = "gpt-x", InputPerMillion = input } } };

    private static DateTimeOffset Day(int year, int month, int day) => new(year, month, day, 0, 0, 0, TimeSpan.Zero);
}
