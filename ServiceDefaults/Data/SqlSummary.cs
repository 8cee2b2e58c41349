namespace Platform.ServiceDefaults;

/// <summary>Gathers, token by token, what a statement does and to which tables.</summary>
internal sealed class SqlSummary
{
    private static readonly string[] Writes = ["INSERT", "UPDATE", "DELETE", "MERGE", "TRUNCATE"];
    private static readonly string[] Statements = [.. Writes, "SELECT", "VALUES"];
    private static readonly string[] Leads = ["FROM", "JOIN", "INTO", "UPDATE", "USING", "TRUNCATE", "COPY"];
    private static readonly string[] Between = ["ONLY", "LATERAL", "TABLE"];
    private static readonly string[] Ends = ["WHERE", "SET", "VALUES", "ON", "GROUP", "ORDER", "LIMIT", "RETURNING", "UNION", "SELECT", "HAVING", "WINDOW"];

    // Whether each open parenthesis holds a statement: "FROM" in extract(year FROM day) names no table.
    private readonly Stack<bool> _parentheses = new();
    private readonly List<string> _tables = [];
    private readonly HashSet<string> _named = new(StringComparer.OrdinalIgnoreCase);
    private string _operation = "";
    private string _previous = "";
    private string? _previousWord;
    private string? _candidate;
    private bool _expectsTable;
    private int? _listDepth;
    private bool _justOpened;
    private bool _with;

    internal void Add(in SqlToken token)
    {
        if (token.Kind == SqlTokenKind.Space)
        {
            return;
        }

        // A name before a parenthesis is a function, or a table with its columns after INTO.
        if (_candidate is { } candidate && (token.Text != "(" || _previous is "INTO" or "COPY"))
        {
            Take(candidate);
        }

        _candidate = null;
        if (token.Kind == SqlTokenKind.Word)
        {
            Word(token.Text);
        }
        else
        {
            Mark(token.Text);
        }
    }

    internal string Render(int mostTables)
    {
        if (_candidate is { } last)
        {
            Take(last);
        }

        var tables = _tables.Where(table => !_named.Contains(table)).Distinct(StringComparer.Ordinal).Take(mostTables);
        return string.Join(' ', tables.Prepend(_operation.Length == 0 ? "SQL" : _operation));
    }

    private void Word(string word)
    {
        var key = word.ToUpperInvariant();
        if (_justOpened)
        {
            _parentheses.Pop();
            _parentheses.Push(key is "SELECT" or "WITH" or "INSERT" or "UPDATE" or "DELETE" or "VALUES");
            _justOpened = false;
        }

        if (_expectsTable)
        {
            if (!Between.Contains(key))
            {
                (_expectsTable, _listDepth, _candidate) = (false, _parentheses.Count, word);
            }

            return;
        }

        Operation(key);
        Named(key, word);
        if (Ends.Contains(key))
        {
            _listDepth = null;
        }

        // FOR UPDATE and DO UPDATE change no further table; IS DISTINCT FROM compares; USING (column) is seen by its parenthesis.
        var leads = Leads.Contains(key) && (_parentheses.Count == 0 || _parentheses.Peek())
            && !(key == "UPDATE" && _previous is "FOR" or "DO" or "KEY") && !(key == "FROM" && (_previous == "DISTINCT" || _operation == "COPY"));
        _expectsTable = leads;
        _previous = key;
    }

    private void Mark(string mark)
    {
        switch (mark)
        {
            case "(":
                _parentheses.Push(false);
                _justOpened = true;
                _expectsTable = false;
                return;
            case ")":
                _parentheses.TryPop(out _);
                break;
            case "," when _listDepth == _parentheses.Count:
                _expectsTable = true;
                break;
            default:
                break;
        }

        _justOpened = false;
    }

    private void Operation(string key)
    {
        if (_operation.Length == 0 && key != "WITH" && (!_with || Statements.Contains(key)))
        {
            _operation = key;
        }
        else if (Writes.Contains(key) && _operation == "SELECT" && _previous is not ("FOR" or "DO" or "KEY"))
        {
            // WITH … AS (DELETE …) SELECT …: what it writes is what it is about.
            _operation = key;
        }
    }

    // WITH a AS (…), b AS (…): such names are no tables.
    private void Named(string key, string word)
    {
        _with |= key == "WITH";
        if (_with && key == "AS" && _previousWord is { } name)
        {
            _named.Add(name);
        }

        _previousWord = word;
    }

    private void Take(string table) => _tables.Add(table.Replace("\"", "", StringComparison.Ordinal));
}
