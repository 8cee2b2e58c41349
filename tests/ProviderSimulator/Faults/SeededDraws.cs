namespace Platform.ProviderSimulator.Faults;

/// <summary>Numbers from 0 to below 1 that follow from the seed and the number of the request alone (splitmix64).</summary>
internal sealed class SeededDraws(int seed, long request)
{
    private ulong _state = unchecked(((ulong)(uint)seed << 32) ^ ((ulong)request * 0xD1342543DE82EF95UL));

    internal double Next()
    {
        unchecked
        {
            var mixed = _state += 0x9E3779B97F4A7C15UL;
            mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9UL;
            mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBUL;
            return ((mixed ^ (mixed >> 31)) >> 11) * (1.0 / (1UL << 53));
        }
    }

    /// <summary>A log-normal time: the median times e to the power of a normal draw (Box–Muller) with the spread.</summary>
    internal TimeSpan Time(TimeSpan median, double spread) =>
        spread <= 0 ? median : median * Math.Exp(spread * Math.Sqrt(-2 * Math.Log(1 - Next())) * Math.Cos(2 * Math.PI * Next()));
}
