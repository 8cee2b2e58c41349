using System.Text.RegularExpressions;

namespace Platform.ResponseGeneration.Generation;

/// <summary>Cuts text into sentences and lines without losing a character.</summary>
internal static partial class Sentences
{
    public static IEnumerable<string> Of(string text)
    {
        var start = 0;
        foreach (Match end in End().Matches(text))
        {
            yield return text[start..(end.Index + end.Length)];
            start = end.Index + end.Length;
        }

        if (start < text.Length)
        {
            yield return text[start..];
        }
    }

    // A sentence ends at its mark with the source marks and spaces that follow, before a capital or an opening, or, unless the mark belongs
    // to an abbreviation, before a number; or at a line's end.
    [GeneratedRegex(@"[.!?](?:\*\*|_|"")?(?:[ ]\[s\d+\](?:\[s\d+\])*)?[ ]+(?:(?=[A-Z*""_\[])|(?<!(?:\b(?:[A-Za-z]|No|Nos|Nr|ca|vs|cf|approx|avg|max|min|incl|excl|resp|pp|St|Inc|Ltd|Co|Corp|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)|^\s*\d{1,2})\.[ ]+)(?="
        + @"(?:(?:about|around|roughly|approximately|nearly|almost|over|just over|just under|more than|less than|at least) )?[$€£¥~≈]?\d))|\n+", RegexOptions.CultureInvariant)]
    private static partial Regex End();
}
