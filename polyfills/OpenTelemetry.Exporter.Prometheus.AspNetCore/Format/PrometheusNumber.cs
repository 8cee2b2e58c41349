using System.Globalization;

namespace OpenTelemetry.Exporter.Prometheus.Format;

/// <summary>Numbers as text.</summary>
internal static class PrometheusNumber
{
    /// <summary>The shortest text that reads back as the same value.</summary>
    public static string Value(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        double.NaN => "NaN",
        _ => value.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>
    /// The form that OpenMetrics wants for bounds, so that series of different exporters match: at least one decimal, exponents
    /// from 1e+06 up and below 1e-04.
    /// </summary>
    public static string Canonical(double value)
    {
        if (!double.IsFinite(value))
        {
            return Value(value);
        }

        if (value == 0)
        {
            return "0.0";
        }

        // The fewest digits that still read back as the same value.
        var shortest = Math.Abs(value).ToString("E16", CultureInfo.InvariantCulture);
        for (var digits = 0; digits < 16; digits++)
        {
            var candidate = Math.Abs(value).ToString($"E{digits}", CultureInfo.InvariantCulture);
            if (double.Parse(candidate, CultureInfo.InvariantCulture) == Math.Abs(value))
            {
                shortest = candidate;
                break;
            }
        }

        var mark = shortest.IndexOf('E');
        var exponent = int.Parse(shortest[(mark + 1)..], CultureInfo.InvariantCulture);
        var significand = shortest[..mark];
        var sign = value < 0 ? "-" : string.Empty;
        if (exponent is < -4 or >= 6)
        {
            return $"{sign}{significand}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}";
        }

        var all = significand.Replace(".", string.Empty, StringComparison.Ordinal);
        var plain = exponent < 0
            ? $"0.{new string('0', -exponent - 1)}{all}"
            : all.Length <= exponent + 1
                ? $"{all.PadRight(exponent + 1, '0')}.0"
                : $"{all[..(exponent + 1)]}.{all[(exponent + 1)..]}";
        return sign + plain;
    }
}
