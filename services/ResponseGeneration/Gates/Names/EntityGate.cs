using System.Text.RegularExpressions;
using Platform.Contracts.ContextSynthesis.V1;
using Platform.Contracts.ResponseGeneration.V1;

namespace Platform.ResponseGeneration.Gates.Names;

/// <summary>Every name of a text must be in the context: customers, people, places, numbers of invoices and orders.</summary>
internal sealed partial class EntityGate
{
    private readonly string[] _names;
    private readonly string[] _whole;
    private readonly string _texts;
    private readonly HashSet<string> _words;

    public EntityGate(SynthesizedContext context)
    {
        var names = context.Entities.Select(e => e.Name)
            .Concat(context.Facts.Select(f => f.Entity?.Name ?? string.Empty))
            .Concat(context.Patterns.Select(p => p.Customer?.Name ?? string.Empty))
            .Concat(context.UnknownNames)
            .Concat(context.Memories.SelectMany(m => m.Memory.Entities).Select(e => e.Name))
            .Concat(context.DataQuestion?.Answer?.Result?.Rows.SelectMany(r => r.Cells).Select(c => c.Text).Where(c => c.Any(char.IsLetter)) ?? [])
            // The help names an example.
            .Append(context.Understanding?.Intent == Intent.Help ? "Delta Industries" : string.Empty)
            .Where(n => n.Length > 1).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        _whole = [.. names];
        _names = [.. names.Concat(names.SelectMany(Shorter)).Distinct(StringComparer.OrdinalIgnoreCase).OrderByDescending(n => n.Length)];
        _texts = string.Join('\n', Texts(context));
        var parts = names.SelectMany(n => Word().Matches(n).Select(m => m.Value)).ToHashSet(StringComparer.OrdinalIgnoreCase);
        _words = Word().Matches(_texts).Select(m => m.Value).Where(w => !parts.Contains(w)).ToHashSet(StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The score is 1 without an unknown name and 0 with one.</summary>
    public GateResult Check(string text)
    {
        var unknown = Unknown(text);
        return QualityGates.Result("entities", unknown.Count == 0 ? 1 : 0, unknown.Count == 0, unknown.Count == 0 ? "every name is in the context" : $"not in the context: {string.Join("; ", unknown.Take(5))}");
    }

    public IReadOnlyList<string> Unknown(string text)
    {
        var small = Lower().Matches(text).Select(m => m.Value).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var unknown = new List<string>();
        foreach (var statement in Statements.StatementReader.Read(text))
        {
            unknown.AddRange(Identifier().Matches(statement.Text).Select(m => m.Value)
                .Where(id => !_texts.Contains(id, StringComparison.OrdinalIgnoreCase) && !_names.Any(n => n.Contains(id, StringComparison.OrdinalIgnoreCase))));
            var first = FirstLetter().Match(statement.Text);
            var isTitle = (statement.IsCell && !NameColumn().IsMatch(statement.Labels)) || statement.Text.TrimStart().StartsWith('#') || Label().IsMatch(statement.Text);
            unknown.AddRange(Capitals().Matches(statement.Text).Where(m => !IsWithinAName(statement.Text, m) && IsUnknown(m, statement.Text, first.Success && m.Index == first.Index && !(statement.IsCell && !isTitle), isTitle, small)).Select(m => m.Value));
        }

        return [.. unknown.Distinct(StringComparer.OrdinalIgnoreCase)];
    }

    /// <summary>"B.V." and "A/S" end a name that is known, "VZQCZ" ends "5875-VZQCZ".</summary>
    private bool IsWithinAName(string statement, Match match)
    {
        foreach (var name in _whole)
        {
            for (var at = statement.IndexOf(name, StringComparison.OrdinalIgnoreCase); at >= 0 && at <= match.Index; at = statement.IndexOf(name, at + 1, StringComparison.OrdinalIgnoreCase))
            {
                if (match.Index + match.Length <= at + name.Length)
                {
                    return true;
                }
            }
        }

        return false;
    }

    private bool IsUnknown(Match match, string statement, bool begins, bool isTitle, HashSet<string> small)
    {
        var tokens = WithoutNames(match.Value).Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(t => Possessive().Replace(t, string.Empty).Trim('.', '-', '\'', '’')).Where(t => t.Length > 0 && t is not ("and" or "of" or "&" or "de" or "von" or "van" or "der")).ToList();
        var strange = tokens.Where(t => t != "§" && !OrdinaryWords.Contain(t) && !_words.Contains(t) && !(small.Contains(t) && !Form().IsMatch(t))).ToList();
        if (tokens.Count > 1 && Form().IsMatch(tokens[^1]) && !_texts.Contains(match.Value, StringComparison.OrdinalIgnoreCase))
        {
            // "Summit Trading Ltd" is a name, however ordinary its words; "The Group" is not.
            return tokens.Count(t => t != "§" && !Leading().IsMatch(t)) > 1 || tokens.Contains("§");
        }

        return strange.Count switch
        {
            0 => false,
            1 when tokens.Contains("§") && tokens.Count > 1 && !begins => true,
            1 when begins => (tokens[0] == strange[0] && (Possessive().IsMatch(match.Value) || Acts().IsMatch(statement[(match.Index + match.Length)..]))) || tokens.Contains("§"),
            1 => !isTitle,
            _ => true,
        };
    }

    /// <summary>The words with a mark in the place of each known name.</summary>
    private string WithoutNames(string words)
    {
        foreach (var name in _names)
        {
            for (var at = words.IndexOf(name, StringComparison.OrdinalIgnoreCase); at >= 0; at = at + 1 < words.Length ? words.IndexOf(name, at + 1, StringComparison.OrdinalIgnoreCase) : -1)
            {
                var end = at + name.Length;
                if ((at == 0 || !char.IsLetterOrDigit(words[at - 1])) && (end == words.Length || !char.IsLetterOrDigit(words[end])))
                {
                    words = $"{words[..at]}§{words[end..]}";
                }
            }
        }

        return words;
    }

    private static IEnumerable<string> Texts(SynthesizedContext context) =>
        context.Memories.Select(m => m.Memory.Text)
            .Concat(context.Notes.Select(n => n.Text))
            .Concat(context.Sources.Select(s => s.Title))
            .Concat(context.Facts.SelectMany(f => f.Facts).SelectMany(f => (string[])[f.Label, f.Value?.Text ?? string.Empty, .. f.Evidence?.RowIds ?? []]))
            .Concat(context.Patterns.SelectMany(p => p.Insights).SelectMany(i => (string[])[i.Text, i.Recommendation, i.Type.Replace('_', ' '), .. i.Evidence.SelectMany(e => e.RowIds)]))
            .Concat(context.Entities.Select(e => e.Id))
            .Concat(context.Decision is { } d ? [.. d.EvidenceFor.Concat(d.EvidenceAgainst).Select(c => c.Text), .. d.WouldChange, .. d.Missing, .. d.Assumptions, .. d.Options.Select(o => o.Label)] : [])
            .Concat(context.DataQuestion?.Answer is { } answer ? [answer.Text, .. answer.Assumptions, .. answer.Warnings, .. answer.Result?.Columns.Select(c => c.Name.Replace('_', ' ')) ?? []] : [])
            .Append(context.DataQuestion?.Refusal?.Text ?? string.Empty)
            .Concat(context.DataQuestion?.Refusal?.Suggestions ?? [])
            .Append(context.Query)
            .Append(context.Understanding?.StandaloneQuery ?? string.Empty);

    private static IEnumerable<string> Shorter(string name)
    {
        var words = name.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        for (var count = words.Length - 1; count >= 1; count--)
        {
            var shorter = string.Join(' ', words[..count]).TrimEnd(',', '&', ' ', '.');
            if (shorter.Length >= 3 && !OrdinaryWords.Contain(shorter))
            {
                yield return shorter;
            }
        }
    }

    [GeneratedRegex(@"(?<![\p{L}\p{Nd}])\p{Lu}[\p{L}\p{Nd}&'’-]*(?:[ ](?:(?:of|and|&|de|von|van|der)[ ])?\p{Lu}[\p{L}\p{Nd}&'’-]*\.?)*", RegexOptions.CultureInvariant)]
    private static partial Regex Capitals();

    [GeneratedRegex(@"\p{L}[\p{L}\p{Nd}]*", RegexOptions.CultureInvariant)]
    private static partial Regex Word();

    [GeneratedRegex(@"(?<![\p{L}\p{Nd}])\p{Ll}\p{L}+", RegexOptions.CultureInvariant)]
    private static partial Regex Lower();

    [GeneratedRegex(@"\p{L}|\p{Nd}")]
    private static partial Regex FirstLetter();

    [GeneratedRegex(@"^\W*(?:customer|client|company|name|debtor|account name)s?\W*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex NameColumn();

    [GeneratedRegex(@"['’]s?$")]
    private static partial Regex Possessive();

    [GeneratedRegex(@"^\s*(?:[-*+] )?\*\*[^*]+\*\*[:.]?\s*$")]
    private static partial Regex Label();

    [GeneratedRegex(@"^['’]?s? (?:owes?|pays?|paid|has|had|is|was|placed|ordered|uses?|exceeds?|settles?|remains?|shows?|takes?|accounts?|bought|buys|currently|now|last|first|also|still|usually|alone)\b|^['’]s? ", RegexOptions.CultureInvariant)]
    private static partial Regex Acts();

    [GeneratedRegex(@"\b(?!(?:Q[1-4]|H[12]|FY)\b)[A-Z]{2,6}-\d[\w-]*\b|\b(?!(?:Q[1-4]|H[12]|FY))[A-Z]{2,6}\d{3,}\b", RegexOptions.CultureInvariant)]
    private static partial Regex Identifier();

    [GeneratedRegex(@"^(?:Inc|Incorporated|Corp|Corporation|Ltd|Limited|LLC|LLP|PLC|plc|GmbH|AG|KG|SA|SAS|SARL|BV|NV|AB|Oy|ApS|SpA|Industries|Holdings?|Group|Partners|Logistics|Systems|Technologies|Foods|Trading|Enterprises|Manufacturing|Supplies|Solutions|Ventures|Brothers|Associates)\.?$", RegexOptions.CultureInvariant)]
    private static partial Regex Form();

    [GeneratedRegex(@"^(?:The|For|With|Of|And|But|While|If|Compare|Compared|Both|Unlike|Like|However|Although|Since|Because|Recommendation|Should|Does|Is|As|In|On|At|To|From|Invoices|Orders|Payments|Invoice|Order|Payment|Status|Overview|Summary|Patterns?|Note|Your|Our|Its)$", RegexOptions.CultureInvariant)]
    private static partial Regex Leading();
}
