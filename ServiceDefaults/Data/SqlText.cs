using System.Text;

namespace Platform.ServiceDefaults;

/// <summary>
/// A statement as traces show it: what it does to which tables (<c>db.query.summary</c>, "SELECT domain.invoices"), and its text without
/// literals (<c>db.query.text</c>), which may be names and amounts when a model wrote it.
/// </summary>
internal sealed record SqlText(string Summary, string Text)
{
    private const int MostRemembered = 1000;
    private const int LongestText = 4096;
    private const int MostTables = 5;

    // Statements that models write are new each time; they must not grow this for ever.
    private static readonly BoundedMemory<SqlText> Remembered = new(MostRemembered);

    internal static SqlText Of(string sql)
    {
        if (Remembered.Find(sql) is { } known)
        {
            return known;
        }

        var read = Read(sql);
        return Remembered.Keep(sql, read) ?? read;
    }

    private static SqlText Read(string sql)
    {
        var text = new StringBuilder(Math.Min(sql.Length, LongestText));
        var summary = new SqlSummary();
        foreach (var token in SqlToken.Split(sql))
        {
            if (text.Length < LongestText)
            {
                text.Append(token.Kind == SqlTokenKind.Literal ? "?" : token.Kind == SqlTokenKind.Space ? " " : token.Text);
            }

            summary.Add(token);
        }

        return new SqlText(summary.Render(MostTables), text.ToString().Trim());
    }
}
