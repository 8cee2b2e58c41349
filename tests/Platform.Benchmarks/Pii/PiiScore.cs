using System.Text;
using System.Text.Json;
using Platform.ModelGateway.Safety;

namespace Platform.Benchmarks.Pii;

/// <summary>A labelled text.</summary>
internal sealed record LabelledText(int Template, string Text, IReadOnlyList<(string Type, int Start, int End)> Spans)
{
    internal static List<LabelledText> Read(string path) => [.. File.ReadLines(path).Select(line =>
    {
        using var document = JsonDocument.Parse(line);
        var root = document.RootElement;
        return new LabelledText(root.GetProperty("template_id").GetInt32(), root.GetProperty("text").GetString()!, [.. root.GetProperty("spans").EnumerateArray()
            .Select(span => (span.GetProperty("type").GetString()!, span.GetProperty("start").GetInt32(), span.GetProperty("end").GetInt32()))]);
    })];

    /// <summary>
    /// Templates repeat, so halves are made of whole templates, by a hash of the number: rules were tuned on the first half,
    /// the second tells how they do on templates that were not looked at while tuning.
    /// </summary>
    internal bool IsTuning => (uint)(Template * 2654435761) >> 31 == 0;
}

/// <summary>
/// How a detector does. A label counts as found when finds cover at least half of its characters, a find as right when at least half of
/// its characters are labelled. Structured labels and finds must agree in type and the label must be covered whole.
/// </summary>
internal sealed class PiiScore
{
    private static readonly Dictionary<string, PiiType[]> Types = new()
    {
        ["CREDIT_CARD"] = [PiiType.Card],
        ["IBAN_CODE"] = [PiiType.Iban],
        ["EMAIL_ADDRESS"] = [PiiType.Email],
        ["PHONE_NUMBER"] = [PiiType.Phone],
        ["IP_ADDRESS"] = [PiiType.IpAddress],
        ["US_SSN"] = [PiiType.NationalId],
        ["DOMAIN_NAME"] = [PiiType.Url],
        ["US_DRIVER_LICENSE"] = [PiiType.DriverLicense],
        ["PERSON"] = [PiiType.Person],
        ["STREET_ADDRESS"] = [PiiType.Address],
        ["ZIP_CODE"] = [PiiType.Postcode, PiiType.Address],
        ["GPE"] = [PiiType.Location, PiiType.Address],
        ["ORGANIZATION"] = [PiiType.Organization],
        ["NRP"] = [PiiType.Nationality],
        ["TITLE"] = [PiiType.Title],
        ["AGE"] = [PiiType.Age],
        ["DATE_TIME"] = [PiiType.Date, PiiType.DateOfBirth],
    };

    private static readonly HashSet<string> StructuredLabels = ["CREDIT_CARD", "IBAN_CODE", "EMAIL_ADDRESS", "PHONE_NUMBER", "IP_ADDRESS", "US_SSN", "DOMAIN_NAME", "US_DRIVER_LICENSE"];

    private readonly SortedDictionary<string, (int Labels, int Found, int Typed)> _byLabel = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, (int Finds, int Right)> _byFind = new(StringComparer.Ordinal);
    private int _structuredLabels;
    private int _structuredFound;
    private int _structuredFinds;
    private int _structuredRight;

    internal double StructuredRecall => Ratio(_structuredFound, _structuredLabels);

    internal double StructuredPrecision => Ratio(_structuredRight, _structuredFinds);

    internal double Recall => Ratio(_byLabel.Values.Sum(label => label.Found), _byLabel.Values.Sum(label => label.Labels));

    internal double Precision => Ratio(_byFind.Values.Sum(find => find.Right), _byFind.Values.Sum(find => find.Finds));

    /// <summary>5·P·R / (4·P + R): recall counts four times as much as precision.</summary>
    internal double F2 => 5 * Precision * Recall / ((4 * Precision) + Recall);

    /// <summary>As <see cref="F2"/>, with labels that were found as another type counted as missed.</summary>
    internal double TypedF2
    {
        get
        {
            var recall = Ratio(_byLabel.Values.Sum(label => label.Typed), _byLabel.Values.Sum(label => label.Labels));
            return 5 * Precision * recall / ((4 * Precision) + recall);
        }
    }

    internal List<string> Mistakes { get; } = [];

    internal static PiiScore Of(PiiDetector detector, IEnumerable<LabelledText> texts)
    {
        var score = new PiiScore();
        foreach (var text in texts)
        {
            score.Add(text, detector.Find(text.Text, TimeSpan.FromSeconds(10)));
        }

        return score;
    }

    internal string Describe()
    {
        var described = new StringBuilder();
        described.AppendLine(Invariant($"structured: recall {StructuredRecall:0.0000} precision {StructuredPrecision:0.0000} ({_structuredFound}/{_structuredLabels} labels, {_structuredRight}/{_structuredFinds} finds)"));
        described.AppendLine(Invariant($"all types:  recall {Recall:0.0000} precision {Precision:0.0000} F2 {F2:0.0000}; F2 with the right type {TypedF2:0.0000}"));
        foreach (var (label, (labels, found, typed)) in _byLabel)
        {
            described.AppendLine(Invariant($"  {label,-18} labels {labels,4} recall {Ratio(found, labels):0.000} with type {Ratio(typed, labels):0.000}"));
        }

        foreach (var (type, (finds, right)) in _byFind)
        {
            described.AppendLine(Invariant($"  {type,-18} finds  {finds,4} precision {Ratio(right, finds):0.000}"));
        }

        return described.ToString();
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);

    private void Add(LabelledText text, List<PiiSpan> finds)
    {
        foreach (var (type, start, end) in text.Spans)
        {
            var covered = finds.Sum(find => Overlap(find, start, end));
            var typed = finds.Where(find => Types[type].Contains(find.Type)).Sum(find => Overlap(find, start, end));
            var isFound = covered * 2 >= end - start;
            var (labels, found, right) = _byLabel.GetValueOrDefault(type);
            _byLabel[type] = (labels + 1, found + (isFound ? 1 : 0), right + (typed * 2 >= end - start ? 1 : 0));
            if (StructuredLabels.Contains(type))
            {
                _structuredLabels++;
                _structuredFound += typed == end - start ? 1 : 0;
                isFound = typed == end - start;
            }

            if (!isFound)
            {
                Mistakes.Add($"missed {type} \"{text.Text[start..end]}\" in: {text.Text.ReplaceLineEndings("⏎")}");
            }
        }

        foreach (var find in finds)
        {
            var isRight = text.Spans.Sum(span => Overlap(find, span.Start, span.End)) * 2 >= find.Length;
            var (all, right) = _byFind.GetValueOrDefault(find.Type.Name());
            _byFind[find.Type.Name()] = (all + 1, right + (isRight ? 1 : 0));
            if (Types.Any(pair => StructuredLabels.Contains(pair.Key) && pair.Value.Contains(find.Type)))
            {
                _structuredFinds++;
                isRight = text.Spans.Any(span => Types[span.Type].Contains(find.Type) && Overlap(find, span.Start, span.End) * 2 >= find.Length);
                _structuredRight += isRight ? 1 : 0;
            }

            if (!isRight)
            {
                Mistakes.Add($"false {find.Type} \"{text.Text.Substring(find.Start, find.Length)}\" in: {text.Text.ReplaceLineEndings("⏎")}");
            }
        }
    }

    private static int Overlap(PiiSpan find, int start, int end) => Math.Max(0, Math.Min(find.End, end) - Math.Max(find.Start, start));

    private static double Ratio(int part, int whole) => whole == 0 ? 1 : (double)part / whole;
}
