using Aspire.Hosting.Running;
using Xunit;

namespace Aspire.Hosting.Tests.Running;

public sealed class ApplicationFolderTests
{
    [Fact]
    public void Path_Isolated_GoesAwayWithIt()
    {
        var folder = new ApplicationFolder("app", "/nowhere", isolated: true);
        File.WriteAllText(Path.Combine(folder.Path, "file"), "x");
        Assert.True(Directory.Exists(folder.Path));

        folder.Dispose();

        Assert.False(Directory.Exists(folder.Path));
    }

    [Fact]
    public void ReadOrCreateSecret_Twice_IsTheSameAndPrivate()
    {
        using var folder = new ApplicationFolder("app", "/nowhere", isolated: true);

        Assert.Equal("first", folder.ReadOrCreateSecret("password", () => "first"));
        Assert.Equal("first", folder.ReadOrCreateSecret("password", () => "second"));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(folder.Path, "secrets", "password")));
        }
    }

    [Fact]
    public void DataFolder_NoVolume_IsEmptyEachTime()
    {
        using var folder = new ApplicationFolder("app", "/nowhere", isolated: true);
        var first = folder.DataFolder("redis", volume: null);
        Directory.CreateDirectory(first);
        File.WriteAllText(Path.Combine(first, "dump.rdb"), "x");

        Assert.Equal(first, folder.DataFolder("redis", volume: null));
        Assert.False(Directory.Exists(first));
    }

    [Fact]
    public void DataFolder_Volume_KeepsWhatIsThere()
    {
        using var folder = new ApplicationFolder("app", "/nowhere", isolated: true);
        var first = folder.DataFolder("redis", "redis-data");
        Directory.CreateDirectory(first);
        File.WriteAllText(Path.Combine(first, "dump.rdb"), "x");

        Assert.True(File.Exists(Path.Combine(folder.DataFolder("redis", "redis-data"), "dump.rdb")));
    }
}
