using Platform.EntityResolution.Names;

namespace Platform.EntityResolution.Index;

/// <summary>Finds a name that is written as the registry writes it, but for case, accents, punctuation and legal form. Allocates nothing.</summary>
internal static class NameLookup
{
    /// <summary>The row of that name, of several with that core the first with the same legal form; -1 when there is none.</summary>
    public static int Find(NameIndex index, ReadOnlySpan<char> name)
    {
        var words = NameWords.Rented();
        words.Read(name);
        var core = words.Core;
        var first = index.FirstExact(core);
        for (var row = first; row >= 0; row = index.NextExact(row, core))
        {
            if (words.HasForm(index.FormOf(row)))
            {
                return row;
            }
        }

        return first;
    }
}
