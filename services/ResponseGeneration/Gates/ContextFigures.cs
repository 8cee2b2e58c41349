using System.Globalization;
using System.Text.RegularExpressions;
using Platform.Contracts.Common.V1;
using Platform.Contracts.ContextSynthesis.V1;
using Platform.Contracts.DataQuestions.V1;
using Platform.ResponseGeneration.Writing;

namespace Platform.ResponseGeneration.Gates;

/// <summary>Every figure that an answer to a context may say: those in it, and the sums, differences and shares that a reader would form.</summary>
internal sealed partial class ContextFigures
{
    private static readonly CultureInfo English = CultureInfo.GetCultureInfo("en-US");

    private readonly List<Figure> _figures = [];

    public static ContextFigures From(SynthesizedContext context)
    {
        var figures = new ContextFigures();
        foreach (var facts in context.Facts)
        {
            figures.Add(facts);
        }

        figures.Across(context);
        figures.Patterns(context);
        figures.Decision(context.Decision);
        figures.DataQuestion(context.DataQuestion);
        foreach (var memory in context.Memories.Select(m => m.Memory))
        {
            figures.FromText(memory.Text);
            if (memory.CreatedAt is { } at)
            {
                figures.Day(DateOnly.FromDateTime(at.ToDateTime()));
            }
        }

        foreach (var note in context.Notes)
        {
            figures.FromText(note.Text);
        }

        foreach (var source in context.Sources)
        {
            figures.FromText(source.Title);
        }

        figures.FromText(context.Query);
        figures.FromText(context.Understanding?.StandaloneQuery ?? string.Empty);
        figures._figures.Add(new Figure(FigureKind.Ratio, context.Confidence));
        figures.Count(context.Entities.Count, "customer");
        figures.Count(context.PortfolioCustomers, "customer");
        figures.Count(context.PortfolioAnalysed, "customer");
        figures.Count(context.Memories.Count, "note");
        return figures;
    }

    /// <summary>True when a figure of a text follows from the context, allowing for the rounding that its digits show.</summary>
    public bool Allows(SaidFigure said) => AllowsAsRead(said) || (said.Other is { } other && AllowsAsRead(other));

    private bool AllowsAsRead(SaidFigure said) => _figures.Any(known => Matches(known, said));

    private static bool Matches(Figure known, SaidFigure said)
    {
        var (kind, value) = (said.Figure.Kind, Math.Abs(said.Figure.Value));
        if (kind is FigureKind.Date)
        {
            return known.Kind == FigureKind.Date && known.Value == value;
        }

        if (kind is FigureKind.Month or FigureKind.Year)
        {
            if (known.Kind != FigureKind.Date)
            {
                return known.Kind == kind && known.Value == value;
            }

            var day = DateOnly.FromDayNumber((int)known.Value);
            return kind == FigureKind.Year ? day.Year == (int)value : (day.Year * 12) + day.Month == (int)value;
        }

        if (known.Kind is FigureKind.Date or FigureKind.Month or FigureKind.Year)
        {
            return false;
        }

        // A unit that was said must be the unit of the figure; a plain number may be any of them.
        if (kind != FigureKind.Number && kind != known.Kind && (known.Kind != FigureKind.Number || known.Things.Length > 0))
        {
            return false;
        }

        if (kind == FigureKind.Money && known.Currency.Length > 0 && said.Figure.Currency.Length > 0 && known.Currency != said.Figure.Currency)
        {
            return false;
        }

        if (said.Figure.Things.Length > 0 && known.Things.Length > 0 && !known.Things.Contains(said.Figure.Things, StringComparison.Ordinal))
        {
            return false;
        }

        // "14 invoices" is a count, not the 14 days of something else.
        if (said.Figure.Things.Length > 0 && known.Kind != FigureKind.Number)
        {
            return false;
        }

        var exact = Math.Abs(known.Value);
        return Near(exact, value, said.Step) || (known.Kind == FigureKind.Ratio && kind == FigureKind.Number && Near(exact * 100, value, said.Step));
    }

