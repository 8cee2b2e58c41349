namespace Platform.Gateway.Problems;

/// <summary>Says, of an endpoint, how it calls a field that a service behind it names by its proto path.</summary>
internal sealed record FieldName(string Proto, string Api);

/// <summary>Fields in refusals of services, by the names that callers of the HTTP API use.</summary>
internal static class FieldNames
{
    // Messages that the API does not nest.
    private static readonly string[] Wrappers = ["page.", "memory.", "changed."];

    /// <summary>"page.size" is "size", "min_confidence" is "minConfidence"; what an endpoint says itself rules.</summary>
    public static string Of(string protoPath, EndpointMetadataCollection? endpoint)
    {
        if (endpoint?.OfType<FieldName>().FirstOrDefault(f => f.Proto == WithoutIndexes(protoPath)) is { } own)
        {
            return own.Api;
        }

        string path = protoPath;
        foreach (string wrapper in Wrappers)
        {
            path = path.StartsWith(wrapper, StringComparison.Ordinal) ? path[wrapper.Length..] : path;
        }

        return string.Join('.', path.Split('.').Select(CamelCase));
    }

    private static string CamelCase(string name)
    {
        string[] words = name.Split('_', StringSplitOptions.RemoveEmptyEntries);
        return words.Length == 0 ? name : words[0] + string.Concat(words[1..].Select(w => char.ToUpperInvariant(w[0]) + w[1..]));
    }

    private static string WithoutIndexes(string path)
    {
        int begin = path.IndexOf('[', StringComparison.Ordinal);
        return begin < 0 ? path : path[..begin] + path[(path.IndexOf(']', StringComparison.Ordinal) + 1)..];
    }
}
