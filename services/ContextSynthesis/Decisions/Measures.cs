using System.Collections.Frozen;
using System.Globalization;
using Platform.Contracts.Common.V1;
using Platform.Contracts.ContextSynthesis.V1;
using Platform.Contracts.DataQuestions.V1;
using Platform.Contracts.PatternAnalysis.V1;

namespace Platform.ContextSynthesis.Decisions;

/// <summary>A figure that a decision rests on.</summary>
/// <param name="Value">The number that the curve is applied to.</param>
/// <param name="Shown">The same as a typed value, for the reader.</param>
/// <param name="Key">Fact kind or insight type.</param>
/// <param name="Sample">Observations behind it, when known.</param>
/// <param name="NothingFound">A detector ran and found no change.</param>
/// <param name="SinceChange">It covers only the time since behaviour changed.</param>
/// <param name="BeforeAndAfterChange">It covers the time before behaviour changed as well.</param>
internal sealed record Reading(double Value, Value Shown, string Key, string SourceId, long? Sample = null, bool NothingFound = false, bool SinceChange = false, bool BeforeAndAfterChange = false)
{
    public Dictionary<string, Value> Figures { get; } = new(StringComparer.Ordinal);
}

/// <summary>Reads the figures of one customer out of a context, by the role that frameworks know them by.</summary>
internal sealed class Measures
{
    private static readonly FrozenDictionary<string, (string Label, string[] Facts, string[] Patterns)> Roles =
        new Dictionary<string, (string, string[], string[])>(StringComparer.Ordinal)
        {
            ["late_rate"] = ("the share of invoices paid late", ["late_rate"], []),
            ["average_days_late"] = ("the average days late", ["average_days_late"], []),
            ["days_to_pay"] = ("the average days to settle", ["average_days_to_settle"], []),
            ["overdue_share"] = ("the overdue share of the balance", ["overdue_amount", "open_balance"], []),
            ["old_overdue_share"] = ("the ageing of the balance", ["ageing"], []),
            ["credit_use"] = ("the use of the credit limit", ["credit_use"], []),
            ["order_trend"] = ("the order trend", ["order_trend"], []),
            ["rush_share"] = ("the share of rush orders", ["rush_share"], []),
            ["days_since_contact"] = ("the last contact", ["last_contact"], []),
            ["payment_shift"] = ("the change in payment timing", [], ["payment_timing_shift"]),
            ["expected_value_share"] = ("the yearly order volume and the days to settle", ["order_volume", "average_days_to_settle"], []),
        }.ToFrozenDictionary(StringComparer.Ordinal);

    private readonly SynthesizedContext _context;
    private readonly string _entityId;
    private readonly Dictionary<string, Fact> _facts;
    private readonly CustomerPatterns? _patterns;
    private readonly FrameworkMoney? _money;

    public Measures(SynthesizedContext context, EntityRef entity, FrameworkMoney? money)
    {
        _context = context;
        _entityId = entity.Id;
        _money = money;
        var own = context.Facts.FirstOrDefault(f => f.Entity?.Id == entity.Id);
        _facts = (own?.Facts ?? []).DistinctBy(f => f.Kind).ToDictionary(f => f.Kind, StringComparer.Ordinal);
        AsOf = own?.AsOf;
        _patterns = context.Patterns.FirstOrDefault(p => p.Customer?.Id == entity.Id);
    }

    public static FrozenSet<string> Known { get; } = Roles.Keys.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The day of the facts.</summary>
    public Date? AsOf { get; }

    public bool PatternsAreStale => _patterns?.Stale == true;

    public bool FactsAreStale => _context.Facts.Any(f => f.Entity?.Id == _entityId && f.Stale);

    public static IReadOnlyList<string> FactsFor(string measure) => Roles[measure].Facts;

    public static IReadOnlyList<string> PatternsFor(string measure) => Roles[measure].Patterns;

    public static string LabelOf(string measure) => Roles[measure].Label;

