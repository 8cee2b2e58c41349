using Platform.Contracts.Common.V1;
using Platform.Contracts.Memory.V1;
using Platform.Contracts.PatternAnalysis.V1;
using Platform.ResponseGeneration.Models;

namespace Platform.ResponseGeneration.Writing;

/// <summary>Patterns in words. Known types are written from their figures in the reader's culture; others bring their own sentence.</summary>
internal static class InsightWords
{
    public static string Title(Insight insight) => insight.Type switch
    {
        "payment_timing_shift" => insight.Effect?.Value < 0 ? "Payments arrive earlier" : "Payments arrive later",
        "rush_order_frequency" => insight.Effect?.Value < 0 ? "Rush orders have become rarer" : "Rush orders have become more frequent",
        "amount_anomaly" => "An unusually large order",
        "order_silence" => "An expected order has not come",
        "order_frequency_shift" => insight.Effect?.Value < 1 ? "Orders come less often" : "Orders come more often",
        "order_trend" => insight.Effect?.Value < 0 ? "Orders decline steadily" : "Orders grow steadily",
        "order_seasonality" => "Orders follow the year",
        "peer_percentile" => "Pays later than most customers",
        "revenue_concentration" => "A large share of all orders",
        var other => Language.Capital(other.Replace('_', ' ')),
    };

    /// <summary>A clause to follow "Note that", without its end.</summary>
    public static string Short(Insight insight, Language language)
    {
        var title = Title(insight);
        var clause = char.ToLowerInvariant(title[0]) + title[1..];
        return (insight.Type, Days(insight, "shift"), Ratio(insight, "share_before"), Ratio(insight, "share_recent")) switch
        {
            ("payment_timing_shift", { } shift, _, _) =>
                $"payments now arrive {language.Days(Math.Abs(shift))} {(shift < 0 ? "earlier" : "later")} than before{Since(insight, language)}",
            ("rush_order_frequency", _, { } before, { } recent) =>
                $"the share of rush orders went from {language.Percent(before)} to {language.Percent(recent)}",
            ("amount_anomaly", _, _, _) => "there was " + clause,
            ("peer_percentile", _, _, _) => "it " + clause,
            ("revenue_concentration", _, _, _) => "it makes " + clause,
            _ => clause,
        };
    }

