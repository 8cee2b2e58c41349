using System.Globalization;
using Platform.Contracts.Common.V1;
using Platform.Contracts.ContextSynthesis.V1;
using Platform.Contracts.DataQuestions.V1;
using Platform.Contracts.PatternAnalysis.V1;

namespace Platform.ContextSynthesis.Decisions;

/// <summary>Reads the figures of one customer out of a context, by the role that frameworks know them by.</summary>
internal sealed class Measures
{
    private readonly SynthesizedContext _context;
    private readonly string _entityId;
    private readonly Dictionary<string, Fact> _facts;
    private readonly CustomerPatterns? _patterns;
    private readonly DecisionFramework _framework;
    private readonly Lazy<MoneyEffect?> _effect;

    public Measures(SynthesizedContext context, EntityRef entity, DecisionFramework framework)
    {
        _context = context;
        _entityId = entity.Id;
        _framework = framework;
        _effect = new Lazy<MoneyEffect?>(() => framework.Money is { } money ? new ExpectedValue(money, this).Compute() : null);
        var own = context.Facts.FirstOrDefault(f => f.Entity?.Id == entity.Id);
        _facts = (own?.Facts ?? []).DistinctBy(f => f.Kind).ToDictionary(f => f.Kind, StringComparer.Ordinal);
        AsOf = own?.AsOf;
        _patterns = context.Patterns.FirstOrDefault(p => p.Customer?.Id == entity.Id);
    }

    /// <summary>The day of the facts.</summary>
    public Date? AsOf { get; }

    public bool PatternsAreStale => _patterns?.Stale == true;

    public bool FactsAreStale => _context.Facts.Any(f => f.Entity?.Id == _entityId && f.Stale);

    /// <summary>What the action would bring and cost; null when a figure that it needs is not known.</summary>
    public MoneyEffect? Effect => _effect.Value;

    /// <summary>Null when the figure is not in the context or not known; Why tells which.</summary>
    public Reading? Read(string measure) => MeasureCatalog.Of(measure).RestsOnPaidInvoices && HasTooFewPaid ? null : measure switch
    {
        "average_days_late" => DaysLate(),
        "days_to_pay" => Plain("average_days_to_settle"),
        "overdue_share" => ShareOfBalance("overdue_amount", "overdue_share"),
        "disputed_share" => ShareOfBalance("disputed", "disputed_share"),
        "old_overdue_share" => OldOverdueShare(),
        "over_limit" => OverLimit(),
        "days_since_contact" => DaysSinceContact(),
        "account_status" => AccountStatus(),
        "payment_shift" => PaymentShift(),
        "expected_value" => Effect is { } effect ? new Reading((double)Wording.Amount(effect.Net), new Value { Money = effect.Net }, "expected_value", SourceOf("overdue_amount")) : null,
        "expected_value_share" => ExpectedValueShare(),
        _ => Plain(measure),
    };

    /// <summary>Why a measure cannot be read, in one sentence without its end.</summary>
    public string Why(string name)
    {
        var measure = MeasureCatalog.Of(name);
        if (measure.RestsOnPaidInvoices && HasTooFewPaid && PaidInvoices > 0)
        {
            return $"{measure.Label}: it would rest on only {PaidInvoices} paid {(PaidInvoices == 1 ? "invoice" : "invoices")}; at least {_framework.LeastInvoices} are needed";
        }

        foreach (var kind in measure.Facts)
        {
            if (_facts.TryGetValue(kind, out var fact) && fact.Value?.KindCase == Value.KindOneofCase.Unknown)
            {
                return $"{measure.Label}: {fact.Value.Unknown}";
            }
        }

        if (measure.Facts.Length == 0 && _patterns?.Outcomes.FirstOrDefault(o => measure.Patterns.Contains(o.Detector)) is { Reason.Length: > 0 } outcome)
        {
            return $"{measure.Label}: {outcome.Reason.TrimEnd('.')}";
        }

        return $"{measure.Label}: not available for this answer";
    }

