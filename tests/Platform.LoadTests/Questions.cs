namespace Platform.LoadTests;

/// <summary>The mix of L4: 60 % status, 20 % decision, 20 % pattern questions.</summary>
internal static class Questions
{
    private static readonly string[] Customers = ["Delta Industries"];

    public static string Next(Random random, IReadOnlyList<string>? customers = null)
    {
        IReadOnlyList<string> names = customers is { Count: > 0 } ? customers : Customers;
        string name = names[random.Next(names.Count)];
        return random.NextDouble() switch
        {
            < 0.6 => $"What is the status of {name}?",
            < 0.8 => $"Should we extend payment terms to {name}?",
            _ => $"What patterns do you see with {name}?",
        };
    }
}
