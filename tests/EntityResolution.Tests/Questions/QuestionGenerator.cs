using System.Globalization;

namespace Platform.EntityResolution.Tests.Questions;

/// <summary>Makes questions from templates, names and numbers; the same seed gives the same questions.</summary>
internal sealed class QuestionGenerator(IReadOnlyList<Company> companies, IReadOnlyList<(string Number, string Id, bool IsInvoice)> documents, int seed)
{
    private static readonly (string Open, string Close)[] Quotes = [("\"", "\""), ("“", "”"), ("„", "“"), ("«", "»"), ("'", "'"), ("‘", "’"), ("»", "«"), ("‹", "›"), ("「", "」")];
    private static readonly string[] Forms = ["inc", "corp", "corporation", "co", "company", "ltd", "limited", "llc", "plc", "gmbh", "ag", "sa", "nv", "bv", "spa", "ab", "lp", "se", "oyj", "asa", "incorporated"];

    private readonly Random _random = new(seed);
    private readonly Company[] _named = [.. companies.Where(c => !c.IsCommonWord)];
    private readonly Company[] _common = [.. companies.Where(c => c.IsCommonWord)];

    /// <summary>Questions of all kinds in turn.</summary>
    public IEnumerable<GeneratedQuestion> Generate(int count)
    {
        var kinds = new List<Func<GeneratedQuestion>>
        {
            () => One("exact", Plain),
            () => One("without legal form", WithoutForm),
            () => One("lower case", c => WithoutForm(c).ToLowerInvariant(), lower: true),
            () => One("capitals", c => Plain(c).ToUpperInvariant(), upper: true),
            () => One("quoted", Quoted),
            () => One("typo", c => Typo(WithoutForm(c))),
            () => One("typo, lower case", c => Typo(WithoutForm(c)).ToLowerInvariant(), lower: true),
            Possessive,
            Two,
            () => Number("invoice number", QuestionTemplates.Invoices, invoices: true),
            () => Number("order number", QuestionTemplates.Orders, invoices: false),
            NameAndNumber,
            None,
            None,
            None,
            None,
        };
        if (_common.Length > 0)
        {
            kinds.Add(() => Fill("common word meant", Pick(QuestionTemplates.CommonWordMeant), (Pick(_common), c => WithoutForm(c))));
            kinds.Add(CommonOrdinary);
        }

        for (var i = 0; i < count; i++)
        {
            yield return kinds[i % kinds.Count]();
        }
    }

    private GeneratedQuestion One(string kind, Func<Company, string> write, bool lower = false, bool upper = false)
    {
        var template = Pick(QuestionTemplates.OneName);
        return Fill(kind, lower ? template.ToLowerInvariant() : upper ? template.ToUpperInvariant() : template, (Pick(_named), write));
    }

    private GeneratedQuestion Possessive()
    {
        var company = Pick(_named);
        var name = WithoutForm(company);
        var apostrophe = Pick(["'", "’"]);
        var ending = name[^1] is 's' or 'S' && _random.Next(2) == 0 ? apostrophe : apostrophe + "s";
        var template = Pick(QuestionTemplates.OneNamePossessive);
        return Fill("possessive", template.Replace("{0}", "{0}" + ending, StringComparison.Ordinal), (company, _ => name));
    }

    private GeneratedQuestion Two()
    {
        var first = Pick(_named);
        var second = Pick(_named);
        while (second.Id == first.Id)
        {
            second = Pick(_named);
        }

        return Fill("two names", Pick(QuestionTemplates.TwoNames), (first, WithoutForm), (second, WithoutForm));
    }

    private GeneratedQuestion NameAndNumber()
    {
        var (number, id, _) = Pick([.. documents.Where(d => d.IsInvoice)]);
        var company = Pick(_named);
        return Place("name and number", Pick(QuestionTemplates.NameAndNumber), ("{0}", WithoutForm(company), company.Id), ("{n}", number, id));
    }

    private GeneratedQuestion Number(string kind, string[] templates, bool invoices)
    {
        var (number, id, _) = Pick([.. documents.Where(d => d.IsInvoice == invoices)]);
        return Place(kind, Pick(templates), ("{n}", _random.Next(4) == 0 ? number.ToLowerInvariant() : number, id));
    }

    private GeneratedQuestion None()
    {
        var text = Pick(QuestionTemplates.NoName);
        return new GeneratedQuestion("no name", _random.Next(3) == 0 ? text.ToLowerInvariant() : text, []);
    }

    private GeneratedQuestion CommonOrdinary() => new(
        "common word not meant",
        string.Format(CultureInfo.InvariantCulture, Pick(QuestionTemplates.CommonWordOrdinary), WithoutForm(Pick(_common)).ToLowerInvariant()),
        []);

    private static GeneratedQuestion Fill(string kind, string template, params (Company Company, Func<Company, string> Write)[] names) =>
        Place(kind, template, [.. names.Select((n, i) => ($"{{{i}}}", n.Write(n.Company), n.Company.Id))]);

    private static GeneratedQuestion Place(string kind, string template, params (string Slot, string Written, string Id)[] fillings)
    {
        var mentions = new List<ExpectedMention>();
        var text = template;
        foreach (var (slot, written, id) in fillings.OrderBy(f => template.IndexOf(f.Slot, StringComparison.Ordinal)))
        {
            var start = text.IndexOf(slot, StringComparison.Ordinal);
            text = text[..start] + written + text[(start + slot.Length)..];
            mentions.Add(new ExpectedMention(start, written.Length, id));
        }

        return new GeneratedQuestion(kind, text, mentions);
    }

    private static string Plain(Company company) => company.Name;

    private string Quoted(Company company)
    {
        var (open, close) = Pick(Quotes);
        return open + WithoutForm(company) + close;
    }

    /// <summary>As people write it: without ", Inc." and the like, unless nothing else is left.</summary>
    private static string WithoutForm(Company company)
    {
        var words = company.Name.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToList();
        while (words.Count > 1 && Forms.Contains(words[^1].Trim('.', ',').Replace(".", "", StringComparison.Ordinal).ToLowerInvariant()))
        {
            words.RemoveAt(words.Count - 1);
        }

        return string.Join(' ', words).TrimEnd(',', '.');
    }

    /// <summary>One slip of the finger in the longest word: a letter doubled, lost, swapped with its neighbour or hit beside.</summary>
    private string Typo(string name)
    {
        var words = name.Split(' ');
        var index = Array.IndexOf(words, words.MaxBy(w => w.Count(char.IsAsciiLetter)));
        var word = words[index];
        if (word.Length < 5 || !word.All(char.IsAsciiLetter))
        {
            return name;
        }

        var at = _random.Next(1, word.Length - 2);
        words[index] = _random.Next(4) switch
        {
            0 => word[..at] + word[at] + word[at..],
            1 => word[..at] + word[(at + 1)..],
            2 => word[..at] + word[at + 1] + word[at] + word[(at + 2)..],
            _ => word[..at] + Beside(word[at]) + word[(at + 1)..],
        };
        return string.Join(' ', words);
    }

    private static char Beside(char letter)
    {
        const string Rows = "qwertyuiopasdfghjklzxcvbnm";
        var at = Rows.IndexOf(char.ToLowerInvariant(letter), StringComparison.Ordinal);
        return at < 0 ? 'x' : Rows[(at + 1) % Rows.Length];
    }

    private T Pick<T>(IReadOnlyList<T> from) => from[_random.Next(from.Count)];
}
