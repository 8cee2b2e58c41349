namespace Platform.ModelGateway.Prompts;

/// <summary>Shares of active versions, in whole hundredths that add up to what is shared.</summary>
internal static class PromptWeights
{
    private const int Hundredths = 100;

    /// <summary>Divides <paramref name="total"/> in the proportions that versions have now (none: 1), by largest remainder.</summary>
    internal static IReadOnlyList<(int Version, decimal? Weight)> Share(IReadOnlyList<(int Version, decimal? Weight)> versions, decimal total)
    {
        var sum = versions.Sum(version => version.Weight ?? 1);
        var exact = versions.Select(version => total * Hundredths * (sum == 0 ? 1m / versions.Count : (version.Weight ?? 1) / sum)).ToArray();
        var whole = exact.Select(decimal.Floor).ToArray();
        var left = (int)(decimal.Round(total * Hundredths) - whole.Sum());
        foreach (var index in Enumerable.Range(0, exact.Length).OrderByDescending(index => exact[index] - whole[index]).Take(left))
        {
            whole[index]++;
        }

        return [.. versions.Select((version, index) => (version.Version, (decimal?)(whole[index] / Hundredths)))];
    }

    /// <summary>The state without one version; one that is left alone needs no weight.</summary>
    internal static IReadOnlyList<(int Version, decimal? Weight)> Without(IReadOnlyList<(int Version, decimal? Weight)> state, int version)
    {
        var rest = state.Where(one => one.Version != version).ToArray();
        return rest.Length <= 1 ? [.. rest.Select(one => (one.Version, (decimal?)null))] : Share(rest, 1);
    }
}
