using Platform.Contracts.Common.V1;
using Platform.Contracts.DataQuestions.V1;
using Platform.ResponseGeneration.Gates.Figures;
using Platform.ResponseGeneration.Writing;

namespace Platform.ResponseGeneration.Gates.Known;

/// <summary>What a reader forms from the facts of one entity: shares, remainders, averages, and the time since a day.</summary>
internal static class FactDerivations
{
    private static readonly Cue OverdueShare = new(Measures.Overdue, Barred: [" paid ", " pays ", " paying", " pay ", " payment", " payer", " arriv"], Own: [" overdue", " past due", " past its due", " past their due", " arrears", " should"]);
    private static readonly Cue Punctual = new(Measures.OnTime, Topic: Topic.OnTime);
    private static readonly Cue NotDue = new(Measures.NotDue, Side: Side.NotDue);
    private static readonly Cue Room = new(Measures.Room, All: [Measures.Limit]);

    public static void Add(KnownFigures figures, EntityFacts facts)
    {
        var read = new Reading(facts);
        var owner = facts.Entity?.Id;
        Balance(figures, read, owner);
        Invoices(figures, read, owner);
        Ageing(figures, facts, owner);
        Orders(figures, facts, read, owner);
        Days(figures, facts, read, owner);
    }

    private static void Balance(KnownFigures figures, Reading read, string? owner)
    {
        var open = read.Money("open_balance");
        var overdue = read.Money("overdue_amount");
        var limit = read.Money("credit_limit");
        Share(figures, overdue, open, OverdueShare, owner, NotDue with { Side = Side.None });
        Share(figures, read.Money("disputed"), open, new Cue([" disput", " contest"]), owner);
        Share(figures, open, limit, new Cue(Measures.Limit), owner, Room);
        Difference(figures, open, overdue, NotDue, owner);
        Difference(figures, limit, open, Room, owner);
        Per(figures, open, read.Count("open_invoices"), new Cue(Measures.Average), owner);
        Per(figures, overdue, read.Count("overdue_invoices"), new Cue(Measures.Average, All: [Measures.Overdue]), owner);
    }

    private static void Invoices(KnownFigures figures, Reading read, string? owner)
    {
        var (open, overdue) = (read.Count("open_invoices"), read.Count("overdue_invoices"));
        var (paid, late) = (read.Count("paid_invoices"), read.Count("paid_late_invoices"));
        Share(figures, overdue, open, OverdueShare, owner, NotDue with { Side = Side.None });
        Share(figures, late, paid, new Cue(Measures.Late), owner);
        Remainder(figures, open, overdue, NotDue, owner);
        Remainder(figures, paid, late, Punctual, owner);
        if (read.Ratio("late_rate") is { } rate)
        {
            figures.Add(FigureKind.Ratio, 1 - rate, Punctual, owner);
            if (paid is { } all)
            {
                figures.Add(FigureKind.Number, Math.Round(rate * all), new Cue(Measures.Late, Side: Side.Late), owner, things: "invoice");
                figures.Add(FigureKind.Number, all - Math.Round(rate * all), Punctual, owner, things: "invoice");
            }
        }

        if (read.Days("median_days_late") is { } median && median < 0.05)
        {
            figures.Add(FigureKind.Ratio, 0.5, Punctual, owner);
        }
    }

    private static void Ageing(KnownFigures figures, EntityFacts facts, string? owner)
    {
        if (facts.Facts.FirstOrDefault(f => f.Kind == "ageing") is not { } ageing || ageing.Value?.Money is not { } total)
        {
            return;
        }

        var parts = ageing.Parts.ToList();
        figures.Add(FigureKind.Number, parts.Sum(p => p.Count), new Cue([.. Measures.Open, " total"], Side: Side.Open), owner, things: "invoice");
        for (var from = 0; from < parts.Count; from++)
        {
            var tail = parts.Skip(from).ToList();
            var sum = tail.Sum(p => p.Value?.Money is { } money ? Language.Amount(money) : 0);
            var cue = Older(parts[from].Name);
            if (cue is not null)
            {
                figures.Add(FigureKind.Money, (double)sum, cue, owner, total.Currency);
                figures.Add(FigureKind.Number, tail.Sum(p => p.Count), cue, owner, things: "invoice");
                Share(figures, new Money { Amount = sum.ToString(System.Globalization.CultureInfo.InvariantCulture), Currency = total.Currency }, total, cue, owner);
            }

            Share(figures, parts[from].Value?.Money, total, PartCue(parts[from].Name), owner);
        }

        figures.Add(FigureKind.Number, parts.Skip(1).Sum(p => p.Count), new Cue(Measures.Overdue, Side: Side.Overdue), owner, things: "invoice");
    }

    private static Cue? Older(string part) => part switch
    {
        "31-60" => new Cue([" more than 30", " over 30", " 30 days or", " older than 30", " beyond 30", " more than a month", " over a month", " longer than 30", " past 30", " at least 31"]),
        "61-90" => new Cue([" more than 60", " over 60", " older than 60", " beyond 60", " more than two months", " over two months", " longer than 60", " past 60"]),
        _ => null,
    };

    private static Cue PartCue(string part) => part == "not_due" ? new Cue(Measures.NotDue) : new Cue(Measures.Overdue, All: [FactFigures.BucketCue(part).Any]);

