using Aspire.Hosting.Running;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Aspire.Hosting.Tests.Running;

public sealed class ResourceLogFileTests(TestFolder folder) : IClassFixture<TestFolder>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Output_QuietLine_IsInTheFileOfItsResource()
    {
        var logs = ResourceLogFile.CreateFolder(Path.Combine(folder.Path, "quiet"), DateTimeOffset.UnixEpoch);
        using var output = new ResourceOutput { LogFolder = logs };

        output.Write("memory", """{"level":"info","message":"Stored"}""");
        output.Tell("memory", "ended");
        output.Write("gateway", "text");

        Assert.Equal(["""{"level":"info","message":"Stored"}""", "ended"], await File.ReadAllLinesAsync(Path.Combine(logs, "memory.log"), Cancellation));
        Assert.Equal(["text"], await File.ReadAllLinesAsync(Path.Combine(logs, "gateway.log"), Cancellation));
    }

    [Fact]
    public async Task Write_FullFile_IsKeptOnceAndBegunAnew()
    {
        var path = Path.Combine(folder.Path, "full.log");
        using (var file = new ResourceLogFile(path, limit: 10))
        {
            file.Write("0123456789");
            file.Write("next");
        }

        Assert.Equal(["0123456789"], await File.ReadAllLinesAsync(path + ".1", Cancellation));
        Assert.Equal(["next"], await File.ReadAllLinesAsync(path, Cancellation));
    }

    [Fact]
    public void Write_FolderGone_DoesNotThrow()
    {
        using var file = new ResourceLogFile(Path.Combine(folder.Path, "gone", "x.log"));

        file.Write("line");

        Assert.False(Directory.Exists(Path.Combine(folder.Path, "gone")));
    }

    [Fact]
    public void CreateFolder_ManyRuns_KeepsTheLast()
    {
        var root = Path.Combine(folder.Path, "runs");
        var folders = Enumerable.Range(0, ResourceLogFile.KeptRuns + 2)
            .Select(minute => ResourceLogFile.CreateFolder(root, DateTimeOffset.UnixEpoch.AddMinutes(minute))).ToArray();

        Assert.Equal(folders.Skip(2), Directory.GetDirectories(root).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(null, LogLevel.Warning)]
    [InlineData("", LogLevel.Warning)]
    [InlineData("Info", LogLevel.Information)]
    [InlineData("none", LogLevel.None)]
    public void ReadLevel_Value_IsThatLevel(string? value, LogLevel expected) => Assert.Equal(expected, ResourceOutput.ReadLevel(value));

    [Fact]
    public void ReadLevel_UnknownWord_SaysWhatIsAllowed()
    {
        var exception = Assert.Throws<DistributedApplicationException>(() => ResourceOutput.ReadLevel("loud"));

        Assert.Equal("PLATFORM_CONSOLE_LEVEL is 'loud'; allowed is trace, debug, info, warning, error, critical or none.", exception.Message);
    }
}
