using System.Collections.Concurrent;

namespace Platform.ServiceDefaults;

/// <summary>Which parts of the configuration run on older values because the newest ones are not valid.</summary>
internal sealed class ConfigurationReport
{
    private readonly ConcurrentDictionary<string, string> _problems = new(StringComparer.Ordinal);

    internal IReadOnlyDictionary<string, string> Problems => _problems;

    internal void Rejected(string part, string problem) => _problems[part] = problem;

    internal void Accepted(string part) => _problems.TryRemove(part, out _);
}
