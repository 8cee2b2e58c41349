using System.Text;

namespace Platform.ResponseGeneration.Gates.Statements;

/// <summary>One sentence, list item or cell of a table, with the words that tell what its figures are about.</summary>
/// <param name="Start">Where it begins in the text.</param>
/// <param name="Text">The characters of the text that it covers.</param>
/// <param name="Words">The words of the statement and, for a cell, of the head of its column and row.</param>
/// <param name="Around">The words of what leads to it: the heading, the sentence before, the line that opens the list.</param>
/// <param name="Labels">Head of the column and row of a cell, where names of entities may stand.</param>
internal sealed record Statement(int Start, string Text, string Words, string Around, string Labels = "")
{
    public int End => Start + Text.Length;

    public bool IsCell => Labels.Length > 0;
}

/// <summary>Text as lower-case words with one space before and after each, so that words are found by their beginning.</summary>
internal static class Wording
{
    public static string Of(string text)
    {
        var words = new StringBuilder(text.Length + 2).Append(' ');
        foreach (var character in text)
        {
            if (char.IsLetterOrDigit(character))
            {
                words.Append(char.ToLowerInvariant(character));
            }
            else if (character is not ('\'' or '’') && words[^1] != ' ')
            {
                words.Append(' ');
            }
        }

        return (words[^1] == ' ' ? words : words.Append(' ')).ToString();
    }
}
