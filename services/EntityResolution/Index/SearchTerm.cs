namespace Platform.EntityResolution.Index;

/// <summary>Asked words, usually one, with the words of the registry that may be meant.</summary>
internal sealed class SearchTerm
{
    public List<(int Word, float Likeness)> Variants { get; } = [];

    /// <summary>Most that a name can gain by it, in nats.</summary>
    public float Most { get; private set; }

    /// <summary>Rows to read for it.</summary>
    public long Cost { get; private set; }

    public void Clear()
    {
        Variants.Clear();
        (Most, Cost) = (0, 0);
    }

    public void Add(NameIndex index, int word, float likeness)
    {
        for (var i = 0; i < Variants.Count; i++)
        {
            if (Variants[i].Word == word)
            {
                Variants[i] = (word, Math.Max(likeness, Variants[i].Likeness));
                Most = Math.Max(Most, likeness * index.WeightOf(word));
                return;
            }
        }

        Variants.Add((word, likeness));
        Most = Math.Max(Most, likeness * index.WeightOf(word));
        Cost += index.Words.NamesWith(word);
    }
}
