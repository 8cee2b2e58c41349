using System.Runtime.CompilerServices;
using Xunit;

namespace OpenTelemetry.Tests;

/// <summary>Test data beside the repository; tests that need it are skipped where it is absent.</summary>
internal static class SharedData
{
    public static string PathOf(string relative, [CallerFilePath] string thisFile = "")
    {
        var root = new DirectoryInfo(Path.GetDirectoryName(thisFile)!);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "Platform.sln")))
        {
            root = root.Parent;
        }

        var data = Environment.GetEnvironmentVariable("PLATFORM_TEST_DATA")
            ?? Path.Combine(root?.Parent?.FullName ?? string.Empty, "shared", "data");
        var path = Path.Combine(data, relative);
        if (!File.Exists(path))
        {
            Assert.Skip($"The test data '{relative}' is absent: set PLATFORM_TEST_DATA to its folder.");
        }

        return path;
    }
}
