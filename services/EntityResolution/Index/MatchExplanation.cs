using Platform.EntityResolution.Names;
using Platform.EntityResolution.Resolution;

namespace Platform.EntityResolution.Index;

/// <summary>Says in short phrases which words agreed and what was forgiven.</summary>
internal static class MatchExplanation
{
    public static IReadOnlyList<string> Of(ComparedName asked, ComparedName name, NameComparison comparison, in Evidence evidence, MatchKind kind)
    {
        if (kind == MatchKind.Acronym)
        {
            return [$"initials: {asked.Text.ToString().ToUpperInvariant()}"];
        }

        var phrases = new List<string>();
        if (asked.Text.SequenceEqual(name.Text))
        {
            phrases.Add("same name");
        }
        else
        {
            foreach (var link in comparison.Links)
            {
                phrases.Add(Phrase(asked, name, link));
            }

            for (var i = 0; i < asked.Count; i++)
            {
                if (!comparison.IsAskedTaken(i))
                {
                    phrases.Add($"not in the name: {asked[i]}");
                }
            }

            for (var j = 0; j < name.Count; j++)
            {
                if (!comparison.IsNamedTaken(j))
                {
                    phrases.Add($"left out: {name[j]}");
                }
            }

            if (evidence.Reordered)
            {
                phrases.Add("another word order");
            }
        }

        if (asked.Form != name.Form)
        {
            phrases.Add((asked.Form, name.Form) switch
            {
                ("", var form) => $"legal form left out: {form}",
                (var form, "") => $"legal form ignored: {form}",
                var (left, right) => $"legal form {left} read as {right}",
            });
        }

        return phrases;
    }

    private static string Phrase(ComparedName asked, ComparedName name, WordLink link)
    {
        var left = asked.Run(link.AskedFirst, link.AskedLast);
        var right = name.Run(link.NamedFirst, link.NamedLast);
        return link switch
        {
            { Kind: LinkKind.Initials } when left.Length < right.Length => $"initials: {left} for {right}",
            { Kind: LinkKind.Initials } => $"initials: {right} for {left}",
            { Kind: LinkKind.Joined } when left.Length < right.Length => $"written as one word: {right}",
            { Kind: LinkKind.Joined } => $"written apart: {right}",
            { Likeness: 1 } => $"same word: {right}",
            _ => $"\"{left}\" read as {right}",
        };
    }
}
