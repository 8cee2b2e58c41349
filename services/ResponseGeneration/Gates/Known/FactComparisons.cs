using Platform.Contracts.Common.V1;
using Platform.Contracts.ContextSynthesis.V1;
using Platform.ResponseGeneration.Gates.Figures;
using Platform.ResponseGeneration.Writing;

namespace Platform.ResponseGeneration.Gates.Known;

/// <summary>What a reader forms from the same fact of several entities: totals, differences, multiples.</summary>
internal static class FactComparisons
{
    public static void Add(KnownFigures figures, SynthesizedContext context)
    {
        if (context.Facts.Count < 2)
        {
            return;
        }

        foreach (var kind in context.Facts.SelectMany(f => f.Facts).GroupBy(f => f.Kind))
        {
            var cue = Measures.OfFact(kind.Key, kind.First().Label) with { Side = Side.None };
            var values = kind.Select(f => f.Value).Where(v => v is not null).ToList();
            Totals(figures, values, kind.Key, cue.Any);
            for (var i = 0; i < values.Count; i++)
            {
                for (var j = i + 1; j < values.Count; j++)
                {
                    Pair(figures, values[i], values[j], kind.Key, cue);
                }
            }
        }
    }

    private static void Totals(KnownFigures figures, List<Value> values, string kind, string[] measure)
    {
        var cue = new Cue(Measures.Total, All: [measure]);
        foreach (var currency in values.Where(v => v.KindCase == Value.KindOneofCase.Money).GroupBy(v => v.Money.Currency))
        {
            figures.Add(FigureKind.Money, (double)currency.Sum(v => Language.Amount(v.Money)), cue, currency: currency.Key);
        }

        if (values.All(v => v.KindCase == Value.KindOneofCase.Count))
        {
            figures.Add(FigureKind.Number, values.Sum(v => v.Count), cue, things: FactFigures.ThingsOf(kind));
        }
    }

    private static void Pair(KnownFigures figures, Value left, Value right, string kind, Cue measure)
    {
        if (left.KindCase != right.KindCase || (left.Money?.Currency != right.Money?.Currency))
        {
            return;
        }

        var cue = measure with { Any = Measures.Difference, All = [measure.Any] };
        var (one, other) = (NumberOf(left), NumberOf(right));
        switch (left.KindCase)
        {
            case Value.KindOneofCase.Money:
                figures.Add(FigureKind.Money, one - other, cue, currency: left.Money!.Currency);
                break;
            case Value.KindOneofCase.Count:
                figures.Add(FigureKind.Number, one - other, cue, things: FactFigures.ThingsOf(kind));
                break;
            case Value.KindOneofCase.Ratio:
                figures.Add(FigureKind.Points, one - other, cue);
                break;
            case Value.KindOneofCase.Days:
                figures.Add(FigureKind.Days, one - other, cue);
                break;
            default:
                return;
        }

        var (large, small) = (Math.Max(Math.Abs(one), Math.Abs(other)), Math.Min(Math.Abs(one), Math.Abs(other)));
        if (small > 0 && kind != "order_trend")
        {
            // "As much" compares amounts, "as many" and "as often" compare counts.
            var compared = measure with { Barred = [.. measure.Barred ?? [], .. left.KindCase == Value.KindOneofCase.Money ? (string[])[" as many", " as often"] : left.KindCase == Value.KindOneofCase.Count ? [" as much"] : Array.Empty<string>()] };
            figures.Add(FigureKind.Times, large / small, compared);
            figures.Add(FigureKind.Ratio, (large / small) - 1, cue);
            figures.Add(FigureKind.Ratio, 1 - (small / large), cue);
            figures.Add(FigureKind.Ratio, small / large, new Cue([" of what", " of that", " of the", " as much", " as many", " as high", " as large", " as long"], All: [measure.Any]));
        }
    }

    private static double NumberOf(Value value) => value.KindCase switch
    {
        Value.KindOneofCase.Money => (double)Language.Amount(value.Money),
        Value.KindOneofCase.Count => value.Count,
        Value.KindOneofCase.Ratio => value.Ratio,
        Value.KindOneofCase.Days => value.Days,
        _ => 0,
    };
}
