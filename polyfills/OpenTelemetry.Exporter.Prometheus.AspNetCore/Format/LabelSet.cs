using System.Collections;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace OpenTelemetry.Exporter.Prometheus.Format;

/// <summary>The labels of a sample. Attributes whose names become equal are merged, their values joined with <c>;</c> in the order of the original names.</summary>
internal sealed class LabelSet
{
    private readonly List<(string Label, SortedDictionary<string, string> Values)> _labels = [];

    public LabelSet Add(string attribute, object? value) => Add(PrometheusName.Label(attribute), attribute, value);

    public LabelSet Add(string label, string attribute, object? value)
    {
        var existing = _labels.FindIndex(entry => entry.Label == label);
        if (existing < 0)
        {
            _labels.Add((label, new(StringComparer.Ordinal) { [attribute] = Text(value) }));
        }
        else
        {
            _labels[existing].Values[attribute] = Text(value);
        }

        return this;
    }

    public LabelSet Remove(string label)
    {
        _labels.RemoveAll(entry => entry.Label == label);
        return this;
    }

    /// <summary>The labels without braces, empty without any.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var (label, values) in _labels)
        {
            if (text.Length > 0)
            {
                text.Append(',');
            }

            text.Append(label).Append("=\"");
            Escape(text, string.Join(';', values.Values), quotes: true);
            text.Append('"');
        }

        return text.ToString();
    }

    /// <summary>Backslash and line feed escaped, quotation marks on request.</summary>
    public static void Escape(StringBuilder text, string value, bool quotes)
    {
        foreach (var character in value)
        {
            switch (character)
            {
                case '\\':
                    text.Append(@"\\");
                    break;
                case '\n':
                    text.Append(@"\n");
                    break;
                case '"' when quotes:
                    text.Append("\\\"");
                    break;
                default:
                    text.Append(character);
                    break;
            }
        }
    }

    private static string Text(object? value) => value switch
    {
        null => string.Empty,
        string text => text,
        bool truth => truth ? "true" : "false",
        double number => PrometheusNumber.Value(number),
        float number => PrometheusNumber.Value(number),
        IEnumerable list => JsonSerializer.Serialize(list.Cast<object?>()),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? string.Empty,
    };
}
