using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace OpenTelemetry.Tests;

/// <summary>A strict reader of the Prometheus text format 0.0.4.</summary>
internal sealed partial class ExpositionParser
{
    private static readonly string[] Types = ["counter", "gauge", "histogram", "summary", "untyped"];

    private readonly Dictionary<string, string> _types = [];
    private readonly HashSet<string> _help = [];
    private readonly HashSet<string> _sampled = [];
    private readonly List<Sample> _samples = [];
    private readonly List<string> _families = [];

    public static Exposition Parse(string text)
    {
        var parser = new ExpositionParser();
        var line = 0;
        while (text.Length > 0)
        {
            line++;
            var end = text.IndexOf('\n', StringComparison.Ordinal);
            if (end < 0)
            {
                throw new FormatException($"Line {line} does not end: {text}");
            }

            try
            {
                parser.Read(text[..end].Trim(' ', '\t'));
            }
            catch (FormatException error)
            {
                throw new FormatException($"Line {line}: {error.Message}: {text[..end]}", error);
            }

            text = text[(end + 1)..];
        }

        return new Exposition(parser._types, parser._samples);
    }

    private void Read(string line)
    {
        if (line.StartsWith('#'))
        {
            ReadComment(line[1..].TrimStart(' ', '\t'));
        }
        else if (line.Length > 0)
        {
            ReadSample(line);
        }
    }

    private void ReadComment(string comment)
    {
        var parts = Blank().Split(comment, 3);
        if (parts[0] is not ("HELP" or "TYPE") || parts.Length < 2 || parts[1].Length == 0)
        {
            return;
        }

        Check(Name().IsMatch(parts[1]), "bad metric name");
        if (parts[0] == "HELP")
        {
            Check(parts.Length < 3 || _help.Add(parts[1]), "second HELP");
            return;
        }

        Check(parts.Length == 3 && Types.Contains(parts[2].Trim()), "bad type");
        Check(!_sampled.Contains(parts[1]), "TYPE after a sample");
        Check(_types.TryAdd(parts[1], parts[2].Trim()), "second TYPE");
    }

    private void ReadSample(string line)
    {
        var at = 0;
        while (at < line.Length && (char.IsAsciiLetterOrDigit(line[at]) || line[at] is '_' or ':'))
        {
            at++;
        }

        var name = line[..at];
        Check(Name().IsMatch(name), "bad metric name");
        Skip(line, ref at);
        Dictionary<string, string> labels = [];
        if (at < line.Length && line[at] == '{')
        {
            at++;
            ReadLabels(line, ref at, labels);
        }

        var rest = Blank().Split(line[at..].Trim(' ', '\t'));
        Check(rest.Length is 1 or 2, "value and at most a timestamp expected");
        var value = Number(rest[0]);
        Check(rest.Length == 1 || long.TryParse(rest[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _), "bad timestamp");

        var family = Family(name);
        if (_types.TryGetValue(family, out var type))
        {
            if (type == "histogram" && labels.TryGetValue("le", out var bound))
            {
                Number(bound);
            }

            if (type == "summary" && labels.TryGetValue("quantile", out var quantile))
            {
                Number(quantile);
            }
        }

        // Summaries of the corpus may be scattered; what we write must stand together.
        if (_families.Count == 0 || _families[^1] != family)
        {
            _families.Add(family);
        }

        _sampled.Add(family);
        _sampled.Add(name);
        _samples.Add(new Sample(name, labels, value));
    }

    private static void ReadLabels(string line, ref int at, Dictionary<string, string> labels)
    {
        while (true)
        {
            Skip(line, ref at);
            Check(at < line.Length, "labels do not end");
            if (line[at] == '}')
            {
                at++;
                return;
            }

            var start = at;
            while (at < line.Length && (char.IsAsciiLetterOrDigit(line[at]) || line[at] == '_'))
            {
                at++;
            }

            var label = line[start..at];
            Check(label.Length > 0 && !char.IsAsciiDigit(label[0]) && label != "__name__", "bad label name");
            Skip(line, ref at);
            Check(at < line.Length && line[at] == '=', "'=' expected");
            at++;
            Skip(line, ref at);
            Check(labels.TryAdd(label, ReadQuoted(line, ref at)), "label twice");
            Skip(line, ref at);
            Check(at < line.Length && line[at] is ',' or '}', "',' or '}' expected");
            if (line[at] == ',')
            {
                at++;
            }
        }
    }

    private static string ReadQuoted(string line, ref int at)
    {
        Check(at < line.Length && line[at] == '"', "'\"' expected");
        var text = new StringBuilder();
        for (at++; at < line.Length && line[at] != '"'; at++)
        {
            if (line[at] != '\\')
            {
                text.Append(line[at]);
                continue;
            }

            at++;
            text.Append(at < line.Length
                ? line[at] switch { 'n' => '\n', '\\' => '\\', '"' => '"', _ => throw new FormatException("unknown escape") }
                : throw new FormatException("escape does not end"));
        }

        Check(at < line.Length, "label value does not end");
        at++;
        return text.ToString();
    }

    private string Family(string name)
    {
        foreach (var suffix in (string[])["_bucket", "_sum", "_count"])
        {
            if (name.EndsWith(suffix, StringComparison.Ordinal) && _types.TryGetValue(name[..^suffix.Length], out var type) && type is "histogram" or "summary")
            {
                return name[..^suffix.Length];
            }
        }

        return name;
    }

    private static double Number(string text) => text switch
    {
        "+Inf" or "Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        "NaN" => double.NaN,
        _ => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : throw new FormatException($"'{text}' is no number"),
    };

    private static void Skip(string line, ref int at)
    {
        while (at < line.Length && line[at] is ' ' or '\t')
        {
            at++;
        }
    }

    private static void Check(bool condition, string message)
    {
        if (!condition)
        {
            throw new FormatException(message);
        }
    }

    [GeneratedRegex("^[a-zA-Z_:][a-zA-Z0-9_:]*$")]
    private static partial Regex Name();

    [GeneratedRegex("[ \t]+")]
    private static partial Regex Blank();
}

internal sealed record Sample(string Name, IReadOnlyDictionary<string, string> Labels, double Value);

internal sealed record Exposition(IReadOnlyDictionary<string, string> Types, IReadOnlyList<Sample> Samples)
{
    public double Value(string name, params (string Label, string Value)[] labels)
        => Samples.Single(sample => sample.Name == name && labels.All(label => sample.Labels.TryGetValue(label.Label, out var value) && value == label.Value)).Value;
}
