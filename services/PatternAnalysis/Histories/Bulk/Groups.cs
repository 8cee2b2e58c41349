namespace Platform.PatternAnalysis.Histories.Bulk;

/// <summary>Rows by group, each group in the order of its rows (counting sort).</summary>
internal sealed class Groups
{
    private readonly int[] ends;
    private readonly int[] members;

    private Groups(int[] ends, int[] members)
    {
        this.ends = ends;
        this.members = members;
    }

    public static Groups None { get; } = new([], []);

    public static Groups By<T>(ReadOnlySpan<T> rows, Func<T, int> group, int groups)
    {
        // Begins of the groups, which become their ends while the rows are handed out.
        var places = new int[groups + 1];
        foreach (var row in rows)
        {
            places[group(row) + 1]++;
        }

        for (var i = 1; i <= groups; i++)
        {
            places[i] += places[i - 1];
        }

        var members = new int[rows.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            members[places[group(rows[i])]++] = i;
        }

        return new Groups(places, members);
    }

    public ReadOnlySpan<int> Of(int group)
    {
        var start = group == 0 ? 0 : ends[group - 1];
        return members.AsSpan(start, ends[group] - start);
    }
}
