namespace Platform.ServiceDefaults;

internal enum SqlTokenKind
{
    Space,
    Word,
    Literal,
    Mark,
}

/// <summary>A part of a statement: a dotted name or keyword, a literal, a mark such as "(", or space and comments.</summary>
internal readonly record struct SqlToken(SqlTokenKind Kind, string Text)
{
    /// <summary>Never fails: what is not understood is a mark, an open literal ends with the text.</summary>
    internal static IEnumerable<SqlToken> Split(string sql)
    {
        for (var at = 0; at < sql.Length;)
        {
            var (kind, end) = Next(sql, at);
            yield return new SqlToken(kind, sql[at..end]);
            at = end;
        }
    }

    private static (SqlTokenKind Kind, int End) Next(string sql, int at) => sql[at] switch
    {
        var c when char.IsWhiteSpace(c) => (SqlTokenKind.Space, While(sql, at, char.IsWhiteSpace)),
        '-' when At(sql, at + 1) == '-' => (SqlTokenKind.Space, After(sql, at + 2, "\n")),
        '/' when At(sql, at + 1) == '*' => (SqlTokenKind.Space, After(sql, at + 2, "*/")),
        '\'' => (SqlTokenKind.Literal, Quoted(sql, at)),
        'e' or 'E' or 'b' or 'B' or 'x' or 'X' when At(sql, at + 1) == '\'' => (SqlTokenKind.Literal, Escaped(sql, at + 1)),
        '$' when char.IsAsciiDigit(At(sql, at + 1)) => (SqlTokenKind.Mark, While(sql, at + 1, char.IsAsciiDigit)),
        '$' when sql.IndexOf('$', at + 1) is var close && close > 0 && IsTag(sql.AsSpan(at + 1, close - at - 1)) => (SqlTokenKind.Literal, After(sql, close + 1, sql[at..(close + 1)])),
        var c when char.IsAsciiDigit(c) => (SqlTokenKind.Literal, While(sql, at, d => char.IsAsciiLetterOrDigit(d) || d is '.' or '_')),
        var c when IsNameStart(c) => (SqlTokenKind.Word, Name(sql, at)),
        _ => (SqlTokenKind.Mark, at + 1),
    };

    private static char At(string sql, int at) => at < sql.Length ? sql[at] : '\0';

    private static bool IsNameStart(char c) => char.IsLetter(c) || c is '_' or '"';

    private static bool IsTag(ReadOnlySpan<char> tag)
    {
        foreach (var c in tag)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c != '_')
            {
                return false;
            }
        }

        return true;
    }

    private static int While(string sql, int at, Func<char, bool> holds)
    {
        while (at < sql.Length && holds(sql[at]))
        {
            at++;
        }

        return at;
    }

    private static int After(string sql, int from, string end) =>
        from <= sql.Length && sql.IndexOf(end, from, StringComparison.Ordinal) is var found && found >= 0 ? found + end.Length : sql.Length;

    private static int Quoted(string sql, int open)
    {
        var quote = sql[open];
        for (var at = open + 1; at < sql.Length; at++)
        {
            if (sql[at] != quote)
            {
                continue;
            }

            if (At(sql, at + 1) != quote)
            {
                return at + 1;
            }

            at++;
        }

        return sql.Length;
    }

    private static int Escaped(string sql, int open)
    {
        for (var at = open + 1; at < sql.Length; at++)
        {
            if (sql[at] == '\\')
            {
                at++;
            }
            else if (sql[at] == '\'')
            {
                return at + 1;
            }
        }

        return sql.Length;
    }

    // schema.table and "Schema"."Table" are one word.
    private static int Name(string sql, int at)
    {
        while (true)
        {
            at = sql[at] == '"' ? Quoted(sql, at) : While(sql, at, c => char.IsLetterOrDigit(c) || c is '_' or '$');
            if (At(sql, at) != '.' || !IsNameStart(At(sql, at + 1)))
            {
                return at;
            }

            at++;
        }
    }
}
