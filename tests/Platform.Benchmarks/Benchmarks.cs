namespace Platform.Benchmarks;

/// <summary>One benchmark: a class in a folder of its own, found by its name on the command line.</summary>
internal interface IBenchmark
{
    string Name { get; }

    /// <summary>Starts what it measures and its limit, prints the figures, stops both.</summary>
    /// <param name="isShort">Fewer and shorter rounds, to see that it works.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    Task RunAsync(bool isShort, CancellationToken cancellationToken);
}

internal static class Benchmarks
{
    public static SortedDictionary<string, IBenchmark> Find()
    {
        var found = new SortedDictionary<string, IBenchmark>(StringComparer.Ordinal);
        foreach (var type in typeof(Benchmarks).Assembly.GetTypes())
        {
            if (type is { IsAbstract: false, IsInterface: false } && type.IsAssignableTo(typeof(IBenchmark)))
            {
                var benchmark = (IBenchmark)Activator.CreateInstance(type)!;
                found.Add(benchmark.Name, benchmark);
            }
        }

        return found;
    }
}
