using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Platform.Caching;
using Platform.Contracts.DataQuestions.V1;
using Platform.DataQuestions.Facts;
using Platform.DataQuestions.Facts.Tiers;
using Platform.Testing;

namespace Platform.DataQuestions.Tests.Facts;

internal static class Books
{
    public static FactBook Open(NpgsqlDataSource database, TimeProvider clock) => Open(database, clock, out _);

    /// <summary>A book with a cache of its own, in memory only.</summary>
    public static FactBook Open(NpgsqlDataSource database, TimeProvider clock, out TieredCache<EntityFacts> cache)
    {
        var monitor = new FixedOptions<FactsOptions>(new FactsOptions());
        var metrics = new DataQuestionsMetrics(new MeterFactory());
        var source = new FactSource(new FactsReader(database, monitor, metrics, NullLogger<FactsReader>.Instance), clock);
        var options = new CacheOptions { Freshness = TimeSpan.FromHours(1), StaleWhileRevalidate = TimeSpan.Zero };
        cache = FactsRegistration.Define(source, () => options).Build(null, new CacheMetrics(new MeterFactory()), clock, new Random(1), NullLogger.Instance);
        return new FactBook(cache, monitor, metrics, clock, NullLogger<FactBook>.Instance);
    }
}
