using Xunit;

namespace Platform.Testing;

/// <summary>Data sets that are shared between projects and are no part of the repository.</summary>
public static class TestData
{
    /// <summary>Environment variable that names the folder of the data sets.</summary>
    public const string FolderVariable = "PLATFORM_TEST_DATA";

    /// <summary>Root of the repository: the folder that holds <c>Platform.sln</c>.</summary>
    public static string RepositoryRoot { get; } = FindRepositoryRoot();

    private static string Folder =>
        Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 } chosen
            ? chosen
            : Path.GetFullPath(Path.Combine(RepositoryRoot, "..", "shared", "data"));

    /// <summary>Finds a file or folder of the data sets and skips the running test when it is absent.</summary>
    /// <param name="relativePath">Path inside of the data folder, for example <c>receivables/ibm_invoices_public.csv</c>.</param>
    /// <returns>Full path.</returns>
    public static string Find(string relativePath)
    {
        if (TryFind(relativePath) is { } path)
        {
            return path;
        }

        Assert.Skip($"Shared data '{relativePath}' is not in '{Folder}'; set {FolderVariable} to the folder that has it.");
        throw new InvalidOperationException("Assert.Skip returned.");
    }

    /// <summary>Finds a file or folder of the data sets.</summary>
    /// <returns>Full path, or null when it is absent.</returns>
    public static string? TryFind(string relativePath)
    {
        var path = Path.Combine(Folder, relativePath);
        return File.Exists(path) || Directory.Exists(path) ? path : null;
    }

    private static string FindRepositoryRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Platform.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No folder above '{AppContext.BaseDirectory}' holds Platform.sln.");
    }
}