    private static bool Near(double exact, double said, double step) => Math.Abs(exact - said) <= step + (1e-9 * Math.Max(1, exact));

    private void Add(EntityFacts facts)
    {
        Day(facts.AsOf);
        foreach (var fact in facts.Facts)
        {
            var things = ThingsOf(fact.Kind + " " + fact.Label);
            Add(fact.Value, things);
            foreach (var part in fact.Parts)
            {
                Add(part.Value, things);
                Count(part.Count, things.Length > 0 ? things : ThingsOf(fact.Evidence?.Table ?? string.Empty));
                _figures.AddRange(Digits().Matches(part.Name).Select(m => new Figure(FigureKind.Number, double.Parse(m.Value, CultureInfo.InvariantCulture))));
            }

            FromText(fact.Label);
            FromText(fact.Definition);
        }

        Derived(facts);
    }

    /// <summary>Shares and remainders that follow from the facts of one entity.</summary>
    private void Derived(EntityFacts facts)
    {
        var open = MoneyOf(facts, "open_balance");
        var overdue = MoneyOf(facts, "overdue_amount");
        var limit = MoneyOf(facts, "credit_limit");
        Share(overdue, open);
        Share(MoneyOf(facts, "disputed"), open);
        Share(open, limit);
        Difference(open, overdue);
        Difference(limit, open);
        Share(CountOf(facts, "overdue_invoices"), CountOf(facts, "open_invoices"));
        Share(CountOf(facts, "paid_late_invoices"), CountOf(facts, "paid_invoices"));
        if (CountOf(facts, "open_invoices") is { } all && CountOf(facts, "overdue_invoices") is { } late)
        {
            Count((long)(all - late), "invoice");
        }

        if (CountOf(facts, "paid_invoices") is { } paid && CountOf(facts, "paid_late_invoices") is { } paidLate)
        {
            Count((long)(paid - paidLate), "invoice");
        }

        if (facts.Facts.FirstOrDefault(f => f.Kind == "ageing") is { } ageing)
        {
            Count(ageing.Parts.Sum(p => p.Count), "invoice");
            Count(ageing.Parts.Where(p => p.Name != "not_due").Sum(p => p.Count), "invoice");
            foreach (var part in ageing.Parts)
            {
                Share(part.Value?.Money, open);
            }
        }

        if (Language.Day(facts.AsOf) is { } today)
        {
            foreach (var day in facts.Facts.Select(f => Language.Day(f.Value?.Date)).OfType<DateOnly>())
            {
                _figures.Add(new Figure(FigureKind.Days, today.DayNumber - day.DayNumber));
            }
        }
    }

    /// <summary>Totals over, and differences between, the entities of one answer.</summary>
    private void Across(SynthesizedContext context)
    {
        if (context.Facts.Count < 2)
        {
            return;
        }

        foreach (var kind in context.Facts.SelectMany(f => f.Facts).GroupBy(f => f.Kind))
        {
            var values = kind.Select(f => f.Value).Where(v => v is not null).ToList();
            var moneys = values.Where(v => v.KindCase == Value.KindOneofCase.Money).Select(v => v.Money).ToList();
            foreach (var currency in moneys.GroupBy(m => m.Currency))
            {
                _figures.Add(new Figure(FigureKind.Money, (double)currency.Sum(Language.Amount), currency.Key));
            }

            for (var i = 0; i < values.Count; i++)
            {
                for (var j = i + 1; j < values.Count; j++)
                {
                    Difference(values[i], values[j]);
                }
            }

            if (values.All(v => v.KindCase == Value.KindOneofCase.Count))
            {
                Count(values.Sum(v => v.Count), ThingsOf(kind.Key));
            }
        }
    }

