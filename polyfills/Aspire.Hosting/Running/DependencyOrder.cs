using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Running;

/// <summary>Refuses waits that can never end.</summary>
internal static class DependencyOrder
{
    /// <exception cref="DistributedApplicationException">Resources wait for each other in a circle.</exception>
    public static void Check(IEnumerable<IResource> resources)
    {
        var finished = new HashSet<IResource>();
        foreach (var resource in resources)
        {
            Visit(resource, [], finished);
        }
    }

    private static void Visit(IResource resource, List<IResource> path, HashSet<IResource> finished)
    {
        if (finished.Contains(resource))
        {
            return;
        }

        var start = path.IndexOf(resource);
        path.Add(resource);
        if (start >= 0)
        {
            throw new DistributedApplicationException($"Resources wait for each other in a circle: {string.Join(" → ", path.Skip(start).Select(r => r.Name))}.");
        }

        foreach (var wait in resource.Annotations.OfType<WaitAnnotation>())
        {
            Visit(wait.Resource, path, finished);
        }

        path.RemoveAt(path.Count - 1);
        finished.Add(resource);
    }
}
