using Microsoft.Extensions.Options;
using Platform.Caching;
using Platform.Caching.Changes;
using Platform.Contracts.PatternAnalysis.V1;
using Platform.PatternAnalysis.Comparison;
using Platform.PatternAnalysis.Detection;
using Platform.PatternAnalysis.Detectors.AmountAnomaly;
using Platform.PatternAnalysis.Detectors.OrderFrequency;
using Platform.PatternAnalysis.Detectors.OrderSeasonality;
using Platform.PatternAnalysis.Detectors.OrderSilence;
using Platform.PatternAnalysis.Detectors.OrderTrend;
using Platform.PatternAnalysis.Detectors.PaymentTimingShift;
using Platform.PatternAnalysis.Detectors.PeerPercentile;
using Platform.PatternAnalysis.Detectors.RevenueConcentration;
using Platform.PatternAnalysis.Detectors.RushOrderFrequency;
using Platform.PatternAnalysis.Histories;
using Platform.PatternAnalysis.Histories.Bulk;
using Platform.PatternAnalysis.Invalidation;
using Platform.PatternAnalysis.Portfolio;
using Platform.PatternAnalysis.Refreshing;
using Platform.PatternAnalysis.Series;
using Platform.PatternAnalysis.Tiers;
using Platform.ServiceDefaults;

namespace Platform.PatternAnalysis.Patterns;

internal static class PatternRegistration
{
    /// <summary>The detectors. Another one is a class and a line here.</summary>
    public static IHostApplicationBuilder AddDetectors(this IHostApplicationBuilder builder)
    {
        builder.AddPlatformOptions<DetectionOptions>(DetectionOptions.Section);
        builder.AddPlatformOptions<RushOrderOptions>(RushOrderOptions.Section);
        builder.AddPlatformOptions<PaymentTimingOptions>(PaymentTimingOptions.Section);
        builder.AddPlatformOptions<AmountAnomalyOptions>(AmountAnomalyOptions.Section);
        builder.AddPlatformOptions<OrderSilenceOptions>(OrderSilenceOptions.Section);
        builder.AddPlatformOptions<OrderFrequencyOptions>(OrderFrequencyOptions.Section);
        builder.AddPlatformOptions<OrderTrendOptions>(OrderTrendOptions.Section);
        builder.AddPlatformOptions<OrderSeasonalityOptions>(OrderSeasonalityOptions.Section);
        builder.AddPlatformOptions<PeerPercentileOptions>(PeerPercentileOptions.Section);
        builder.AddPlatformOptions<RevenueConcentrationOptions>(RevenueConcentrationOptions.Section);
        builder.Services.AddSingleton<IPatternDetector, RushOrderDetector>();
        builder.Services.AddSingleton<IPatternDetector, PaymentTimingDetector>();
        builder.Services.AddSingleton<IPatternDetector, AmountAnomalyDetector>();
        builder.Services.AddSingleton<IPatternDetector, OrderSilenceDetector>();
        builder.Services.AddSingleton<IPatternDetector, OrderFrequencyDetector>();
        builder.Services.AddSingleton<IPatternDetector, OrderTrendDetector>();
        builder.Services.AddSingleton<IPatternDetector, OrderSeasonalityDetector>();
        builder.Services.AddSingleton<IPatternDetector, PeerPercentileDetector>();
        builder.Services.AddSingleton<IPatternDetector, RevenueConcentrationDetector>();
        builder.Services.AddSingleton<HistoryReader>();
        builder.Services.AddSingleton<PeerReader>();
        builder.Services.AddSingleton<DetectionRunner>();
        return builder;
    }

    /// <summary>The read path with its tiers, and what keeps them true.</summary>
    public static IHostApplicationBuilder AddPatterns(this IHostApplicationBuilder builder)
    {
        builder.AddPlatformOptions<PatternOptions>(PatternOptions.Section);
        builder.AddPlatformOptions<CacheOptions>("patterns:cache");
        builder.AddPlatformOptions<ChangeFeedOptions>("patterns:changes");
        builder.Services.AddSingleton<PatternMetrics>();
        builder.Services.AddSingleton<PatternTable>();
        builder.Services.AddSingleton<PatternSource>();
        builder.Services.AddTieredCache(services => new CacheDefinition<CustomerPatterns>(
            "patterns", services.GetRequiredService<PatternSource>(), PatternFormat.Instance, services.GetRequiredService<PatternTable>(),
            () => services.GetRequiredService<IOptionsMonitor<CacheOptions>>().CurrentValue));
        builder.Services.AddChangeFeed(services => () => services.GetRequiredService<IOptionsMonitor<ChangeFeedOptions>>().CurrentValue);
        builder.Services.AddSingleton<SubjectReader>();
        builder.Services.AddSingleton<PatternReader>();
        builder.Services.AddSingleton<EvidenceReader>();
        builder.Services.AddSingleton<PortfolioStore>();
        builder.Services.AddSingleton<CustomerComparison>();
        builder.Services.AddSingleton<SeriesReader>();
        builder.Services.AddSingleton<PatternInvalidation>();
        builder.Services.AddSingleton<PatternRefresh>();
        return builder;
    }

    /// <summary>The worker that looks anew at what changed and, nightly, at everything.</summary>
    public static IHostApplicationBuilder AddRefreshing(this IHostApplicationBuilder builder)
    {
        builder.AddPlatformOptions<RefreshOptions>(RefreshOptions.Section);
        builder.Services.AddSingleton<BulkReader>();
        builder.Services.AddSingleton<BulkRefresh>();
        builder.Services.AddSingleton<RefreshLease>();
        builder.Services.AddHostedService<RefreshWorker>();
        return builder;
    }
}
