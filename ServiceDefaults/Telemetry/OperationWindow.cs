namespace Platform.ServiceDefaults;

/// <summary>The latest durations of one operation, a fixed number of them.</summary>
internal sealed class OperationWindow(string operation, OperationBudget budget)
{
    internal const int Size = 1024;

    private readonly double[] _seconds = new double[Size];
    private long _count;
    private long _breaches;

    internal string Operation => operation;

    internal OperationBudget Budget => budget;

    internal bool Counts(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach (var (label, values) in budget.Where)
        {
            if (!HasOne(tags, label, values))
            {
                return false;
            }
        }

        return true;
    }

    internal void Add(double seconds) => Volatile.Write(ref _seconds[(Interlocked.Increment(ref _count) - 1) % Size], seconds);

    internal void Breached() => Interlocked.Increment(ref _breaches);

    internal OperationBudgetReport Report()
    {
        var samples = (int)Math.Min(Interlocked.Read(ref _count), Size);
        var sorted = _seconds.AsSpan(0, samples).ToArray();
        Array.Sort(sorted);
        var current = samples == 0 ? null : new Percentiles(At(sorted, 0.50), At(sorted, 0.95), At(sorted, 0.99));
        return new OperationBudgetReport(
            operation, new Percentiles(budget.P50.TotalMilliseconds, budget.P95.TotalMilliseconds, budget.P99.TotalMilliseconds), current, samples, Interlocked.Read(ref _breaches),
            current is null || (current.P50 <= budget.P50.TotalMilliseconds && current.P95 <= budget.P95.TotalMilliseconds && current.P99 <= budget.P99.TotalMilliseconds));
    }

    private static bool HasOne(ReadOnlySpan<KeyValuePair<string, object?>> tags, string label, string[] values)
    {
        foreach (var tag in tags)
        {
            if (tag.Key == label)
            {
                return Array.IndexOf(values, tag.Value?.ToString()) >= 0;
            }
        }

        return false;
    }

    // Nearest rank: the value that so many of the sample do not exceed.
    private static double At(double[] sorted, double share) => Math.Round(sorted[(int)Math.Ceiling(share * sorted.Length) - 1] * 1000, 3);
}

/// <summary>How an operation is doing against its budget.</summary>
/// <param name="Operation">Key in section <c>budgets:operations</c>.</param>
/// <param name="Budget">What is allowed.</param>
/// <param name="Current">What the latest samples took; null while there are none.</param>
/// <param name="Samples">How many there are, at most 1,024.</param>
/// <param name="Breaches">Single operations that breached the budget since the start.</param>
/// <param name="Within">No percentile is above its budget.</param>
public sealed record OperationBudgetReport(string Operation, Percentiles Budget, Percentiles? Current, int Samples, long Breaches, bool Within);

/// <summary>Milliseconds.</summary>
public sealed record Percentiles(double P50, double P95, double P99);
