using System.Globalization;
using System.Text.RegularExpressions;
using Platform.Migrations.Contract;

namespace Platform.Migrations.Import;

/// <summary>Turns the texts of a line into the value of one column, or says why it cannot.</summary>
internal sealed partial class CellReader(ImportMap map)
{
    /// <summary>Longest text accepted in a column.</summary>
    public const int LongestText = 400;

    private const decimal LargestAmount = 999_999_999_999.99m;

    /// <summary>The value for the database: text, decimal, UTC <see cref="DateTime"/>, <see cref="DateOnly"/>, int, bool or null.</summary>
    /// <param name="source">The text of the first source that is not blank; null when all are.</param>
    /// <param name="reason">Why the line is rejected; null when it is not.</param>
    public object? Read(ColumnMap column, string? source, out string? reason)
    {
        reason = null;
        var text = Text(column, source);
        if (text is null)
        {
            reason = column.Target.Required ? $"{column.Target.Name} is blank" : null;
            return null;
        }

        if (text.AsSpan().ContainsAny('\0', '\uFFFD'))
        {
            reason = $"{column.Target.Name} holds bytes that are not {map.Encoding.WebName} text";
            return null;
        }

        object? value = column.Target.Kind switch
        {
            ColumnKind.Text => Words(column, text, ref reason),
            ColumnKind.Money => Amount(column, text, ref reason),
            ColumnKind.Time => Time(column, text, ref reason),
            ColumnKind.Date => Time(column, text, ref reason) is { } time ? DateOnly.FromDateTime(time) : null,
            ColumnKind.Whole => Whole(column, text, ref reason),
            ColumnKind.Flag => Flag(column, text, ref reason),
            _ => throw new InvalidOperationException($"Column kind {column.Target.Kind} cannot be read."),
        };
        return reason is null ? value : null;
    }

    private static string? Text(ColumnMap column, string? source)
    {
        if (column.Constant is { } constant)
        {
            return constant;
        }

        var text = source is null ? null : column.WhenPresent ?? source;
        if (text is not null && column.Values.TryGetValue(text, out var meaning))
        {
            text = meaning.Length == 0 ? null : meaning;
        }

        text ??= column.Default;
        return text is null ? null : column.Prefix + text;
    }

    private static string? Words(ColumnMap column, string text, ref string? reason)
    {
        if (text.Length > LongestText)
        {
            reason = $"{column.Target.Name} is longer than {LongestText} characters";
        }
        else if (column.Target.Name == "currency" && !Currencies.IsKnown(text))
        {
            reason = $"currency '{text}' is unknown (ISO 4217 code expected)";
        }
        else if (column.Target.Values is { } allowed && !allowed.Contains(text, StringComparer.Ordinal))
        {
            reason = $"{column.Target.Name} is '{Short(text)}'; allowed is {string.Join(", ", allowed)}";
        }

        return text;
    }

    private decimal? Amount(ColumnMap column, string text, ref string? reason)
    {
        var pattern = map.DecimalSeparator == '.' ? PointNumber() : CommaNumber();
        if (!pattern.IsMatch(text))
        {
            reason = $"{column.Target.Name} '{Short(text)}' is not a number";
            return null;
        }

        var plain = map.DecimalSeparator == '.' ? text.Replace(",", string.Empty, StringComparison.Ordinal) : text.Replace(".", string.Empty, StringComparison.Ordinal).Replace(',', '.');
        if (!decimal.TryParse(plain, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount) || Math.Abs(amount) > LargestAmount)
        {
            reason = $"{column.Target.Name} '{Short(text)}' is too large";
            return null;
        }

        if (amount < 0)
        {
            reason = $"{column.Target.Name} {Short(text)} is negative";
        }
        else if (decimal.Round(amount, 2) != amount && !column.Round)
        {
            reason = $"{column.Target.Name} {Short(text)} has more than two decimals";
        }

        return decimal.Round(amount, 2, MidpointRounding.AwayFromZero);
    }

    private DateTime? Time(ColumnMap column, string text, ref string? reason)
    {
        const DateTimeStyles AsUtc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        foreach (var format in map.DateFormats)
        {
            if (DateTime.TryParseExact(text, format, CultureInfo.InvariantCulture, AsUtc, out var time))
            {
                if (time.Year is < 1900 or > 2200)
                {
                    break;
                }

                return time.AddDays(column.AddDays);
            }
        }

        reason = $"{column.Target.Name} '{Short(text)}' is not a date like {string.Join(" or ", map.DateFormats)} between 1900 and 2200";
        return null;
    }

    private static int? Whole(ColumnMap column, string text, ref string? reason)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }

        reason = $"{column.Target.Name} '{Short(text)}' is not a whole number of 0 or more";
        return null;
    }

    private static bool? Flag(ColumnMap column, string text, ref string? reason)
    {
        switch (text.ToUpperInvariant())
        {
            case "TRUE" or "YES" or "Y" or "1":
                return true;
            case "FALSE" or "NO" or "N" or "0":
                return false;
            default:
                reason = $"{column.Target.Name} '{Short(text)}' is not yes or no";
                return null;
        }
    }

    private static string Short(string text) => text.Length <= 60 ? text : string.Concat(text.AsSpan(0, 60), "…");

    [GeneratedRegex(@"^-?([0-9]+|[0-9]{1,3}(,[0-9]{3})+)(\.[0-9]+)?$", RegexOptions.CultureInvariant)]
    private static partial Regex PointNumber();

    [GeneratedRegex(@"^-?([0-9]+|[0-9]{1,3}(\.[0-9]{3})+)(,[0-9]+)?$", RegexOptions.CultureInvariant)]
    private static partial Regex CommaNumber();
}
