using System.Globalization;
using Platform.EntityResolution.Resolution;

namespace Platform.EntityResolution.Tests.Questions;

/// <summary>Counts what was found, lost and made up, for each kind of question.</summary>
internal sealed class QuestionReport
{
    private readonly SortedDictionary<string, Tally> _kinds = new(StringComparer.Ordinal);

    public List<string> Failures { get; } = [];

    public double Recall => (double)_kinds.Values.Sum(t => t.Found) / _kinds.Values.Sum(t => t.Expected);

    /// <summary>Mentions that no one made, for each question.</summary>
    public double FalseMentions => (double)_kinds.Values.Sum(t => t.False) / _kinds.Values.Sum(t => t.Questions);

    /// <summary>Mentions that were settled on another company, for each mention.</summary>
    public double Wrong => (double)_kinds.Values.Sum(t => t.Wrong) / _kinds.Values.Sum(t => t.Expected);

    /// <summary>Mentions that were asked back, for each mention.</summary>
    public double AskedBack => (double)_kinds.Values.Sum(t => t.Asked) / _kinds.Values.Sum(t => t.Expected);

    public void Add(GeneratedQuestion question, ResolvedText resolved)
    {
        if (!_kinds.TryGetValue(question.Kind, out var tally))
        {
            _kinds[question.Kind] = tally = new Tally();
        }

        tally.Questions++;
        tally.Expected += question.Mentions.Count;
        foreach (var expected in question.Mentions)
        {
            var over = resolved.Mentions.Where(m => m.Start < expected.Start + expected.Length && expected.Start < m.Start + m.Length).ToList();
            if (over.Any(m => m.Candidates.Any(c => c.Entity.Id == expected.Id) && (m.Match is null || m.Match.Entity.Id == expected.Id)))
            {
                tally.Found++;
                tally.Asked += over.Any(m => m.Match?.Entity.Id == expected.Id) ? 0 : 1;
            }
            else
            {
                tally.Wrong += over.Any(m => m.Match is not null) ? 1 : 0;
                Failures.Add($"{question.Kind}: missed \"{question.Text.Substring(expected.Start, expected.Length)}\" ({expected.Id}) in: {question.Text} → {Show(question.Text, resolved)}");
            }
        }

        foreach (var mention in resolved.Mentions.Where(m => !question.Mentions.Any(e => m.Start < e.Start + e.Length && e.Start < m.Start + m.Length)))
        {
            tally.False++;
            Failures.Add($"{question.Kind}: made up in: {question.Text} → {Show(question.Text, resolved with { Mentions = [mention] })}");
        }
    }

    public override string ToString() => string.Join('\n', _kinds.Select(k => string.Create(
        CultureInfo.InvariantCulture,
        $"{k.Key,-24} questions {k.Value.Questions,5}  mentions {k.Value.Expected,5}  found {k.Value.Found,5} ({(k.Value.Expected == 0 ? 1 : (double)k.Value.Found / k.Value.Expected):P2})  of them asked back {k.Value.Asked,4}  wrong {k.Value.Wrong,3}  made up {k.Value.False,3}"))
        .Append(string.Create(CultureInfo.InvariantCulture, $"{"all",-24} questions {_kinds.Values.Sum(t => t.Questions),5}  recall {Recall:P2}  wrong {Wrong:P2}  made up {FalseMentions:P2}")));

    private static string Show(string text, ResolvedText resolved) => string.Join("; ", resolved.Mentions.Select(m =>
        $"[{text.Substring(m.Start, m.Length)}] {m.Outcome} {string.Join(" | ", m.Candidates.Take(3).Select(c => $"{c.Entity.Name} ({c.Entity.Id}) {c.Confidence:0.00}"))}"));

    private sealed class Tally
    {
        public int Questions { get; set; }

        public int Expected { get; set; }

        public int Found { get; set; }

        public int Asked { get; set; }

        public int Wrong { get; set; }

        public int False { get; set; }
    }
}
