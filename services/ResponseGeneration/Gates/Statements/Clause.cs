using System.Text.RegularExpressions;
using Platform.ResponseGeneration.Gates.Figures;

namespace Platform.ResponseGeneration.Gates.Statements;

/// <summary>The part of a sentence between two stops, in which a figure stands.</summary>
internal static partial class Clause
{
    /// <summary>The words of the clause, or nothing when the figure is the whole that another is a part of ("of the 14 invoices").</summary>
    public static string Around(Statement statement, SaidFigure said)
    {
        if (statement.IsCell)
        {
            return statement.Words;
        }

        var (start, end) = (said.Start - statement.Start, said.End - statement.Start);
        var before = statement.Text[..start];
        if (Whole().IsMatch(before))
        {
            return string.Empty;
        }

        var from = Stops().Matches(before) is { Count: > 0 } stops ? stops[^1].Index + stops[^1].Length : 0;
        var until = Stops().Match(statement.Text, end) is { Success: true } stop ? stop.Index : statement.Text.Length;
        return Wording.Of(statement.Text[from..until]);
    }

    // A point or comma between digits belongs to the number, a dash to the range.
    [GeneratedRegex(@"[;:()—]|(?<!\d)–|–(?!\d)|,(?!\d)|\.(?!\d)| and | while | but | whereas | of which | of that\b| against | versus | compared | out of | i\.e\. ", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Stops();

    [GeneratedRegex(@"\b(?:of|out of)(?: (?:the|its|their|a|all|that))?(?: (?:total|whole|full))? $", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Whole();
}
