namespace Platform.ModelGateway.Safety.Patterns;

/// <summary>The keywords of one text, found in one pass over it; what stands near a number is then only looked up.</summary>
internal sealed class KeywordHits
{
    private readonly List<KeywordHit> _hits = [];
    private readonly Keyword _kinds;

    internal KeywordHits(ReadOnlySpan<char> text)
    {
        KeywordTable.Find(text, _hits);
        foreach (var hit in _hits)
        {
            _kinds |= hit.Kinds;
        }
    }

    /// <summary>True when one of the kinds stands anywhere in the text.</summary>
    internal bool Have(Keyword kinds) => (_kinds & kinds) != 0;

    /// <summary>True when one of the kinds stands within [<paramref name="from"/>, <paramref name="to"/>).</summary>
    internal bool Any(Keyword kinds, int from, int to)
    {
        if ((_kinds & kinds) == 0)
        {
            return false;
        }

        for (var index = First(from); index < _hits.Count && _hits[index].Start < to; index++)
        {
            if ((_hits[index].Kinds & kinds) != 0 && _hits[index].End <= to)
            {
                return true;
            }
        }

        return false;
    }

    private int First(int from)
    {
        var (low, high) = (0, _hits.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _hits[middle].Start < from ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
