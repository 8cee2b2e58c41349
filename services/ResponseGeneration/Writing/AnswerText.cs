using System.Text;

namespace Platform.ResponseGeneration.Writing;

/// <summary>Markdown under construction: paragraphs, lists and small tables, one blank line between blocks.</summary>
internal sealed class AnswerText
{
    private readonly StringBuilder _text = new();

    public bool IsEmpty => _text.Length == 0;

    public AnswerText Paragraph(params IEnumerable<string?> sentences)
    {
        var text = string.Join(' ', sentences.Where(s => !string.IsNullOrWhiteSpace(s)));
        return text.Length == 0 ? this : Block(text);
    }

    public AnswerText Heading(string text) => Block($"### {text}");

    public AnswerText List(string? lead, IEnumerable<string?> items)
    {
        var lines = items.Where(i => !string.IsNullOrWhiteSpace(i)).Select(i => "- " + i).ToList();
        if (lines.Count == 0)
        {
            return this;
        }

        return Block((lead is null ? string.Empty : lead + "\n\n") + string.Join('\n', lines));
    }

    /// <summary>The first column is text, the others are numbers and stand to the right.</summary>
    public AnswerText Table(IReadOnlyList<string> header, IEnumerable<IReadOnlyList<string>> rows, IReadOnlyList<bool>? toTheRight = null)
    {
        var right = toTheRight ?? [.. header.Select((_, i) => i > 0)];
        var lines = new List<string> { Row(header), "|" + string.Concat(right.Select(r => r ? " ---: |" : " --- |")) };
        lines.AddRange(rows.Select(Row));
        return lines.Count == 2 ? this : Block(string.Join('\n', lines));
    }

    public override string ToString() => _text.ToString();

    private static string Row(IReadOnlyList<string> cells) => "| " + string.Join(" | ", cells.Select(Cell)) + " |";

    // A bar or a line break inside a value would break the row.
    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal).Replace('\n', ' ').Replace('\r', ' ');

    private AnswerText Block(string block)
    {
        if (_text.Length > 0)
        {
            _text.Append("\n\n");
        }

        _text.Append(block);
        return this;
    }
}
