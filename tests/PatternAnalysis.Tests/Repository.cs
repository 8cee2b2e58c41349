namespace Platform.PatternAnalysis.Tests;

internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>Folder of the shared test data, which is not part of the repository.</summary>
    public static string Data => Environment.GetEnvironmentVariable("PLATFORM_TEST_DATA") ?? Path.Combine(Root, "..", "shared", "data");

    public static string RequireData(string relativePath)
    {
        var path = Path.Combine(Data, relativePath);
        if (!File.Exists(path))
        {
            Assert.Skip($"{relativePath} is absent; set PLATFORM_TEST_DATA to the folder that holds it");
        }

        return path;
    }

    private static string FindRoot()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "Platform.sln")))
            {
                return folder;
            }
        }

        throw new InvalidOperationException("Platform.sln was not found above the test assembly");
    }
}
