using System.Globalization;
using System.Text.RegularExpressions;
using Platform.Contracts.ContextSynthesis.V1;
using Platform.Contracts.ResponseGeneration.V1;
using Platform.ResponseGeneration.Gates.Figures;
using Platform.ResponseGeneration.Gates.Known;
using Platform.ResponseGeneration.Gates.Statements;

namespace Platform.ResponseGeneration.Gates;

/// <summary>
/// Every figure of a text must follow from the context, with its unit, for the customer and the measure that it is said of. A text that comes
/// sentence by sentence is checked with each of them and once more as a whole: what was read and judged before is not read and judged again.
/// Not for several threads at once.
/// </summary>
internal sealed partial class NumberGate(SynthesizedContext context, CultureInfo culture)
{
    private readonly KnownFigures _known = KnownFigures.From(context);
    private readonly string[] _names = NamesWithDigits(context);
    private readonly FigureLines _lines = new(culture);
    private readonly Dictionary<Said, bool> _allowed = [];

    /// <summary>The score is the share of figures that follow.</summary>
    public (GateResult Gate, IReadOnlyList<SaidFigure> Invented) Check(string text)
    {
        var (count, invented) = Find(text);
        var score = count == 0 ? 1 : 1 - ((double)invented.Count / count);
        return (QualityGates.Result("numbers", score, invented.Count == 0, invented.Count == 0
            ? $"{count} figures checked"
            : $"not in the context: {string.Join("; ", invented.Take(5).Select(f => f.Text))}"), invented);
    }

    private (int Count, IReadOnlyList<SaidFigure> Invented) Find(string text)
    {
        var plain = WithoutNames(text);
        var figures = _lines.Read(plain);
        var subjects = new Subjects(context);
        var invented = new List<SaidFigure>();
        foreach (var statement in StatementReader.Read(text))
        {
            var own = figures.Where(f => f.Start >= statement.Start && f.Start < statement.End).ToList();
            var owners = subjects.Of(statement, own);
            invented.AddRange(own.Where((figure, i) => owners is null || !Allows(figure, statement, owners[i]) || IsMoreThanItsWhole(text, own, i)));
        }

        return (figures.Count, invented);
    }

    private bool Allows(SaidFigure figure, Statement statement, IReadOnlyList<string> owners)
    {
        var said = new Said(statement with { Start = 0 }, figure.MovedBy(-statement.Start), string.Concat(owners.Select(owner => $"{owner.Length}:{owner}")));
        if (!_allowed.TryGetValue(said, out var allowed))
        {
            _allowed[said] = allowed = _known.Allow(figure, statement, owners);
        }

        return allowed;
    }

    /// <summary>"12 orders of the last 9", "4 invoices, and 10 of them": no part is more than its whole.</summary>
    private static bool IsMoreThanItsWhole(string text, List<SaidFigure> figures, int at)
    {
        var part = figures[at];
        if (part.Figure.Kind != FigureKind.Number)
        {
            return false;
        }

        var whole = at + 1 < figures.Count && Of().IsMatch(text[part.End..figures[at + 1].Start]) ? figures[at + 1]
            : at > 0 && OfThem().IsMatch(text[part.End..]) ? figures[at - 1] : null;
        return whole?.Figure.Kind == FigureKind.Number && part.Low > whole.High;
    }

    /// <summary>Digits of a name are not figures: "Delta 3000" or "INV-10233". Same length, so that positions stay.</summary>
    private string WithoutNames(string text) =>
        _names.Aggregate(text, (t, n) => t.Replace(n, new string('x', n.Length), StringComparison.OrdinalIgnoreCase));

    private static string[] NamesWithDigits(SynthesizedContext context) =>
        [.. context.Entities.SelectMany(e => (string[])[e.Name, e.Id])
            .Concat(context.Facts.Where(f => f.Entity is not null).Select(f => f.Entity.Name))
            .Concat(context.Patterns.Where(p => p.Customer is not null).Select(p => p.Customer.Name))
            .Concat(context.UnknownNames)
            .Concat(context.DataQuestion?.Answer?.Result?.Rows.SelectMany(r => r.Cells).Where(c => c.Text.Any(char.IsLetter)).Select(c => c.Text) ?? [])
            .Where(n => n.Any(char.IsAsciiDigit) && n.Any(char.IsLetter)).Distinct().OrderByDescending(n => n.Length)];

    /// <summary>All that a judgement follows from: a figure by its place in its statement, that statement wherever it stands, and whom it may be about.</summary>
    private sealed record Said(Statement Statement, SaidFigure Figure, string Owners);

    [GeneratedRegex(@"^ (?:out )?of (?:(?:all|the|its|their) )?(?:last |latest |most recent |recent |total )?$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Of();

    [GeneratedRegex(@"^ of (?:them|these|those|which)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex OfThem();
}
