using System.Collections.Concurrent;

namespace Platform.ModelGateway.Telemetry;

/// <summary>Lets a number of organizations have time series of their own; a metric must not grow with the customers.</summary>
internal sealed class OrganizationLabels(int most)
{
    internal const string Other = "other";

    private readonly ConcurrentDictionary<string, string> _known = new(StringComparer.Ordinal);

    internal string Of(string organization)
    {
        if (_known.TryGetValue(organization, out var known))
        {
            return known;
        }

        // Two callers at the border may both get in: the bound holds but for as many as call at the same moment.
        return _known.Count < most ? _known.GetOrAdd(organization, organization) : Other;
    }
}
