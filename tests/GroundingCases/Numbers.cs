namespace Platform.GroundingCases;

/// <summary>Says a number: exactly, rounded, hedged, in words, with a scale.</summary>
internal static class Numbers
{
    private static readonly string[] Words =
        ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"];

    public static string Say(Quantity q) => q.Unit switch
    {
        Unit.Money => Money(q),
        Unit.Percent => Percent(q),
        Unit.Points => $"{N(Math.Round(q.Value * 100, 1), "0.#", q)} percentage points",
        Unit.Days => Days(q),
        Unit.Times => q.Style % 2 == 0 ? $"{N(Math.Round(q.Value, 1), "0.#", q)} times" : $"about {N(Math.Round(q.Value, 1), "0.#", q)} times",
        _ => Count(q),
    };

    private static string Money(Quantity q)
    {
        var symbol = q.Noun switch { "USD" => "$", "EUR" => "€", _ => "£" };
        var hundreds = Math.Pow(10, Math.Max(0, Math.Floor(Math.Log10(Math.Max(1, q.Value))) - 2));
        return q.Style switch
        {
            1 => symbol + N(q.Value, "#,##0", q),
            2 when q.Value >= 10_000 => $"about {symbol}{N(Math.Round(q.Value / hundreds) * hundreds, "#,##0", q)}",
            3 when q.Value is >= 10_000 and < 1_000_000 => $"{symbol}{N(q.Value / 1000, q.Value < 100_000 ? "0.0" : "0", q)}k",
            4 when q.Value >= 100_000 => $"{symbol}{N(q.Value / 1e6, "0.00", q)} million",
            5 when q.Value >= 10_000 => $"roughly {symbol}{N(q.Value / 1000, q.Value < 100_000 ? "0.0" : "0", q)} thousand",
            6 => $"{N(q.Value, "#,##0.00", q)} {q.Noun}",
            7 when q.Value >= 10_000 => $"just over {symbol}{N(Math.Floor(q.Value / hundreds) * hundreds, "#,##0", q)}",
            8 when q.Value >= 10_000 => $"nearly {symbol}{N(Math.Ceiling(q.Value / hundreds) * hundreds, "#,##0", q)}",
            _ => symbol + N(q.Value, "#,##0.00", q),
        };
    }

    private static string Percent(Quantity q)
    {
        var percent = Math.Abs(q.Value) * 100;
        foreach (var (share, words) in ((double, string)[])[(50, "half"), (100.0 / 3, "a third"), (200.0 / 3, "two thirds"), (25, "a quarter"), (75, "three quarters"), (20, "a fifth")])
        {
            if (q.Style >= 4 && Math.Abs(percent - share) < 1.8)
            {
                return q.Style == 4 ? $"about {words}" : percent > share + 0.3 ? $"just over {words}" : percent < share - 0.3 ? $"nearly {words}" : $"roughly {words}";
            }
        }

        return q.Style switch
        {
            1 => $"{N(percent, "0", q)}%",
            2 => $"{N(percent, "0.0", q)} percent",
            3 => $"about {N(percent, "0", q)} percent",
            _ => $"{N(percent, "0.0", q)}%",
        };
    }

    private static string Days(Quantity q)
    {
        var weeks = q.Value / 7;
        return q.Style switch
        {
            1 => $"{N(Math.Round(q.Value), "0", q)} days",
            2 => $"about {N(Math.Round(q.Value), "0", q)} days",
            3 when weeks >= 1.8 && Math.Abs(weeks - Math.Round(weeks)) < 0.2 && weeks < 20 => $"about {Words[(int)Math.Round(weeks)]} weeks",
            _ => $"{N(Math.Round(q.Value, 1), "0.#", q)} days",
        };
    }

    private static string Count(Quantity q)
    {
        var count = (int)Math.Round(q.Value);
        var noun = count == 1 && q.Noun.EndsWith('s') ? q.Noun[..^1] : q.Noun;
        var number = q.Style switch
        {
            1 when count is > 1 and <= 20 => Words[count],
            2 when count == 12 => "a dozen",
            3 when count >= 50 => $"about {N(Math.Round(count / 10.0) * 10, "0", q)}",
            4 when count > 100 && count % 10 != 0 => $"more than {N(Math.Floor(count / 10.0) * 10, "0", q)}",
            _ => N(count, "#,##0", q),
        };
        return noun.Length == 0 ? number : $"{number} {noun}";
    }

    private static string N(double value, string format, Quantity q) => value.ToString(format, q.Culture);
}
