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
        return (insight.Type, insight.DaysOf("shift"), insight.RatioOf("share_before"), insight.RatioOf("share_recent")) switch
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
        switch (insight.Type)
        {
            case "payment_timing_shift" when insight.DaysOf("shift") is { } shift && insight.DaysOf("median_before") is { } before && insight.DaysOf("median_after") is { } after:
                return $"{Language.Capital(Since(insight, language).TrimStart(',', ' ') is { Length: > 0 } since ? since + ", " : "recently, ")}{name} has paid {Estimated(shift, after - before, language)} "
                    + $"{(shift < 0 ? "earlier" : "later")} than before: the median was {DueWords(before, language)}{Over(insight, "invoices_before", language)} and is now {DueWords(after, language)}{Over(insight, "invoices_after", language)}.";
            case "rush_order_frequency" when insight.RatioOf("share_before") is { } before && insight.RatioOf("share_recent") is { } recent:
                var window = insight.DaysOf("recent_days") is { } days ? $" in the last {language.Days(days)}" : string.Empty;
                return $"The share of rush orders of {name} went {(recent < before ? "down" : "up")} from {language.Percent(before)}{OutOf(insight, "rush_before", "orders_before", language)} "
                    + $"to {language.Percent(recent)}{OutOf(insight, "rush_recent", "orders_recent", language)}{window}.";
            case "amount_anomaly" when insight.MoneyOf("amount") is { } amount && insight.MoneyOf("typical_amount") is { } typical && insight.NumberOf("multiple") is { } multiple:
                var on = insight.DateOf("placed_on") is { } placed ? $"On {language.Of(placed)}, " : string.Empty;
                var earlier = insight.CountOf("earlier_orders") is { } n ? $" of {language.Count(n, "earlier order")}" : string.Empty;
                return $"{on}{name} ordered for {language.Of(amount)}, {language.Number(multiple, 1)} times the typical {language.Of(typical)}{earlier}.";
            case "order_silence" when insight.DaysOf("silence") is { } silence && insight.DaysOf("typical_gap") is { } gap:
                var last = insight.DateOf("last_order") is { } order ? $" since {language.Of(order)}" : string.Empty;
                var longest = insight.DaysOf("longest_gap") is { } most ? $", and the longest gap so far was {language.Days(most)}" : string.Empty;
                return $"{name} has not ordered for {language.Days(silence)}{last}; usually an order comes every {language.Days(gap)}{longest}.";
            case "order_frequency_shift" when insight.NumberOf("per_30_days_before") is { } usual && insight.NumberOf("per_30_days_since") is { } lately && insight.CountOf("orders_before") is { } ordersBefore && insight.CountOf("orders_since") is { } ordersSince:
                var lasting = insight.DateOf("changed_on") is { } changed ? $"Since {language.Of(changed)}, " : "Recently, ";
                return $"{lasting}{name} has ordered {(lately < usual ? "less" : "more")} often: {language.Number(lately, 1)} orders per 30 days ({language.Count(ordersSince, "order")}) against {language.Number(usual, 1)} before ({language.Count(ordersBefore, "order")}).";
            case "order_trend" when insight.NumberOf("per_month_first") is { } first && insight.NumberOf("per_month_last") is { } now && insight.CountOf("months") is { } months:
                return $"Orders of {name} {(now < first ? "decline" : "grow")} steadily: from about {language.Number(first, 1)} to about {language.Number(now, 1)} a month over {language.Count(months, "month")}.";
            case "order_seasonality" when insight.NumberOf("per_month_high") is { } high && insight.NumberOf("per_month_low") is { } least && insight.NumberOf("per_month_mean") is { } mean
                && insight.TextOf("peak_month") is { } peak && insight.TextOf("low_month") is { } low:
                return $"Orders of {name} follow the year: about {language.Number(high, 1)} a month around {peak} and {language.Number(least, 1)} around {low}, with a mean of {language.Number(mean, 1)}.";
            case "peer_percentile" when insight.RatioOf("percentile") is { } percentile && insight.CountOf("customers") is { } customers && insight.DaysOf("median") is { } median && insight.DaysOf("median_of_customers") is { } middle:
                return $"{name} pays later than {language.Percent(percentile)} of {language.Count(customers, "customer")}: over the last 12 months its median payment came {DueWords(median, language)}{Over(insight, "invoices", language)}, "
                    + $"that of the middle customer {DueWords(middle, language)}.";
            case "revenue_concentration" when insight.RatioOf("share") is { } share && insight.CountOf("customers") is { } all && insight.CountOf("orders") is { } orders && insight.MoneyOf("ordered_12m") is { } ordered:
                return $"{name} makes {language.Percent(share)} of what {language.Count(all, "customer")} ordered in {ordered.Currency} in the last 12 months: {language.Of(ordered)} in {language.Count(orders, "order")}.";
            default:
                return insight.Text.Length > 0 ? insight.Text : Title(insight) + ".";
        }
    }

    // The shift is estimated over all payments before and after; where it is not the difference of the two medians, the reader is told why.
    private static string Estimated(double shift, double difference, Language language)
    {
        var days = language.Days(Math.Abs(shift));
        return days == language.Days(Math.Abs(difference)) ? days : "an estimated " + days;
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

    private static string Over(Insight insight, string key, Language language) =>
        insight.CountOf(key) is { } invoices ? $" ({language.Count(invoices, "invoice")})" : string.Empty;

    private static string OutOf(Insight insight, string part, string whole, Language language) =>
        insight.CountOf(part) is { } some && insight.CountOf(whole) is { } all ? $" ({language.Count(some)} of {language.Count(all)})" : string.Empty;
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
