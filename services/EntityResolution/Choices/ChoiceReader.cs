using System.Globalization;
using Platform.EntityResolution.Names;
using Platform.EntityResolution.Resolution;

namespace Platform.EntityResolution.Choices;

/// <summary>Reads which of the offered entities an answer picks.</summary>
internal static class ChoiceReader
{
    private static readonly string[] Ordinals = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"];
    private static readonly string[] Numbers = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
    private static readonly HashSet<string> Filler =
        ["the", "one", "number", "no", "nr", "option", "choice", "candidate", "please", "i", "mean", "meant", "it", "is", "its", "that", "s", "take", "choose", "pick", "yes", "want", "of", "them", "was", "use", "go", "with", "im", "talking", "about", "a", "customer", "company", "item"];

    /// <summary>Index of the pick; null when the answer picks none or more than one.</summary>
    public static int? Read(string answer, IReadOnlyList<EntityKey> offered)
    {
        var text = answer.Trim();
        for (var i = 0; i < offered.Count; i++)
        {
            if (string.Equals(offered[i].Id, text, StringComparison.OrdinalIgnoreCase))
            {
                return i;
            }
        }

        var words = NameText.Tokenize(text).Select(t => t.Text).ToList();
        var name = NormalizedName.From(words.ToArray());
        return Only(offered, e => NameText.Normalize(e.Name).Key == name.Key)
            ?? Only(offered, e => NameText.Normalize(e.Name).Core == name.Core)
            ?? ByPosition(words, offered.Count)
            ?? ByTellingWords(words, offered);
    }

    private static int? ByPosition(List<string> words, int count)
    {
        if (words.Count == 0 || words.Count > 10)
        {
            return null;
        }

        var telling = words.Where(w => !Filler.Contains(w)).ToList();
        var word = telling switch
        {
            [var only] => only,
            [] when words.Contains("one") && !words.Contains("the") && !words.Contains("that") => "1",
            _ => null,
        };
        var position = word switch
        {
            null => 0,
            "last" or "latter" or "bottom" => word == "latter" && count != 2 ? 0 : count,
            "former" => count == 2 ? 1 : 0,
            "top" => 1,
            _ when Array.IndexOf(Ordinals, word) is >= 0 and var ordinal => ordinal + 1,
            _ when Array.IndexOf(Numbers, word) is >= 0 and var number => number + 1,
            _ when int.TryParse(word.TrimEnd('s', 't', 'n', 'd', 'r', 'h'), NumberStyles.None, CultureInfo.InvariantCulture, out var digits) => digits,
            _ => 0,
        };
        return position >= 1 && position <= count ? position - 1 : null;
    }

    /// <summary>"the logistics one": words that only one of the names holds.</summary>
    private static int? ByTellingWords(List<string> words, IReadOnlyList<EntityKey> offered)
    {
        var telling = words.Where(w => !Filler.Contains(w)).ToList();
        if (telling.Count is 0 or > 8)
        {
            return null;
        }

        return Only(offered, e =>
        {
            var name = NameText.Normalize(e.Name);
            return telling.TrueForAll(w => name.Words.Any(n => WordLikeness.Between(w, n) >= WordLikeness.Readable) || name.LegalForm.Split(' ').Contains(w));
        });
    }

    private static int? Only(IReadOnlyList<EntityKey> offered, Func<EntityKey, bool> condition)
    {
        int? found = null;
        for (var i = 0; i < offered.Count; i++)
        {
            if (condition(offered[i]))
            {
                if (found is not null)
                {
                    return null;
                }

                found = i;
            }
        }

        return found;
    }
}
