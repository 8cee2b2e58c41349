namespace Platform.GroundingCases;

/// <summary>Makes one figure, date, unit or name of a text false.</summary>
internal sealed class Alteration(Random random, Situation situation)
{
    private static readonly string[] Strangers = ["Harborview", "Blackmoor Trading", "Crestline Partners Ltd", "Summit Ridge", "Ostrander GmbH", "Pinecrest Holdings", "Tidewater Foods", "Valcourt", "Moncrieff & Sons", "Ridgefield Supply Co"];

    /// <summary>The altered part and what kind of alteration it is; null when this part cannot be altered so that it is surely false.</summary>
    public (Part Part, string Kind)? Of(Part part, string kind) => (part, kind) switch
    {
        (Name name, "name") => (new Name(OtherName(name.Said)), "name"),
        (Day day, "date") => Checked(day, MoveDay(day), "date"),
        (Quantity q, "number") => Number(q),
        (Quantity q, "unit") => UnitOf(q),
        _ => null,
    };

    private (Part, string)? Number(Quantity q)
    {
        for (var attempt = 0; attempt < 20; attempt++)
        {
            var factor = 1 + ((0.06 + (random.NextDouble() * 0.8)) * (random.Next(2) == 0 ? 1 : -0.7));
            var value = random.Next(4) switch
            {
                0 => DigitChanged(q.Value),
                1 when q.Unit == Unit.Count && q.Style is 0 or 1 => q.Value + (random.Next(2) == 0 ? 1 : -1) * random.Next(1, 4),
                2 => q.Value * (random.Next(2) == 0 ? 10 : 0.1),
                _ => q.Value * factor,
            };
            var altered = q with { Value = value };
            if (value > 0.05 && !(q.Unit == Unit.Percent && value > 1.5) && !(q.Unit == Unit.Count && value < 1) && IsFalse(q, altered))
            {
                return (altered, "number");
            }
        }

        return null;
    }

    /// <summary>What is said now must be farther from the truth than any way of rounding it.</summary>
    private static bool IsFalse(Quantity truth, Quantity altered)
    {
        var (was, now) = (truth.Text, altered.Text);
        var loose = truth.Unit is Unit.Percent && (was.Any(char.IsAsciiLetter) || now.Any(char.IsAsciiLetter));
        var margin = truth.Unit switch
        {
            Unit.Count => truth.Style is 3 or 4 ? 16 : 0.9,
            Unit.Percent or Unit.Points => loose ? 0.09 : 0.021,
            Unit.Days => truth.Style == 3 ? 5 : 1.6,
            Unit.Times => 0.25,
            _ => Math.Max(1, truth.Style is 0 or 1 or 6 ? 2 : truth.Value * 0.03),
        };
        return was != now && Math.Abs(truth.Value - altered.Value) > margin;
    }

    private double DigitChanged(double value)
    {
        var digits = value.ToString("0.##", System.Globalization.CultureInfo.InvariantCulture).ToCharArray();
        var leading = Math.Min(digits.Length, 3);
        var at = random.Next(leading);
        if (char.IsAsciiDigit(digits[at]))
        {
            digits[at] = (char)('1' + ((digits[at] - '0' + random.Next(1, 8)) % 9));
        }

        return double.Parse(digits, System.Globalization.CultureInfo.InvariantCulture);
    }

    private (Part, string)? UnitOf(Quantity q)
    {
        switch (q.Unit)
        {
            case Unit.Money:
                var other = q.Noun switch { "USD" => random.Next(2) == 0 ? "EUR" : "GBP", "EUR" => random.Next(2) == 0 ? "USD" : "GBP", _ => random.Next(2) == 0 ? "USD" : "EUR" };
                return (q with { Noun = other }, "unit");
            case Unit.Days when q.Text.EndsWith("days", StringComparison.Ordinal):
                return (new Words(q.Text.Replace("days", random.Next(3) switch { 0 => "hours", 1 => "weeks", _ => "months" }, StringComparison.Ordinal)), "unit");
            case Unit.Count when q.Noun.EndsWith("invoices", StringComparison.Ordinal):
                return (q with { Noun = random.Next(2) == 0 ? "orders" : "customers" }, "unit");
            case Unit.Count when q.Noun == "orders":
                return (q with { Noun = random.Next(2) == 0 ? "invoices" : "payments" }, "unit");
            case Unit.Percent when q.Text.EndsWith('%') && q.Value > 0.02:
                return (new Words(q.Text[..^1].TrimEnd() + (random.Next(2) == 0 ? " days" : " percentage points")), "unit");
            default:
                return null;
        }
    }

    private Day MoveDay(Day day) => day with
    {
        On = random.Next(3) switch
        {
            0 => day.On.AddYears(random.Next(2) == 0 ? -1 : 1),
            1 => day.On.AddMonths(random.Next(2) == 0 ? -random.Next(1, 7) : random.Next(1, 7)),
            _ => day.On.AddDays(random.Next(2) == 0 ? -random.Next(1, 27) : random.Next(1, 27)),
        },
    };

    private (Part, string)? Checked(Day was, Day now, string kind)
    {
        // A day that the context holds for something else may be said by chance; a month more easily.
        DateOnly[] known = [situation.First.Today, situation.First.LastPayment, situation.First.LastContact, situation.Changes.ShiftedOn, situation.Changes.RushOn, situation.Changes.PlacedOn, situation.Second?.LastPayment ?? default, situation.Second?.LastContact ?? default];
        return was.Text == now.Text || known.Any(k => new Day(k, now.Style).Text == now.Text) ? null : (now, kind);
    }

    private string OtherName(string name)
    {
        if (situation.Second is { } second && random.Next(2) == 0)
        {
            return name.StartsWith(situation.First.Name, StringComparison.Ordinal) ? name.Replace(situation.First.Name, second.Name, StringComparison.Ordinal) : name.Replace(second.Name, situation.First.Name, StringComparison.Ordinal);
        }

        var stranger = random.Next(2) == 0 ? Strangers[random.Next(Strangers.Length)] : Unlike(situation);
        return name.EndsWith("'s", StringComparison.Ordinal) || name.EndsWith('\'') ? stranger + "'s" : stranger;
    }

    private string Unlike(Situation situation)
    {
        string name;
        do
        {
            name = Customer.NewName(random);
        }
        while (name == situation.First.Name || name == situation.Second?.Name);

        return name;
    }
}
