namespace Platform.EntityResolution.Index;

/// <summary>The names of a registry as numbers: words of the core, legal form, and the entity that each belongs to.</summary>
internal sealed class NameRows(int[] words, int[] start, ushort[] form, int[] entity)
{
    public int Count => entity.Length;

    public int[] Words => words;

    public int[] Start => start;

    public long Bytes => 4L * (words.Length + start.Length + entity.Length) + 2L * form.Length;

    public ReadOnlySpan<int> WordsOf(int row) => words.AsSpan(start[row]..start[row + 1]);

    public int FormOf(int row) => form[row];

    public int EntityOf(int row) => entity[row];
}
