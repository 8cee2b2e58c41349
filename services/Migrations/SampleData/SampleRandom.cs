namespace Platform.Migrations.SampleData;

/// <summary>
/// A stream of pseudo-random numbers (SplitMix64) that is the same on every machine and runtime, which
/// <see cref="System.Random"/> does not promise.
/// </summary>
internal sealed class SampleRandom(ulong seed)
{
    private ulong _state = seed;

    /// <summary>An independent stream, so that a change to one customer leaves the others as they are.</summary>
    public static SampleRandom Stream(long seed, int index) =>
        new(new SampleRandom((ulong)seed * 0x9E3779B97F4A7C15UL ^ (ulong)(uint)index * 0xD1B54A32D192ED03UL).Next());

    /// <summary>Uniform in [0, 1).</summary>
    public double Uniform() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in [low, high).</summary>
    public double Uniform(double low, double high) => low + ((high - low) * Uniform());

    /// <summary>Uniform among low … high, both included.</summary>
    public int Integer(int low, int high) => low + (int)(Uniform() * (high - low + 1));

    public bool Chance(double probability) => Uniform() < probability;

    public T Pick<T>(IReadOnlyList<T> items) => items[Integer(0, items.Count - 1)];

    /// <summary>
    /// Standard normal, cut at ±2.5: what is not planted holds no freak value that a detector would be right to report.
    /// </summary>
    public double Normal()
    {
        while (true)
        {
            var radius = Math.Sqrt(-2 * Math.Log(1 - Uniform()));
            var value = radius * Math.Cos(2 * Math.PI * Uniform());
            if (Math.Abs(value) <= 2.5)
            {
                return value;
            }
        }
    }

    /// <summary>A gap around 1 (gamma of shape 4): neither clockwork nor pure chance, as orders come.</summary>
    public double Gap() => -Math.Log((1 - Uniform()) * (1 - Uniform()) * (1 - Uniform()) * (1 - Uniform())) / 4;

    private ulong Next()
    {
        _state += 0x9E3779B97F4A7C15UL;
        var z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
