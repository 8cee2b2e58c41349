using System.Text;
using System.Text.RegularExpressions;

namespace OpenTelemetry.Exporter.Prometheus.Format;

/// <summary>Names as Prometheus wants them: <c>[a-zA-Z_:][a-zA-Z0-9_:]*</c>, with the unit and the kind of value at the end.</summary>
internal static partial class PrometheusName
{
    private const string Total = "_total";

    /// <summary>The unit as a word: <c>ms</c> → <c>milliseconds</c>, <c>By/s</c> → <c>bytes_per_second</c>, <c>{request}</c> → nothing.</summary>
    public static string? Unit(string? unit)
    {
        if (string.IsNullOrEmpty(unit))
        {
            return null;
        }

        var bare = Annotation().Replace(unit, string.Empty);
        var slash = bare.IndexOf('/');
        var words = slash >= 0 && slash < bare.Length - 1
            ? $"{Word(bare[..slash])}_per_{PerWord(bare[(slash + 1)..])}"
            : Word(bare);
        return Collapse(words).Trim('_') is { Length: > 0 } name ? name : null;
    }

    /// <summary>The metric's name in the text format, which is also the name of its family.</summary>
    public static string Text(string name, string? unit, bool counter, bool total)
    {
        var sanitized = Sanitize(name);
        if (unit is not null && !sanitized.EndsWith(unit, StringComparison.Ordinal) && !(counter && sanitized.EndsWith(unit + Total, StringComparison.Ordinal)))
        {
            sanitized = Join(sanitized, unit);
        }

        return counter && total && !sanitized.EndsWith(Total, StringComparison.Ordinal) ? sanitized + Total : sanitized;
    }

    /// <summary>The name of the metric's family in OpenMetrics, where <c>_total</c> belongs to the sample of a counter and not to the family.</summary>
    public static string Family(string name, string? unit, bool counter)
    {
        var family = counter && name.EndsWith(Total, StringComparison.Ordinal) ? name[..^Total.Length] : name;
        if (unit is not null && !family.EndsWith(unit, StringComparison.Ordinal))
        {
            family = $"{family}_{unit}";
        }

        return Sanitize(family);
    }

    /// <summary>A label's name: letters, digits and underscores, not beginning with a digit.</summary>
    public static string Label(string name)
    {
        if (name.Length == 0)
        {
            return "_";
        }

        if (ValidLabel().IsMatch(name))
        {
            return name;
        }

        var label = Collapse(name.Replace(':', '_'));
        return char.IsAsciiDigit(label[0]) ? $"_{label}" : label;
    }

    private static string Sanitize(string name)
    {
        // A leading digit is replaced, not only preceded.
        var first = name.Length > 0 && char.IsAsciiDigit(name[0]) ? "_" + name[1..] : name;
        return Collapse(first);
    }

    private static string Join(string name, string unit) => $"{name}_{unit}";

    private static string Collapse(string text)
    {
        var result = new StringBuilder(text.Length);
        foreach (var character in text)
        {
            if (char.IsAsciiLetterOrDigit(character) || character == ':')
            {
                result.Append(character);
            }
            else if (result.Length == 0 || result[^1] != '_')
            {
                result.Append('_');
            }
        }

        return result.ToString();
    }

    private static string Word(string unit) => unit switch
    {
        "d" => "days",
        "h" => "hours",
        "min" => "minutes",
        "s" => "seconds",
        "ms" => "milliseconds",
        "us" => "microseconds",
        "ns" => "nanoseconds",
        "By" or "B" => "bytes",
        "KiBy" => "kibibytes",
        "MiBy" => "mebibytes",
        "GiBy" => "gibibytes",
        "TiBy" => "tibibytes",
        "KBy" or "KB" => "kilobytes",
        "MBy" or "MB" => "megabytes",
        "GBy" or "GB" => "gigabytes",
        "TBy" or "TB" => "terabytes",
        "m" => "meters",
        "V" => "volts",
        "A" => "amperes",
        "J" => "joules",
        "W" => "watts",
        "g" => "grams",
        "Cel" => "celsius",
        "Hz" => "hertz",
        "%" => "percent",
        "$" => "dollars",
        "1" => string.Empty,
        _ => unit,
    };

    private static string PerWord(string unit) => unit switch
    {
        "s" => "second",
        "m" => "minute",
        "h" => "hour",
        "d" => "day",
        "w" => "week",
        "mo" => "month",
        "y" => "year",
        _ => unit,
    };

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Annotation();

    [GeneratedRegex("^[a-zA-Z_][a-zA-Z0-9_]*$")]
    private static partial Regex ValidLabel();
}
