using Platform.Contracts.Common.V1;
using Platform.Contracts.PatternAnalysis.V1;

namespace Platform.ResponseGeneration.Writing;

/// <summary>The named figures of an insight; null when it has none of that name and kind.</summary>
internal static class InsightFigures
{
    public static double? DaysOf(this Insight insight, string key) => Find(insight, key, Value.KindOneofCase.Days)?.Days;

    public static double? RatioOf(this Insight insight, string key) => Find(insight, key, Value.KindOneofCase.Ratio)?.Ratio;

    public static string? TextOf(this Insight insight, string key) => Find(insight, key, Value.KindOneofCase.Text)?.Text;

    public static double? NumberOf(this Insight insight, string key) => Find(insight, key, Value.KindOneofCase.Number)?.Number;

    public static long? CountOf(this Insight insight, string key) => Find(insight, key, Value.KindOneofCase.Count)?.Count;

    public static Money? MoneyOf(this Insight insight, string key) => Find(insight, key, Value.KindOneofCase.Money)?.Money;

    public static Date? DateOf(this Insight insight, string key) => Find(insight, key, Value.KindOneofCase.Date)?.Date;

    private static Value? Find(Insight insight, string key, Value.KindOneofCase kind) =>
        insight.Figures.TryGetValue(key, out var value) && value.KindCase == kind ? value : null;
}