    public static string Sentence(Insight insight, string name, Language language)
    {
        var figures = insight.Figures;
        switch (insight.Type)
        {
            case "payment_timing_shift" when Days(insight, "shift") is { } shift && Days(insight, "median_before") is { } before && Days(insight, "median_after") is { } after:
                return $"{Language.Capital(Since(insight, language).TrimStart(',', ' ') is { Length: > 0 } since ? since + ", " : "recently, ")}{name} has paid {language.Days(Math.Abs(shift))} "
                    + $"{(shift < 0 ? "earlier" : "later")} than before: the median was {DueWords(before, language)}{Over(figures, "invoices_before", language)} and is now {DueWords(after, language)}{Over(figures, "invoices_after", language)}.";
            case "rush_order_frequency" when Ratio(insight, "share_before") is { } before && Ratio(insight, "share_recent") is { } recent:
                var window = Days(insight, "recent_days") is { } days ? $" in the last {language.Days(days)}" : string.Empty;
                return $"The share of rush orders of {name} went {(recent < before ? "down" : "up")} from {language.Percent(before)}{OutOf(figures, "rush_before", "orders_before", language)} "
                    + $"to {language.Percent(recent)}{OutOf(figures, "rush_recent", "orders_recent", language)}{window}.";
            case "amount_anomaly" when Money(insight, "amount") is { } amount && Money(insight, "typical_amount") is { } typical && Number(insight, "multiple") is { } multiple:
                var on = figures.TryGetValue("placed_on", out var placed) && placed.Date is not null ? $"On {language.Of(placed.Date)}, " : string.Empty;
                var earlier = Count(insight, "earlier_orders") is { } n ? $" of {language.Count(n, "earlier order")}" : string.Empty;
                return $"{on}{name} ordered for {language.Of(amount)}, {language.Number(multiple, 1)} times the typical {language.Of(typical)}{earlier}.";
            case "order_silence" when Days(insight, "silence") is { } silence && Days(insight, "typical_gap") is { } gap:
                var last = figures.TryGetValue("last_order", out var order) && order.Date is not null ? $" since {language.Of(order.Date)}" : string.Empty;
                var longest = Days(insight, "longest_gap") is { } most ? $", and the longest gap so far was {language.Days(most)}" : string.Empty;
                return $"{name} has not ordered for {language.Days(silence)}{last}; usually an order comes every {language.Days(gap)}{longest}.";
            case "order_trend" when Number(insight, "per_month_first") is { } first && Number(insight, "per_month_last") is { } now && Count(insight, "months") is { } months:
                return $"Orders of {name} {(now < first ? "decline" : "grow")} steadily: from about {language.Number(first, 1)} to about {language.Number(now, 1)} a month over {language.Count(months, "month")}.";
            case "order_seasonality" when Ratio(insight, "swing") is { } swing && Number(insight, "per_month_mean") is { } mean && Text(insight, "peak_month") is { } peak && Text(insight, "low_month") is { } low:
                return $"Orders of {name} follow the year: about {language.Percent(swing)} more than the mean of {language.Number(mean, 1)} a month around {peak}, and as much less around {low}.";
            case "peer_percentile" when Ratio(insight, "percentile") is { } percentile && Count(insight, "customers") is { } customers && Days(insight, "median") is { } median && Days(insight, "median_of_customers") is { } middle:
                return $"{name} pays later than {language.Percent(percentile)} of {language.Count(customers, "customer")}: over the last 12 months its median payment came {DueWords(median, language)}{Over(figures, "invoices", language)}, "
                    + $"that of the middle customer {DueWords(middle, language)}.";
            case "revenue_concentration" when Ratio(insight, "share") is { } share && Count(insight, "customers") is { } all && Count(insight, "orders") is { } orders && Money(insight, "ordered_12m") is { } ordered:
                return $"{name} makes {language.Percent(share)} of what {language.Count(all, "customer")} ordered in {ordered.Currency} in the last 12 months: {language.Of(ordered)} in {language.Count(orders, "order")}.";
            default:
                return insight.Text.Length > 0 ? insight.Text : Title(insight) + ".";
        }
    }

    /// <summary>What stands behind it: observations, effect with its interval, chance, confidence.</summary>
    public static string Basis(Insight insight, Language language)
    {
        var parts = new List<string>();
        if (insight.SampleSize > 0)
        {
            parts.Add($"n = {language.Count(insight.SampleSize)}");
        }

        if (insight.Effect is { } effect)
        {
            var interval = effect is { HasLow: true, HasHigh: true } ? $" (95% interval {Bare(effect.Low, effect.Unit, language)} to {Effect(effect.High, effect.Unit, language)})" : string.Empty;
            parts.Add($"effect {Effect(effect.Value, effect.Unit, language)}{interval}");
        }

        if (insight.HasPValue)
        {
            parts.Add(insight.PValue < 0.001
                ? $"probability of seeing this by chance below {language.Percent(0.001)}"
                : $"probability of seeing this by chance {language.Percent(insight.PValue)}");
        }

        if (insight.Confidence > 0)
        {
            parts.Add($"confidence {language.Percent(insight.Confidence)}");
        }

        return "Basis: " + string.Join("; ", parts) + ".";
    }

    /// <summary>What it means for the business, without figures.</summary>
    public static string Meaning(Insight insight) => (insight.Type, Math.Sign(insight.Effect?.Value ?? 0)) switch
    {
        ("payment_timing_shift", > 0) => "In plain words: cash from this customer comes later than it used to, so its invoices tie up more working capital and deserve earlier reminders.",
        ("payment_timing_shift", < 0) => "In plain words: cash from this customer comes sooner than it used to.",
        ("rush_order_frequency", > 0) => "In plain words: urgency is becoming normal for this customer, which costs capacity and planning, usually without paying for it.",
        ("rush_order_frequency", < 0) => "In plain words: this customer plans further ahead than it used to.",
        ("amount_anomaly", _) => "In plain words: this order is far outside of what this customer usually buys, so it may be an opportunity, a mistake or a risk.",
        ("order_silence", _) => "In plain words: the customer may be buying elsewhere, or an order may be stuck.",
        ("order_trend", > 0) => "In plain words: this customer keeps buying more, month by month.",
        ("order_trend", < 0) => "In plain words: this customer keeps buying less, month by month.",
        ("order_seasonality", _) => "In plain words: quiet months are part of this customer's year and no sign of leaving.",
        ("peer_percentile", _) => "In plain words: few customers pay as late as this one.",
        ("revenue_concentration", _) => "In plain words: losing this customer, or not being paid by it, would hurt more than most.",
        ("order_frequency_shift", _) when insight.Effect!.Value > 1 => "In plain words: this customer buys more often than it used to.",
        ("order_frequency_shift", _) when insight.Effect!.Value < 1 => "In plain words: this customer buys less often than it used to.",
        _ => string.Empty,
    };