    /// <summary>Null when the figure is not in the context or not known; Why tells which.</summary>
    public Reading? Read(string measure) => measure switch
    {
        "average_days_late" => DaysLate(),
        "overdue_share" => OverdueShare(),
        "old_overdue_share" => OldOverdueShare(),
        "days_since_contact" => DaysSinceContact(),
        "payment_shift" => PaymentShift(),
        "expected_value_share" => ExpectedValueShare(),
        _ => Plain(Roles[measure].Facts[0]),
    };

    /// <summary>Why a measure cannot be read, in one sentence without its end.</summary>
    public string Why(string measure)
    {
        var (label, facts, patterns) = Roles[measure];
        foreach (var kind in facts)
        {
            if (_facts.TryGetValue(kind, out var fact) && fact.Value?.KindCase == Value.KindOneofCase.Unknown)
            {
                return $"{label}: {fact.Value.Unknown}";
            }
        }

        if (patterns.Length > 0 && _patterns?.Outcomes.FirstOrDefault(o => patterns.Contains(o.Detector)) is { Reason.Length: > 0 } outcome)
        {
            return $"{label}: {outcome.Reason.TrimEnd('.')}";
        }

        return $"{label}: not available for this answer";
    }

    public Money? Amount(string kind) => _facts.TryGetValue(kind, out var fact) ? fact.Value?.Money : null;

    /// <summary>Paid invoices behind the payment figures.</summary>
    public long? PaidInvoices => _facts.TryGetValue("paid_invoices", out var fact) && fact.Value?.KindCase == Value.KindOneofCase.Count ? fact.Value.Count : null;

    public double? Number(string kind) => _facts.TryGetValue(kind, out var fact) ? Number(fact.Value) : null;

    private static double? Number(Value? value) => value?.KindCase switch
    {
        Value.KindOneofCase.Money => (double)Wording.Amount(value.Money),
        Value.KindOneofCase.Count => value.Count,
        Value.KindOneofCase.Ratio => value.Ratio,
        Value.KindOneofCase.Days => value.Days,
        Value.KindOneofCase.Number => value.Number,
        _ => null,
    };

    private Reading? Plain(string kind)
    {
        if (Number(kind) is not { } number)
        {
            return null;
        }

        var sample = kind is "late_rate" or "average_days_late" or "average_days_to_settle" ? PaidInvoices : null;
        var reading = new Reading(number, _facts[kind].Value.Clone(), kind, SourceOf(kind), sample, BeforeAndAfterChange: kind == "late_rate" && Shift is not null);
        reading.Figures[kind] = _facts[kind].Value.Clone();
        return reading;
    }

    /// <summary>
    /// The average over all paid invoices or, when their timing has changed, the mean since then: the average hides what the
    /// customer does now.
    /// </summary>
    private Reading? DaysLate()
    {
        if (Plain("average_days_late") is not { } average)
        {
            return null;
        }

        if (Shift is not { } shift || !shift.Figures.TryGetValue("mean_after", out var recent) || recent.KindCase != Value.KindOneofCase.Days)
        {
            return average;
        }

        var reading = average with { Value = recent.Days, Shown = recent.Clone(), SourceId = SourceId("insight:" + shift.Id), SinceChange = true };
        reading.Figures["mean_after"] = recent.Clone();
        return reading;
    }

    private Insight? Shift => _patterns?.Insights.FirstOrDefault(i => i.Type == "payment_timing_shift");

    private Reading? OverdueShare()
    {
        if (Amount("overdue_amount") is not { } overdue || Amount("open_balance") is not { } open || overdue.Currency != open.Currency)
        {
            return null;
        }

        var balance = Wording.Amount(open);
        var share = balance <= 0 ? 0 : (double)(Wording.Amount(overdue) / balance);
        var reading = new Reading(share, new Value { Ratio = share }, "overdue_amount", SourceOf("overdue_amount"));
        reading.Figures["overdue_amount"] = new Value { Money = overdue.Clone() };
        reading.Figures["open_balance"] = new Value { Money = open.Clone() };
        reading.Figures["overdue_share"] = new Value { Ratio = share };
        return reading;
    }

