using Microsoft.Extensions.Options;
using Platform.Caching;
using Platform.Caching.Changes;
using Platform.Contracts.DataQuestions.V1;
using Platform.DataQuestions.Facts.Tiers;
using Platform.DataQuestions.Rows;
using Platform.ServiceDefaults;

namespace Platform.DataQuestions.Facts;

internal static class FactsRegistration
{
    public static IHostApplicationBuilder AddFacts(this IHostApplicationBuilder builder)
    {
        builder.AddPlatformOptions<FactsOptions>(FactsOptions.Section);

        // Figures of views, whose changes cannot be followed, are never older than this.
        builder.Services.Configure<CacheOptions>(cache =>
        {
            cache.Freshness = TimeSpan.FromMinutes(1);
            cache.StaleWhileRevalidate = TimeSpan.Zero;
            cache.MaximumStaleness = TimeSpan.FromDays(1);
        });
        builder.AddPlatformOptions<CacheOptions>("dataQuestions:factCache");
        builder.AddPlatformOptions<ChangeFeedOptions>("dataQuestions:changes");
        builder.Services.AddSingleton<FactsReader>();
        builder.Services.AddSingleton<FactSource>();
        builder.Services.AddTieredCache(services => Define(
            services.GetRequiredService<FactSource>(), () => services.GetRequiredService<IOptionsMonitor<CacheOptions>>().CurrentValue));
        builder.Services.AddChangeFeed(services => () => services.GetRequiredService<IOptionsMonitor<ChangeFeedOptions>>().CurrentValue);
        builder.Services.AddSingleton<FactBook>();
        builder.Services.AddSingleton<RowReader>();
        return builder;
    }

    public static CacheDefinition<EntityFacts> Define(FactSource source, Func<CacheOptions> options) =>
        new("facts", source, new FactFormat(), null, options) { Outdated = FactKey.OutdatedBy };
}