    /// <summary>An effect with its unit; ratios of shares are said in percentage points.</summary>
    private static string Effect(double value, string unit, Language language) => unit switch
    {
        "days" => language.Days(value),
        "ratio" => $"{language.Number(value * 100, 1)} percentage points",
        _ => $"{language.Number(value, 1)} {unit}".TrimEnd(),
    };

    private static string Bare(double value, string unit, Language language) => language.Number(unit == "ratio" ? value * 100 : value, 1);

    private static string Since(Insight insight, Language language) => insight.ChangedOn is { Iso.Length: > 0 } on ? $", since {language.Of(on)}" : string.Empty;

    private static string DueWords(double days, Language language) => days switch
    {
        > 0.05 => $"{language.Days(days)} after the due date",
        < -0.05 => $"{language.Days(-days)} before the due date",
        _ => "on the due date",
    };

    private static string Over(IDictionary<string, Value> figures, string key, Language language) =>
        figures.TryGetValue(key, out var value) && value.KindCase == Value.KindOneofCase.Count ? $" ({language.Count(value.Count, "invoice")})" : string.Empty;

    private static string OutOf(IDictionary<string, Value> figures, string part, string whole, Language language) =>
        figures.TryGetValue(part, out var p) && figures.TryGetValue(whole, out var w) && p.KindCase == Value.KindOneofCase.Count && w.KindCase == Value.KindOneofCase.Count
            ? $" ({language.Count(p.Count)} of {language.Count(w.Count)})"
            : string.Empty;

    private static double? Days(Insight insight, string key) => insight.Figures.TryGetValue(key, out var v) && v.KindCase == Value.KindOneofCase.Days ? v.Days : null;

    private static double? Ratio(Insight insight, string key) => insight.Figures.TryGetValue(key, out var v) && v.KindCase == Value.KindOneofCase.Ratio ? v.Ratio : null;

    private static string? Text(Insight insight, string key) => insight.Figures.TryGetValue(key, out var v) && v.KindCase == Value.KindOneofCase.Text ? v.Text : null;

    private static double? Number(Insight insight, string key) => insight.Figures.TryGetValue(key, out var v) && v.KindCase == Value.KindOneofCase.Number ? v.Number : null;

    private static long? Count(Insight insight, string key) => insight.Figures.TryGetValue(key, out var v) && v.KindCase == Value.KindOneofCase.Count ? v.Count : null;

    private static Money? Money(Insight insight, string key) => insight.Figures.TryGetValue(key, out var v) ? v.Money : null;
}

/// <summary>Notes on file, quoted with their day: what people wrote is shown as theirs, not as ours.</summary>
internal static class MemoryWords
{
    private const int Longest = 240;

    public static string Sentence(MemoryRecord memory, Language language)
    {
        var text = string.Join(' ', memory.Text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        if (text.Length > Longest)
        {
            text = text[..Longest].TrimEnd() + "…";
        }

        var kind = memory.Kind switch
        {
            MemoryKind.Decision => "Decision",
            MemoryKind.Preference => "Preference",
            MemoryKind.Document => "Document",
            _ => "Note",
        };
        var day = memory.CreatedAt is { } at ? $" of {language.Of(DateOnly.FromDateTime(at.ToDateTime()))}" : string.Empty;
        if (Untrusted.ReadsLikeOrders(memory.Text))
        {
            return $"{kind}{day}: {Untrusted.Withheld}";
        }

        return $"{kind}{day}: \"{text}\"";
    }
}