    private static void Orders(KnownFigures figures, EntityFacts facts, Reading read, string? owner)
    {
        var (count, volume) = (read.Count("order_count_12m"), read.Money("order_volume"));
        Per(figures, volume, count, new Cue(Measures.Average), owner);
        var monthly = new Cue([" a month", " per month", " monthly", " each month", " every month"], All: [Measures.Money]);
        if (count is { } orders)
        {
            figures.Add(FigureKind.Number, orders / 12.0, monthly, owner, things: "order");
        }

        if (volume is not null)
        {
            figures.Add(FigureKind.Money, (double)Language.Amount(volume) / 12, monthly, owner, volume.Currency);
        }

        // A share that is said as a number of orders.
        if (read.Ratio("rush_share") is { } rush && count is { } all)
        {
            figures.Add(FigureKind.Number, Math.Round(rush * all), new Cue(Measures.Rush, Topic: Topic.Rush, Period: Period.Year), owner, things: "order");
        }

        var ratios = facts.Facts.FirstOrDefault(f => f.Kind == "rush_share")?.Parts.Where(p => p.Value?.KindCase == Value.KindOneofCase.Ratio).Select(p => p.Value.Ratio).ToList();
        if (ratios is [var recent, var before])
        {
            Change(figures, before, recent, new Cue(Measures.Rush), owner);
        }
    }

    private static void Days(KnownFigures figures, EntityFacts facts, Reading read, string? owner)
    {
        if (read.Days("average_days_to_settle") is { } settle && read.Days("payment_terms") is { } terms)
        {
            figures.Add(FigureKind.Days, settle - terms, new Cue(Measures.Difference, All: [[" term", " agreed", " allowed"]], Topic: Topic.Terms), owner);
            if (terms > 0)
            {
                figures.Add(FigureKind.Times, settle / terms, new Cue([" term", " agreed", " allowed"]), owner);
            }
        }

        if (Language.Day(facts.AsOf) is not { } today)
        {
            return;
        }

        foreach (var fact in facts.Facts)
        {
            if (Language.Day(fact.Value?.Date) is { } day)
            {
                // An event lies back; a due date is passed.
                var since = fact.Kind.StartsWith("last_", StringComparison.Ordinal)
                    ? new Cue([" ago", " since", " last ", " latest", " most recent"], All: [Measures.OfFact(fact.Kind, fact.Label).Any])
                    : new Cue([" ago", " since", " overdue", " late", " past", " remain", " left"], All: [Measures.OfFact(fact.Kind, fact.Label).Any]);
                figures.Add(FigureKind.Days, today.DayNumber - day.DayNumber, since, owner);
            }
        }
    }

    public static void Share(KnownFigures figures, Money? part, Money? whole, Cue cue, string? owner, Cue? rest = null)
    {
        if (part is not null && whole is not null && part.Currency == whole.Currency && Language.Amount(whole) != 0)
        {
            Share(figures, (double)Language.Amount(part), (double)Language.Amount(whole), cue, owner, rest);
        }
    }

    public static void Change(KnownFigures figures, double before, double now, Cue cue, string? owner)
    {
        figures.Add(FigureKind.Points, now - before, cue, owner);
        if (before > 0 && now > 0)
        {
            figures.Add(FigureKind.Times, Math.Max(now / before, before / now), cue, owner);
        }
    }

    private static void Share(KnownFigures figures, double? part, double? whole, Cue cue, string? owner, Cue? rest = null)
    {
        if (part is { } some && whole is > 0)
        {
            figures.Add(FigureKind.Ratio, some / whole.Value, cue, owner);
            if (rest is not null)
            {
                figures.Add(FigureKind.Ratio, 1 - (some / whole.Value), rest, owner);
            }
        }
    }

    private static void Difference(KnownFigures figures, Money? left, Money? right, Cue cue, string? owner)
    {
        if (left is not null && right is not null && left.Currency == right.Currency)
        {
            figures.Add(FigureKind.Money, (double)(Language.Amount(left) - Language.Amount(right)), cue, owner, left.Currency);
        }
    }

    private static void Remainder(KnownFigures figures, long? all, long? some, Cue cue, string? owner)
    {
        if (all is { } whole && some is { } part)
        {
            figures.Add(FigureKind.Number, whole - part, cue, owner, things: "invoice");
        }
    }

    private static void Per(KnownFigures figures, Money? amount, long? count, Cue cue, string? owner)
    {
        if (amount is not null && count is > 0)
        {
            figures.Add(FigureKind.Money, (double)Language.Amount(amount) / count.Value, cue, owner, amount.Currency);
        }
    }

    private sealed class Reading(EntityFacts facts)
    {
        public Money? Money(string kind) => Of(kind)?.Money;

        public long? Count(string kind) => Of(kind) is { KindCase: Value.KindOneofCase.Count } value ? value.Count : null;

        public double? Ratio(string kind) => Of(kind) is { KindCase: Value.KindOneofCase.Ratio } value ? value.Ratio : null;

        public double? Days(string kind) => Of(kind) is { KindCase: Value.KindOneofCase.Days } value ? value.Days : null;

        private Value? Of(string kind) => facts.Facts.FirstOrDefault(f => f.Kind == kind)?.Value;
    }
}