    private Reading? OldOverdueShare()
    {
        if (Amount("open_balance") is not { } open || !_facts.TryGetValue("ageing", out var ageing)
            || ageing.Parts.Count == 0 || ageing.Parts.Any(p => p.Value?.Money?.Currency != open.Currency))
        {
            return null;
        }

        var old = ageing.Parts.Where(p => p.Name is "61-90" or "90+").Sum(p => Wording.Amount(p.Value.Money));
        var balance = Wording.Amount(open);
        var share = balance <= 0 ? 0 : (double)(old / balance);
        var reading = new Reading(share, new Value { Ratio = share }, "ageing", SourceOf("ageing"));
        reading.Figures["overdue_over_60_days"] = new Value { Money = Wording.Money(old, open.Currency) };
        reading.Figures["old_overdue_share"] = new Value { Ratio = share };
        return reading;
    }

    private Reading? DaysSinceContact()
    {
        if (!_facts.TryGetValue("last_contact", out var fact) || fact.Value?.KindCase != Value.KindOneofCase.Date || AsOf is null
            || !TryDay(fact.Value.Date, out var contact) || !TryDay(AsOf, out var today) || contact > today)
        {
            return null;
        }

        var days = today.DayNumber - contact.DayNumber;
        var reading = new Reading(days, new Value { Days = days }, "last_contact", SourceOf("last_contact"));
        reading.Figures["last_contact"] = fact.Value.Clone();
        reading.Figures["days_since_contact"] = new Value { Days = days };
        return reading;
    }

    private Reading? PaymentShift()
    {
        if (_patterns is null)
        {
            return null;
        }

        if (_patterns.Insights.FirstOrDefault(i => i.Type == "payment_timing_shift") is { Effect: not null } insight)
        {
            var reading = new Reading(
                insight.Effect.Value, new Value { Days = insight.Effect.Value }, insight.Type, SourceId("insight:" + insight.Id), insight.SampleSize);
            reading.Figures["effect"] = new Value { Days = insight.Effect.Value };
            if (insight.Effect is { HasLow: true, HasHigh: true })
            {
                reading.Figures["effect_low"] = new Value { Days = insight.Effect.Low };
                reading.Figures["effect_high"] = new Value { Days = insight.Effect.High };
            }

            return reading;
        }

        return _patterns.Outcomes.FirstOrDefault(o => o.Detector == "payment_timing_shift")?.Status == DetectorStatus.Nothing
            ? new Reading(0, new Value { Days = 0 }, "payment_timing_shift", PatternSource(), NothingFound: true)
            : null;
    }

    private Reading? ExpectedValueShare()
    {
        if (_money is null || Number("order_volume") is not > 0 || new ExpectedValue(_money, this).Compute() is not { } result)
        {
            return null;
        }

        var share = (double)Wording.Amount(result.Net) / Number("order_volume")!.Value;
        var reading = new Reading(share, new Value { Ratio = share }, "order_volume", SourceOf("order_volume"));
        reading.Figures["expected_value"] = new Value { Money = result.Net.Clone() };
        reading.Figures["order_volume"] = new Value { Money = Amount("order_volume")!.Clone() };
        reading.Figures["expected_value_share"] = new Value { Ratio = share };
        return reading;
    }

    private string SourceOf(string kind) => SourceId($"fact:{_entityId}/{kind}");

    private string SourceId(string covers) => _context.Sources.FirstOrDefault(s => s.Covers.Contains(covers))?.Id ?? string.Empty;

    private string PatternSource() =>
        _context.Sources.FirstOrDefault(s => s.Covers.Contains("patterns:" + _entityId))?.Id ?? string.Empty;

    private static bool TryDay(Date date, out DateOnly day) =>
        DateOnly.TryParseExact(date.Iso, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day);
}
