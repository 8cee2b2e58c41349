using System.Text.RegularExpressions;
using Platform.Contracts.ContextSynthesis.V1;
using Platform.ResponseGeneration.Gates.Figures;

namespace Platform.ResponseGeneration.Gates.Statements;

/// <summary>
/// Tells whom a figure is about. The name that is attached behind it ("$20,120 (Acme)"), else the names that come before it,
/// else whom the text spoke of last. Several names before several figures of a kind are taken in order, those behind
/// "than" or "unlike" last.
/// </summary>
internal sealed partial class Subjects
{
    private readonly List<(string Name, string Owner)> _names;
    private readonly int _entities;
    private IReadOnlyList<string> _current = [];

    public Subjects(SynthesizedContext context)
    {
        var entities = context.Entities
            .Concat(context.Facts.Where(f => f.Entity is not null).Select(f => f.Entity))
            .Concat(context.Patterns.Where(p => p.Customer is not null).Select(p => p.Customer))
            .Where(e => e.Name.Length > 0).DistinctBy(e => e.Id).ToList();
        _entities = entities.Count;
        var names = entities.Select(e => (e.Name, Owner: e.Id)).Concat(context.UnknownNames.Select(n => (Name: n, Owner: "?" + n))).ToList();
        var shorter = entities.SelectMany(e => Shorter(e.Name).Select(s => (Name: s, Owner: e.Id))).Where(s => s.Name.Length >= 3)
            .GroupBy(s => s.Name, StringComparer.OrdinalIgnoreCase).Where(g => g.Select(s => s.Owner).Distinct().Count() == 1).Select(g => g.First());
        _names = [.. names.Concat(shorter).DistinctBy(n => n.Name, StringComparer.OrdinalIgnoreCase).OrderByDescending(n => n.Name.Length)];
    }

    /// <summary>
    /// The owners that each figure may have, in the order of the figures; nothing where any may be meant. Null when the statement
    /// compares one with itself, so that it can be true of nobody.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<string>>? Of(Statement statement, IReadOnlyList<SaidFigure> figures)
    {
        if (statement.IsCell)
        {
            var labelled = Find(statement.Labels + " " + statement.Text).Select(n => n.Owner).Distinct().ToList();
            return [.. figures.Select(_ => labelled.Count > 0 ? labelled : _current)];
        }

        var names = Find(statement.Text);
        if (names.Count == 0)
        {
            return [.. figures.Select(_ => _current)];
        }

        if (_entities > 1 && names.Count > 1 && names.Select(n => n.Owner).Distinct().Count() == 1
            && (Compares().IsMatch(statement.Text) || figures.GroupBy(f => f.Figure.Kind).Any(g => g.Count() > 1)))
        {
            return null;
        }

        var owners = new List<IReadOnlyList<string>>();
        var seen = new Dictionary<FigureKind, int>();
        IReadOnlyList<string> group = Pronoun().IsMatch(statement.Text) ? _current : [names[0].Owner];
        var next = 0;
        foreach (var figure in figures)
        {
            var at = figure.Start - statement.Start;
            var before = new List<(string Owner, bool IsOblique)>();
            while (next < names.Count && names[next].End <= at)
            {
                before.Add((names[next].Owner, Oblique().IsMatch(statement.Text[..names[next].Start])));
                next++;
            }

            if (before.Count > 0)
            {
                var ordered = before.Where(b => !b.IsOblique).Concat(before.Where(b => b.IsOblique)).Select(b => b.Owner).Distinct().ToList();
                group = ordered;
                seen.Clear();
            }

            owners.Add(Attached(statement.Text, names, figure.End - statement.Start) is { } attached ? [attached] : InOrder(group, seen, figure.Figure.Kind));
        }

        _current = Pronoun().IsMatch(statement.Text) && _current.Count > 0 ? _current : [.. names.Where(n => !Oblique().IsMatch(statement.Text[..n.Start])).Select(n => n.Owner).Distinct()];
        return owners;
    }

    private static IReadOnlyList<string> InOrder(IReadOnlyList<string> group, Dictionary<FigureKind, int> seen, FigureKind kind)
    {
        if (group.Count < 2)
        {
            return group;
        }

        var position = seen.GetValueOrDefault(kind);
        seen[kind] = position + 1;
        return position < group.Count ? [group[position]] : group;
    }

    private static string? Attached(string text, List<(int Start, int End, string Owner)> names, int end)
    {
        foreach (var (start, _, owner) in names)
        {
            if (start >= end)
            {
                return Attachment().IsMatch(text[end..start]) ? owner : null;
            }
        }

        return null;
    }

    private List<(int Start, int End, string Owner)> Find(string text)
    {
        var found = new List<(int Start, int End, string Owner)>();
        foreach (var (name, owner) in _names)
        {
            for (var at = text.IndexOf(name, StringComparison.OrdinalIgnoreCase); at >= 0; at = text.IndexOf(name, at + name.Length, StringComparison.OrdinalIgnoreCase))
            {
                var end = at + name.Length;
                var alone = (at == 0 || !char.IsLetterOrDigit(text[at - 1])) && (end == text.Length || !char.IsLetterOrDigit(text[end]));
                if (alone && found.All(f => at >= f.End || f.Start >= end))
                {
                    found.Add((at, end, owner));
                }
            }
        }

        found.Sort((left, right) => left.Start.CompareTo(right.Start));
        return found;
    }

    /// <summary>"Acme Supplies Ltd" is also called "Acme Supplies" and "Acme".</summary>
    private static IEnumerable<string> Shorter(string name)
    {
        var words = name.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        for (var count = words.Length - 1; count >= 1; count--)
        {
            var shorter = string.Join(' ', words[..count]).TrimEnd(',', '&', ' ');
            if (count > 1 || char.IsUpper(shorter[0]))
            {
                yield return shorter;
            }
        }
    }

    [GeneratedRegex(@"\b(?:than|unlike|while|whereas|compared (?:with|to)|in contrast to|versus|vs\.?|against|as (?:much|many|often|high|large|late|long|big) as)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Compares();

    [GeneratedRegex(@"(?:^|[.;:,(*\s])(?:than|unlike|as|compared (?:with|to)|in contrast to|versus|vs\.?|against|behind|above|below|ahead of)\s+(?:the \S+ of )?\**$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Oblique();

    // "$20,120 (Acme)", "$20,120 for Acme"
    [GeneratedRegex(@"^\s*\((?:\*\*)?$|^\s+(?:(?:open |overdue )?(?:invoices?|orders?) )?(?:for|at|from|by|of|in the case of|owed by)\s+(?:\*\*)?$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Attachment();

    [GeneratedRegex(@"^\W*(?:it|its|they|their|the customer|this customer|the company)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Pronoun();
}