    public Money? Amount(string kind) => _facts.TryGetValue(kind, out var fact) ? fact.Value?.Money : null;

    /// <summary>Paid invoices behind the payment figures.</summary>
    public long? PaidInvoices => _facts.TryGetValue("paid_invoices", out var fact) && fact.Value?.KindCase == Value.KindOneofCase.Count ? fact.Value.Count : null;

    private bool HasTooFewPaid => PaidInvoices < _framework.LeastInvoices;

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

        var reading = new Reading(number, _facts[kind].Value.Clone(), kind, SourceOf(kind), BeforeAndAfterChange: kind == "late_rate" && Shift is not null);
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

    private Reading? ShareOfBalance(string kind, string name)
    {
        if (Amount(kind) is not { } part || Amount("open_balance") is not { } open || part.Currency != open.Currency)
        {
            return null;
        }

        var balance = Wording.Amount(open);
        var share = balance <= 0 ? 0 : (double)(Wording.Amount(part) / balance);
        var reading = new Reading(share, new Value { Ratio = share }, kind, SourceOf(kind));
        reading.Figures[kind] = new Value { Money = part.Clone() };
        reading.Figures["open_balance"] = new Value { Money = open.Clone() };
        reading.Figures[name] = new Value { Ratio = share };
        return reading;
    }

    private Reading? OverLimit()
    {
        if (Plain("credit_use") is not { } use)
        {
            return null;
        }

        var over = Math.Max(0, use.Value - 1);
        var reading = use with { Value = over, Shown = new Value { Ratio = over } };
        reading.Figures["credit_use"] = use.Shown;
        reading.Figures["over_limit"] = reading.Shown;
        return reading;
    }

    private Reading? AccountStatus() => _facts.GetValueOrDefault("customer_status")?.Value is { KindCase: Value.KindOneofCase.Text } status
        ? new Reading(status.Text switch { "on_hold" => 1, "closed" => 2, _ => 0 }, new Value { Text = status.Text.Replace('_', ' ') }, "customer_status", SourceOf("customer_status"))
        : null;

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

        if (Shift is { Effect: not null } insight)
        {
            var reading = new Reading(
                insight.Effect.Value, new Value { Days = insight.Effect.Value }, insight.Type, SourceId("insight:" + insight.Id));
            reading.Figures["effect"] = new Value { Days = insight.Effect.Value };
            if (insight.Effect is { HasLow: true, HasHigh: true })
            {
                reading.Figures["effect_low"] = new Value { Days = insight.Effect.Low };
                reading.Figures["effect_high"] = new Value { Days = insight.Effect.High };
            }

            return reading;
        }

        return _patterns.Outcomes.FirstOrDefault(o => o.Detector == "payment_timing_shift")?.Status == DetectorStatus.Nothing
            ? new Reading(0, new Value { Days = 0 }, "payment_timing_shift", SourceId("patterns:" + _entityId), NothingFound: true)
            : null;
    }

    private Reading? ExpectedValueShare()
    {
        if (Number("order_volume") is not { } volume || volume <= 0 || Effect is not { } result)
        {
            return null;
        }

        var share = (double)Wording.Amount(result.Net) / volume;
        var reading = new Reading(share, new Value { Ratio = share }, "order_volume", SourceOf("order_volume"));
        reading.Figures["expected_value"] = new Value { Money = result.Net.Clone() };
        reading.Figures["order_volume"] = new Value { Money = Amount("order_volume")!.Clone() };
        reading.Figures["expected_value_share"] = new Value { Ratio = share };
        return reading;
    }

    private string SourceOf(string kind) => SourceId($"fact:{_entityId}/{kind}");

    private string SourceId(string covers) => _context.Sources.FirstOrDefault(s => s.Covers.Contains(covers))?.Id ?? string.Empty;

    private static bool TryDay(Date date, out DateOnly day) =>
        DateOnly.TryParseExact(date.Iso, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day);
}
