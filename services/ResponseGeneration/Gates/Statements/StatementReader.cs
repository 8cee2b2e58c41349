using System.Text.RegularExpressions;

namespace Platform.ResponseGeneration.Gates.Statements;

/// <summary>Cuts Markdown into statements.</summary>
internal static partial class StatementReader
{
    public static IReadOnlyList<Statement> Read(string text)
    {
        var statements = new List<Statement>();
        var (heading, before) = (string.Empty, string.Empty);
        string[]? header = null;
        var at = 0;
        foreach (var line in text.Split('\n'))
        {
            var start = at;
            at += line.Length + 1;
            if (line.TrimStart().StartsWith('|'))
            {
                if (!Rule().IsMatch(line))
                {
                    var cells = Cells(line);
                    Row(statements, start, cells, header, heading + before);
                    header ??= [.. cells.Select(c => c.Text)];
                }

                continue;
            }

            header = null;
            if (string.IsNullOrWhiteSpace(line))
            {
                continue;
            }

            var isHeading = line.TrimStart().StartsWith('#');
            var isItem = Item().IsMatch(line);
            foreach (var (offset, sentence) in Sentences(line))
            {
                var words = Wording.Of(sentence);
                statements.Add(new Statement(start + offset, sentence, words, isHeading ? string.Empty : heading + before));
                if (!isItem)
                {
                    before = words;
                }
            }

            if (isHeading)
            {
                (heading, before) = (Wording.Of(line), string.Empty);
            }
        }

        return statements;
    }

    private static IEnumerable<(int Offset, string Sentence)> Sentences(string line)
    {
        var at = 0;
        foreach (var sentence in Generation.Sentences.Of(line))
        {
            yield return (at, sentence);
            at += sentence.Length;
        }
    }

    private static void Row(List<Statement> statements, int start, List<(int Offset, string Text)> cells, string[]? header, string around)
    {
        for (var i = 0; i < cells.Count; i++)
        {
            var column = header is not null && i < header.Length ? header[i] : string.Empty;
            var row = header is null ? string.Empty : $"{cells[0].Text} {header[0]}";
            statements.Add(new Statement(start + cells[i].Offset, cells[i].Text, Wording.Of($"{column} {row} {cells[i].Text}"), around, $"{column} | {(i == 0 ? string.Empty : cells[0].Text)}"));
        }
    }

    private static List<(int Offset, string Text)> Cells(string line)
    {
        var cells = new List<(int, string)>();
        var from = line.IndexOf('|') + 1;
        for (var i = from; i <= line.Length; i++)
        {
            if (i == line.Length || (line[i] == '|' && line[i - 1] != '\\'))
            {
                if (i > from && line[from..i].Trim().Length > 0)
                {
                    cells.Add((from, line[from..i]));
                }
                else if (i < line.Length)
                {
                    cells.Add((from, string.Empty));
                }

                from = i + 1;
            }
        }

        return cells;
    }

    [GeneratedRegex(@"^\s*\|[\s:|-]+\|?\s*$")]
    private static partial Regex Rule();

    [GeneratedRegex(@"^\s*(?:[-*+]|\d{1,2}[.)])\s")]
    private static partial Regex Item();
}
