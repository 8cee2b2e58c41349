namespace Platform.Caching.Tests.Memory;

/// <summary>Keys asked for by a Zipf law, in a seeded order that says nothing about their rank.</summary>
internal static class ZipfStream
{
    public static int[] Create(int keys, double exponent, int length, int seed, out Func<int, double> bestRate)
    {
        var cumulative = new double[keys];
        var sum = 0.0;
        for (var i = 0; i < keys; i++)
        {
            sum += Math.Pow(i + 1, -exponent);
            cumulative[i] = sum;
        }

        bestRate = places => cumulative[places - 1] / sum;
        var random = new Random(seed);
        var names = Enumerable.Range(0, keys).ToArray();
        random.Shuffle(names);
        var stream = new int[length];
        for (var i = 0; i < length; i++)
        {
            var at = Array.BinarySearch(cumulative, random.NextDouble() * sum);
            stream[i] = names[Math.Min(keys - 1, at < 0 ? ~at : at)];
        }

        return stream;
    }
}

/// <summary>What the tier is compared with.</summary>
internal sealed class LeastRecentlyUsed(int places)
{
    private readonly LinkedList<int> recency = [];
    private readonly Dictionary<int, LinkedListNode<int>> nodes = [];

    public bool Use(int key)
    {
        if (nodes.TryGetValue(key, out var node))
        {
            recency.Remove(node);
            recency.AddFirst(node);
            return true;
        }

        nodes[key] = recency.AddFirst(key);
        if (nodes.Count > places)
        {
            nodes.Remove(recency.Last!.Value);
            recency.RemoveLast();
        }

        return false;
    }
}
