namespace Platform.PatternAnalysis.Statistics;

/// <summary>
/// How often a permutation of a series is at least as clear as the series: its p-value by sampling. The same seed gives the same
/// permutations (SplitMix64: Steele, Lea and Flood, OOPSLA 2014), so that the same data give the same answer.
/// </summary>
/// <remarks>
/// Sampling ends early where the p-value is certainly above what could matter, after twenty permutations as clear (Besag and Clifford,
/// Biometrika 78, 1991), or as soon as their number stands 4 standard deviations and 4 above what a p-value of 0.01 gives (in the manner of
/// Gandy, Journal of the American Statistical Association 104, 2009): one with a p-value of 0.0075 is given up with a probability below one in a million (summed exactly over all numbers of permutations).
/// Ending early can only raise a p-value. Where fewer than three permutations are as clear, five times as many are drawn: a detector with a
/// small share of the promised error rate needs p-values below what the first ones can give.
/// </remarks>
internal struct Permutations(int seed)
{
    private const int Enough = 20;
    private const double Doubtful = 0.01;

    private const int Few = 3;
    private const int Longer = 5;

    private ulong state = (ulong)(uint)seed;

    /// <summary>The p-value of a series whose order is destroyed.</summary>
    /// <param name="series">In order of time.</param>
    /// <param name="isAsClear">Whether a permutation of it is.</param>
    /// <param name="most">Permutations at first; the smallest p-value is 1 / (5 × this + 1).</param>
    public double PValue<T>(T[] series, Func<T[], bool> isAsClear, int most)
    {
        var (hits, last) = (0, most);
        for (var drawn = 1; drawn <= last; drawn++)
        {
            Shuffle(series.AsSpan());
            if (isAsClear(series) && IsEnough(++hits, drawn))
            {
                return (double)hits / drawn;
            }

            if (drawn == most && hits < Few)
            {
                last = Longer * most;
            }
        }

        return (hits + 1.0) / (last + 1);
    }

    private void Shuffle<T>(Span<T> values)
    {
        for (var i = values.Length - 1; i > 0; i--)
        {
            var other = (int)(((Next() >> 32) * (ulong)(i + 1)) >> 32);
            (values[i], values[other]) = (values[other], values[i]);
        }
    }

    private static bool IsEnough(int hits, int drawn)
    {
        var expected = Doubtful * drawn;
        return hits >= Enough || hits >= expected + (4 * Math.Sqrt(expected)) + 4;
    }

    private ulong Next()
    {
        var z = state += 0x9E37_79B9_7F4A_7C15;
        z = (z ^ (z >> 30)) * 0xBF58_476D_1CE4_E5B9;
        z = (z ^ (z >> 27)) * 0x94D0_49BB_1331_11EB;
        return z ^ (z >> 31);
    }
}
