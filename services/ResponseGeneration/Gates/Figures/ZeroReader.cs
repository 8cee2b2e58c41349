using System.Text.RegularExpressions;

namespace Platform.ResponseGeneration.Gates.Figures;

/// <summary>Finds what says zero without a digit: "owes nothing", "no invoice is overdue", "everything is paid".</summary>
internal static partial class ZeroReader
{
    public static void Read(string text, List<SaidFigure> figures)
    {
        foreach (Match match in Nothing().Matches(text))
        {
            figures.Add(new SaidFigure(new Figure(FigureKind.Number, 0), 0, 0, match.Value.Trim(), match.Index, match.Length));
        }
    }

    [GeneratedRegex(@"\b(?:owes?|owing) (?:us )?nothing\b|\bnothing (?:is|was|remains|is left|is currently) (?:\w+ )?(?:overdue|open|outstanding|owed|due|unpaid|to be paid|to pay)\b|\bno (?:(?:open|overdue|unpaid|outstanding|disputed) (?:invoices?|amounts?|balance|debts?)|(?:invoices?) (?:is|are) (?:open|overdue|unpaid|outstanding))\b"
        + @"|\bnone of (?:it|them|that|its invoices|their invoices|the invoices|the balance) (?:is|are) (?:overdue|open|outstanding|past due|unpaid)\b|\b(?:has|have) (?:already )?paid (?:everything|it all|in full|all (?:of )?(?:its|their|the)? ?(?:invoices|debts?))|\b(?:everything|all (?:of )?(?:(?:its|their|the) )?(?:invoices|debts?)) (?:is|are|has been|have been|was|were) (?:fully )?(?:paid|settled)\b|\bdebt[- ]free\b|\bfully paid up\b|\bno debts?\b",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Nothing();
}
