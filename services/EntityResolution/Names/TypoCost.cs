namespace Platform.EntityResolution.Names;

/// <summary>Edit distance in which slips that people and scanners make often cost less than others.</summary>
internal static class TypoCost
{
    private const float Gap = 0.95f;
    private const float Doubled = 0.55f;
    private const float Swap = 0.75f;
    private const float FirstLetter = 1.25f;
    private const int Longest = 48;

    // Sound alike or look alike when scanned.
    private static readonly string[] Confusable = ["ck", "cs", "sz", "iy", "fv", "bp", "dt", "mn", "gj", "qk", "xs", "uv", "vw", "o0", "l1", "i1", "il", "s5", "b8", "g9", "g6", "z2", "ao", "ei", "ea", "ou", "ae", "ai", "eo", "io", "iu", "au", "eu", "ay", "ey", "dl", "ec", "hn", "rn", "hb", "nu"];
    private static readonly string[] KeyboardRows = ["qwertyuiop", "asdfghjkl", "zxcvbnm"];
    private static readonly float[] Substitutions = BuildSubstitutions();

    /// <summary>The cost of turning one word into the other; about 1 for an edit. Words are at most 48 characters, the rest is cut.</summary>
    public static float Between(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        a = a.Length > Longest ? a[..Longest] : a;
        b = b.Length > Longest ? b[..Longest] : b;
        var width = b.Length + 1;
        Span<float> cells = stackalloc float[(Longest + 1) * 3];
        var before = cells[..width];
        var previous = cells.Slice(Longest + 1, width);
        var current = cells.Slice((Longest + 1) * 2, width);
        for (var j = 1; j < width; j++)
        {
            previous[j] = previous[j - 1] + GapCost(b, j - 1);
        }

        for (var i = 1; i <= a.Length; i++)
        {
            current[0] = previous[0] + GapCost(a, i - 1);
            for (var j = 1; j < width; j++)
            {
                var substituted = previous[j - 1] + Substitution(a[i - 1], b[j - 1], i == 1 && j == 1);
                var cell = Math.Min(substituted, Math.Min(previous[j] + GapCost(a, i - 1), current[j - 1] + GapCost(b, j - 1)));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] && a[i - 1] != a[i - 2])
                {
                    cell = Math.Min(cell, before[j - 2] + Swap);
                }

                current[j] = cell;
            }

            var spare = before;
            before = previous;
            previous = current;
            current = spare;
        }

        return previous[b.Length];
    }

    private static float GapCost(ReadOnlySpan<char> word, int index) =>
        index > 0 && word[index] == word[index - 1] ? Doubled : index == 0 ? Gap * FirstLetter : Gap;

    private static float Substitution(char a, char b, bool first) =>
        a == b ? 0 : (a < 128 && b < 128 ? Substitutions[(a << 7) | b] : 1) * (first ? FirstLetter : 1);

    private static float[] BuildSubstitutions()
    {
        var costs = new float[128 * 128];
        Array.Fill(costs, 1f);
        foreach (var row in KeyboardRows)
        {
            for (var i = 1; i < row.Length; i++)
            {
                Set(row[i - 1], row[i], 0.85f);
            }
        }

        foreach (var pair in Confusable)
        {
            Set(pair[0], pair[1], 0.65f);
        }

        return costs;

        void Set(char a, char b, float cost) => costs[(a << 7) | b] = costs[(b << 7) | a] = cost;
    }
}
