namespace Platform.Testing;

/// <summary>Where other projects of the repository were built: in the same configuration and for the same framework as what runs now.</summary>
public static class BuildOutput
{
    private static readonly string Build = OfThis();

    /// <summary>The output folder of a project.</summary>
    /// <param name="project">Its folder from the root, e.g. <c>services/ModelGateway</c>.</param>
    public static string Of(string project) => Path.Combine(TestData.RepositoryRoot, project, Build);

    // "bin/Debug/net10.0/", behind the folder of a test project.
    private static string OfThis()
    {
        var below = Path.GetRelativePath(Path.Combine(TestData.RepositoryRoot, "tests"), AppContext.BaseDirectory);
        return below[(below.IndexOf(Path.DirectorySeparatorChar) + 1)..];
    }
}
