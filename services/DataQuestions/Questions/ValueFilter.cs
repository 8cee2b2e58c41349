using System.Text.RegularExpressions;
using Platform.DataQuestions.Datasets;

namespace Platform.DataQuestions.Questions;

/// <summary>Rows of one value of a grouping, as it is written in the data: city "Hamburg".</summary>
internal sealed record ValueFilter(DimensionDefinition Dimension, string Value)
{
    /// <summary>As the question says it, which may be another name of the value: "german".</summary>
    public string Said { get; init; } = Value;

    /// <summary>Takes "in Hamburg", "in the logistics industry" out of a normalised question; the longest values first. A value of several groupings is left alone.</summary>
    public static IReadOnlyList<ValueFilter> Take(ref string text, IReadOnlyList<ValueFilter> values)
    {
        List<ValueFilter> taken = [];
        foreach (var said in values.GroupBy(value => QuestionWords.Normalise(value.Said), StringComparer.Ordinal).OrderByDescending(said => said.Key.Length))
        {
            // "Luxembourg" may be a city and a country: a word beside it says which.
            var groupings = said.GroupBy(value => value.Dimension).ToList();
            foreach (var grouping in groupings)
            {
                var names = string.Join('|', grouping.Key.Words.Select(Regex.Escape));
                var isOnly = groupings.Count == 1 ? "?" : "";
                var match = Regex.Match(text, $@"(?<!\w)(?:(?:in|from|of|to|for|with|by|via|through)\s+)?(?:the\s+)?(?:(?:{names})\s+(?:of\s+)?{Regex.Escape(said.Key)}|{Regex.Escape(said.Key)}(?:\s+(?:{names})){isOnly})(?!\w)");
                if (match.Success)
                {
                    text = QuestionSpans.Without(text, match);
                    taken.AddRange(grouping);
                    break;
                }
            }
        }

        return taken;
    }
}
