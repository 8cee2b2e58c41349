namespace Platform.EntityResolution.Names;

/// <summary>How well the words of a mention and of a name agree.</summary>
/// <param name="Asked">Share of the mention's weight that the name accounts for, 0 to 1.</param>
/// <param name="Named">Share of the name's weight that the mention accounts for, 0 to 1.</param>
/// <param name="Explanation">What agreed and what was forgiven.</param>
internal sealed record Agreement(double Asked, double Named, IReadOnlyList<string> Explanation)
{
    /// <summary>Calibrated probability, where the index gave one that decides.</summary>
    public double? Probability { get; init; }

    /// <summary>Plausibility of the name, 0 to 1. What was asked counts more than what was left out.</summary>
    public double Confidence => Math.Min(0.97, Probability ?? Math.Pow(Asked, 1.5) * (0.72 + 0.28 * Named));
}

/// <summary>Compares word by word, rare words counting more, in any order, forgiving typos and omissions.</summary>
internal static class NameSimilarity
{
    public static Agreement Compare(IReadOnlyList<string> mention, IReadOnlyList<string> name, Func<string, double> weight)
    {
        Span<double> best = stackalloc double[Math.Min(mention.Count, 32)];
        Span<int> partner = stackalloc int[best.Length];
        Span<bool> taken = stackalloc bool[Math.Min(name.Count, 32)];
        partner.Fill(-1);

        for (var round = 0; round < best.Length; round++)
        {
            var (top, q, n) = (0.0, -1, -1);
            for (var i = 0; i < best.Length; i++)
            {
                for (var j = 0; partner[i] < 0 && j < taken.Length; j++)
                {
                    if (!taken[j] && WordSimilarity(mention[i], name[j]) is var similarity && similarity > top)
                    {
                        (top, q, n) = (similarity, i, j);
                    }
                }
            }

            if (q < 0)
            {
                break;
            }

            best[q] = top;
            partner[q] = n;
            taken[n] = true;
        }

        var explanation = new List<string>();
        var (asked, askedTotal, named, namedTotal, inOrder, last) = (0.0, 0.0, 0.0, 0.0, true, -1);
        for (var i = 0; i < best.Length; i++)
        {
            var w = weight(mention[i]);
            askedTotal += w;
            asked += w * best[i];
            if (partner[i] >= 0)
            {
                named += weight(name[partner[i]]) * best[i];
                inOrder &= partner[i] > last;
                last = partner[i];
                explanation.Add(best[i] == 1 ? $"same word: {name[partner[i]]}" : $"\"{mention[i]}\" read as {name[partner[i]]}");
            }
            else
            {
                explanation.Add($"not in the name: {mention[i]}");
            }
        }

        for (var j = 0; j < taken.Length; j++)
        {
            namedTotal += weight(name[j]);
            if (!taken[j])
            {
                explanation.Add($"left out: {name[j]}");
            }
        }

        if (!inOrder)
        {
            explanation.Add("another word order");
        }

        var agreement = new Agreement(askedTotal == 0 ? 0 : asked / askedTotal, namedTotal == 0 ? 0 : named / namedTotal, explanation);
        var joined = JoinedSimilarity(mention, name);
        return joined > agreement.Asked
            ? new Agreement(joined, joined, [joined == 1 ? "written as one word" : "written as one word, with a typo"])
            : agreement;
    }

    /// <summary>1 for the same word, less for a typo or the start of a longer word, 0 for another word.</summary>
    internal static double WordSimilarity(string a, string b)
    {
        if (a == b)
        {
            return 1;
        }

        var longer = Math.Max(a.Length, b.Length);
        if (a.Length >= 3 && b.Length > a.Length && b.StartsWith(a, StringComparison.Ordinal))
        {
            return Math.Max(0.8, (double)a.Length / longer);
        }

        // A changed digit is another number, not a typo.
        if (longer < 4 || a.Any(char.IsDigit) || b.Any(char.IsDigit))
        {
            return 0;
        }

        var allowed = longer <= 5 ? 1 : longer <= 8 ? 2 : 3;
        var distance = EditDistance.Between(a, b, allowed);
        if (distance > allowed)
        {
            return 0;
        }

        // A different first letter is rarely a typo.
        var similarity = 1 - (double)distance / longer;
        return a[0] == b[0] ? similarity : similarity * 0.85;
    }

    private static double JoinedSimilarity(IReadOnlyList<string> mention, IReadOnlyList<string> name)
    {
        if (mention.Count == name.Count)
        {
            return 0;
        }

        var a = string.Concat(mention);
        var b = string.Concat(name);
        if (a.Length < 6 || b.Length < 6)
        {
            return 0;
        }

        var longer = Math.Max(a.Length, b.Length);
        var distance = EditDistance.Between(a, b, longer / 8);
        return distance > longer / 8 ? 0 : 1 - (double)distance / longer;
    }
}
