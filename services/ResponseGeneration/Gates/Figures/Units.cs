namespace Platform.ResponseGeneration.Gates.Figures;

/// <summary>Units of a number: currencies, durations, and things that are counted.</summary>
internal static class Units
{
    public const string Counted = "invoices?|orders?|payments?|customers?|patterns?|notes?|options?|observations?|rows?|reminders?|accounts?|currenc(?:y|ies)";

    public const string Durations = "minutes?|hours?|days?|weeks?|fortnights?|months?|years?";

    /// <summary>Codes that are read as currencies: any three capitals might be a legal form.</summary>
    public const string Codes = "USD|EUR|GBP|JPY|CHF|CAD|AUD|NZD|SEK|NOK|DKK|PLN|CZK|HUF|RON|BGN|TRY|CNY|HKD|SGD|INR|BRL|MXN|ZAR|KRW|ILS|AED|SAR|UAH|ISK|THB|MYR|IDR|PHP|CLP|COP|ARS";

    /// <summary>What may stand between a number and its unit: "14 open invoices", "5 of its invoices".</summary>
    public const string Between =
        "(?:open|paid|overdue|unpaid|late|rush|urgent|working|calendar|business|earlier|more|other|of its|of their|of the|of|its|their|the|disputed|outstanding|settled|customer|new|most recent|recent|further|fewer|still|currently) ";

    public static string? CurrencyOf(params ReadOnlySpan<string> marks)
    {
        foreach (var mark in marks)
        {
            switch (mark)
            {
                case "$" or "US$": return "USD";
                case "€": return "EUR";
                case "£": return "GBP";
                case "¥": return "JPY";
                case { Length: 3 } when mark.All(char.IsAsciiLetterUpper): return mark;
                default: break;
            }

            switch (mark.ToLowerInvariant().TrimEnd('s'))
            {
                case "dollar" or "us dollar": return "USD";
                case "euro": return "EUR";
                case "pound" or "pounds sterling": return "GBP";
                case "franc" or "swiss franc": return "CHF";
                case "yen": return "JPY";
                default: break;
            }
        }

        return null;
    }

    /// <summary>The kind, the factor to its base unit, and what is counted.</summary>
    public static (FigureKind Kind, double Factor, string Things) Of(string unit)
    {
        var one = unit.Trim().ToLowerInvariant();
        one = one.EndsWith("ies", StringComparison.Ordinal) ? one[..^3] + "y" : one.EndsWith('s') && one.Length > 2 ? one[..^1] : one;
        return one switch
        {
            "minute" => (FigureKind.Days, 1.0 / 1440, string.Empty),
            "hour" => (FigureKind.Days, 1.0 / 24, string.Empty),
            "day" => (FigureKind.Days, 1, string.Empty),
            "week" => (FigureKind.Days, 7, string.Empty),
            "fortnight" => (FigureKind.Days, 14, string.Empty),
            "month" => (FigureKind.Days, 30.4, string.Empty),
            "year" => (FigureKind.Days, 365, string.Empty),
            "account" => (FigureKind.Number, 1, "customer"),
            _ => (FigureKind.Number, 1, one),
        };
    }
}
