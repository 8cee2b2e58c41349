using Xunit;
using Xunit.Sdk;

namespace Platform.Testing.Tests;

public sealed class TestDataTests
{
    [Fact]
    public void RepositoryRoot_FromATest_HoldsTheSolution() =>
        Assert.True(File.Exists(Path.Combine(TestData.RepositoryRoot, "Platform.sln")));

    [Fact]
    public void Find_AbsentData_SkipsAndNamesTheVariable()
    {
        string? message = null;
        try
        {
            TestData.Find("no/such/data.csv");
        }
        catch (SkipException skip)
        {
            // Assert.Throws passes a skip on to the runner.
            message = skip.Message;
        }

        Assert.NotNull(message);
        Assert.Contains(TestData.FolderVariable, message, StringComparison.Ordinal);
        Assert.Contains("no/such/data.csv", message, StringComparison.Ordinal);
    }

    [Fact]
    public void TryFind_AbsentData_IsNull() => Assert.Null(TestData.TryFind("no/such/data.csv"));
}
