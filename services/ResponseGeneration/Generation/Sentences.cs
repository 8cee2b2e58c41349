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

    // A sentence ends at its mark with the source marks and spaces that follow, before a capital or an opening; or at a line's end.
    [GeneratedRegex(@"[.!?](?:\*\*|_|"")?(?:[ ]\[s\d+\](?:\[s\d+\])*)?[ ]+(?=[A-Z*""_\[])|\n+", RegexOptions.CultureInvariant)]
    private static partial Regex End();
}
