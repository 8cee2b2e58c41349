namespace Platform.EntityResolution.Names;

/// <summary>Marks that registers write after a name and that are no part of it.</summary>
internal static class RegisterMarks
{
    /// <summary>Cuts the state that EDGAR writes after a name when it is not unique: "Csp Inc /Ma/", "Danaher Corp /De".</summary>
    public static ReadOnlySpan<char> TrimEnd(ReadOnlySpan<char> name)
    {
        if (name.IndexOf('/') <= 0)
        {
            return name;
        }

        var text = name.TrimEnd();
        var inner = text[^1] == '/' ? text[..^1] : text;
        var slash = inner.LastIndexOf('/');
        var mark = slash > 0 ? inner[(slash + 1)..].Trim() : [];
        if (mark.Length is < 2 or > 3 || mark.ContainsAnyExceptInRange('A', 'z'))
        {
            return name;
        }

        // "A/S" and "Sara Lee/DE" are names; a mark stands apart or after a full stop.
        return text[^1] == '/' || inner[slash - 1] is ' ' or '.' ? inner[..slash].TrimEnd() : name;
    }
}
