using System.Globalization;
using System.Text;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Running;

/// <summary>The table that is shown once everything is up.</summary>
internal static class StartReport
{
    public static void Write(ResourceOutput output, IReadOnlyList<ResourceEvent> outcomes, TimeSpan took, string? dashboard)
    {
        var name = outcomes.Select(o => o.Resource.Name.Length).DefaultIfEmpty(8).Max();
        var text = new StringBuilder().AppendLine();
        var links = new StringBuilder();
        foreach (var outcome in outcomes)
        {
            var urls = Urls(outcome.Resource).ToArray();
            var failed = outcome.Snapshot.Reason is not null;
            var state = failed || outcome.Snapshot.HealthStatus is null ? outcome.Snapshot.State?.Text : "Healthy";
            var line = $"  {outcome.Resource.Name.PadRight(name)}  {state,-13}  {string.Join("  ", urls.Select(u => u.Url))}";
            text.AppendLine(line.TrimEnd());
            if (failed)
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"  {new string(' ', name)}  {outcome.Snapshot.Reason}");
            }

            foreach (var url in urls.Where(u => u.DisplayText is not null))
            {
                links.AppendLine(CultureInfo.InvariantCulture, $"{url.DisplayText}: {url.Url}");
            }
        }

        text.AppendLine(CultureInfo.InvariantCulture, $"Started in {took.TotalSeconds:0.0} s. Ctrl-C stops everything.");
        if (output.LogFolder is { } logs)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"Complete logs: {logs}");
        }

        if (dashboard is not null)
        {
            links.AppendLine(CultureInfo.InvariantCulture, $"Dashboard: {dashboard}");
        }

        text.Append(links);
        output.Announce(text.ToString());
    }

    /// <summary>The addresses of a resource as they are shown.</summary>
    public static IEnumerable<ResourceUrlAnnotation> Urls(IResource resource)
    {
        if (resource is not IResourceWithEndpoints endpoints)
        {
            yield break;
        }

        foreach (var endpoint in endpoints.GetEndpoints().Where(e => e.IsAllocated))
        {
            var url = new ResourceUrlAnnotation { Url = endpoint.Url, Endpoint = endpoint };
            foreach (var change in resource.Annotations.OfType<EndpointUrlAnnotation>()
                .Where(c => string.Equals(c.EndpointName, endpoint.EndpointName, StringComparison.OrdinalIgnoreCase)))
            {
                change.Callback(url);
            }

            yield return url;
        }
    }
}