    private void Patterns(SynthesizedContext context)
    {
        foreach (var patterns in context.Patterns)
        {
            Count(patterns.Insights.Count, "pattern");
            foreach (var insight in patterns.Insights)
            {
                FromText(insight.Text);
                FromText(insight.Recommendation);
                _figures.Add(new Figure(FigureKind.Ratio, insight.Confidence));
                Count(insight.SampleSize, "observation invoice order payment");
                if (insight.HasPValue)
                {
                    _figures.Add(new Figure(FigureKind.Ratio, insight.PValue < 0.001 ? 0.001 : insight.PValue));
                    _figures.Add(new Figure(FigureKind.Number, insight.PValue));
                    _figures.Add(new Figure(FigureKind.Number, 0.001));
                }

                if (insight.Effect is { } effect)
                {
                    // The conventional level of the interval (pattern_analysis.proto).
                    _figures.Add(new Figure(FigureKind.Ratio, 0.95));
                    foreach (var value in (double[])[effect.Value, .. effect.HasLow ? [effect.Low] : Array.Empty<double>(), .. effect.HasHigh ? [effect.High] : Array.Empty<double>()])
                    {
                        _figures.Add(new Figure(effect.Unit switch { "days" => FigureKind.Days, "ratio" => FigureKind.Ratio, _ => FigureKind.Number }, value));
                    }
                }

                foreach (var (key, value) in insight.Figures)
                {
                    Add(value, ThingsOf(key));
                }

                Day(insight.ChangedOn);
                Day(insight.Period?.From);
                Day(insight.Period?.Until);
            }

            foreach (var outcome in patterns.Outcomes)
            {
                FromText(outcome.Reason);
            }
        }
    }

    private void Decision(DecisionAnalysis? decision)
    {
        if (decision is null)
        {
            return;
        }

        _figures.Add(new Figure(FigureKind.Ratio, decision.Confidence));
        foreach (var money in new[] { decision.ExpectedValue, decision.ExpectedBenefit, decision.ExpectedCost }.OfType<Money>())
        {
            Add(new Value { Money = money }, string.Empty);
        }

        Count(decision.Options.Count, "option");
        foreach (var consideration in decision.EvidenceFor.Concat(decision.EvidenceAgainst))
        {
            FromText(consideration.Text);
            _figures.Add(new Figure(FigureKind.Ratio, consideration.Weight));
            foreach (var (key, figure) in consideration.Figures)
            {
                Add(figure, ThingsOf(key));
            }
        }

        foreach (var text in decision.WouldChange.Concat(decision.Missing).Concat(decision.Assumptions).Concat(decision.Options.Select(o => o.Label)))
        {
            FromText(text);
        }
    }

