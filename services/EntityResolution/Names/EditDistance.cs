namespace Platform.EntityResolution.Names;

/// <summary>Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours cost one each.</summary>
internal static class EditDistance
{
    /// <summary>The distance, or <paramref name="limit"/> + 1 when it is larger than the limit.</summary>
    public static int Between(ReadOnlySpan<char> a, ReadOnlySpan<char> b, int limit)
    {
        if (Math.Abs(a.Length - b.Length) > limit)
        {
            return limit + 1;
        }

        var width = b.Length + 1;
        Span<int> cells = width <= 86 ? stackalloc int[width * 3] : new int[width * 3];
        var before = cells[..width];
        var previous = cells.Slice(width, width);
        var current = cells.Slice(width * 2, width);
        // Cells further than the limit from the diagonal cannot come below it.
        for (var j = 0; j < width; j++)
        {
            previous[j] = j;
            before[j] = current[j] = limit + 1;
        }

        for (var i = 1; i <= a.Length; i++)
        {
            current[0] = i;
            var (first, last, best) = (Math.Max(1, i - limit), Math.Min(width - 1, i + limit), i);
            if (first > 1)
            {
                current[first - 1] = limit + 1;
                best = limit + 1;
            }

            for (var j = first; j <= last; j++)
            {
                var cost = a[i - 1] == b[j - 1] ? 0 : 1;
                var cell = Math.Min(Math.Min(current[j - 1], previous[j]) + 1, previous[j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    cell = Math.Min(cell, before[j - 2] + 1);
                }

                current[j] = cell;
                best = Math.Min(best, cell);
            }

            if (last + 1 < width)
            {
                current[last + 1] = limit + 1;
            }

            if (best > limit)
            {
                return limit + 1;
            }

            var spare = before;
            before = previous;
            previous = current;
            current = spare;
        }

        return Math.Min(previous[b.Length], limit + 1);
    }
}