    private void DataQuestion(AskResponse? response)
    {
        if (response?.Refusal is { } refusal)
        {
            FromText(refusal.Text);
        }

        if (response?.Answer is not { } answer)
        {
            return;
        }

        FromText(answer.Text);
        foreach (var text in answer.Assumptions.Concat(answer.Warnings).Concat(answer.Parameters.Values))
        {
            FromText(text);
        }

        _figures.Add(new Figure(FigureKind.Ratio, answer.Confidence / 100));
        if (answer.Result is not { } table)
        {
            return;
        }

        Count(table.Rows.Count, string.Empty);
        foreach (var column in table.Columns)
        {
            FromText(column.Name.Replace('_', ' '));
        }

        foreach (var cell in table.Rows.SelectMany(r => r.Cells).Where(c => !c.IsNull))
        {
            if (double.TryParse(cell.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
            {
                _figures.Add(new Figure(FigureKind.Number, number));
                if (number is >= 1900 and <= 2100)
                {
                    _figures.Add(new Figure(FigureKind.Year, number));
                }
            }
            else
            {
                FromText(cell.Text);
            }
        }

        for (var i = 0; i < table.Columns.Count; i++)
        {
            var sum = table.Rows.Where(r => i < r.Cells.Count && !r.Cells[i].IsNull)
                .Sum(r => double.TryParse(r.Cells[i].Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var n) ? n : 0);
            _figures.Add(new Figure(FigureKind.Number, sum));
        }
    }

    private void Add(Value? value, string things)
    {
        switch (value?.KindCase)
        {
            case Value.KindOneofCase.Money:
                _figures.Add(new Figure(FigureKind.Money, (double)Language.Amount(value.Money), value.Money.Currency));
                break;
            case Value.KindOneofCase.Count:
                Count(value.Count, things);
                break;
            case Value.KindOneofCase.Ratio:
                _figures.Add(new Figure(FigureKind.Ratio, value.Ratio));
                break;
            case Value.KindOneofCase.Days:
                _figures.Add(new Figure(FigureKind.Days, value.Days));
                break;
            case Value.KindOneofCase.Date:
                Day(value.Date);
                break;
            case Value.KindOneofCase.Number:
                _figures.Add(new Figure(FigureKind.Number, value.Number));
                break;
            case Value.KindOneofCase.Text:
                FromText(value.Text);
                break;
            case Value.KindOneofCase.Unknown:
                FromText(value.Unknown);
                break;
        }
    }

    private void Count(long count, string things) => _figures.Add(new Figure(FigureKind.Number, count, string.Empty, things));

    private void Day(Date? date)
    {
        if (Language.Day(date) is { } day)
        {
            Day(day);
        }
    }

    private void Day(DateOnly day) => _figures.Add(new Figure(FigureKind.Date, day.DayNumber));

    private void FromText(string text)
    {
        if (text.Any(char.IsAsciiDigit) || text.Length > 0)
        {
            _figures.AddRange(FigureReader.Read(text, English).Select(f => f.Figure));
        }
    }

    private void Share(Money? part, Money? whole)
    {
        if (part is not null && whole is not null && part.Currency == whole.Currency && Language.Amount(whole) != 0)
        {
            _figures.Add(new Figure(FigureKind.Ratio, (double)(Language.Amount(part) / Language.Amount(whole))));
        }
    }

    private void Share(double? part, double? whole)
    {
        if (part is not null && whole is > 0)
        {
            _figures.Add(new Figure(FigureKind.Ratio, part.Value / whole.Value));
        }
    }

    private void Difference(Money? left, Money? right)
    {
        if (left is not null && right is not null && left.Currency == right.Currency)
        {
            _figures.Add(new Figure(FigureKind.Money, (double)(Language.Amount(left) - Language.Amount(right)), left.Currency));
        }
    }

    private void Difference(Value left, Value right)
    {
        if (left.KindCase != right.KindCase)
        {
            return;
        }

        switch (left.KindCase)
        {
            case Value.KindOneofCase.Money:
                Difference(left.Money, right.Money);
                break;
            case Value.KindOneofCase.Count:
                Count(left.Count - right.Count, string.Empty);
                break;
            case Value.KindOneofCase.Ratio:
                _figures.Add(new Figure(FigureKind.Ratio, left.Ratio - right.Ratio));
                break;
            case Value.KindOneofCase.Days:
                _figures.Add(new Figure(FigureKind.Days, left.Days - right.Days));
                break;
        }
    }

    private static Money? MoneyOf(EntityFacts facts, string kind) => facts.Facts.FirstOrDefault(f => f.Kind == kind)?.Value?.Money;

    private static double? CountOf(EntityFacts facts, string kind) =>
        facts.Facts.FirstOrDefault(f => f.Kind == kind)?.Value is { KindCase: Value.KindOneofCase.Count } value ? value.Count : null;

    private static string ThingsOf(string words) => string.Join(' ', CountedThing().Matches(words.Replace('_', ' ')).Select(m => m.Value.TrimEnd('s').ToLowerInvariant()).Distinct());

    [GeneratedRegex(@"\d+")]
    private static partial Regex Digits();

    [GeneratedRegex(@"\b(?:invoice|order|payment|customer)s?\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex CountedThing();
}
