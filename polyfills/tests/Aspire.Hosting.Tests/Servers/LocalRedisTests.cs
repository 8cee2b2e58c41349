using Aspire.Hosting.Redis;
using Xunit;

namespace Aspire.Hosting.Tests.Servers;

public sealed class LocalRedisTests
{
    [Theory]
    [InlineData("localhost:6380,password=p", "localhost", 6380, "p")]
    [InlineData("cache", "cache", 6379, null)]
    [InlineData("abortConnect=false, cache:1 , Password=a=b", "cache", 1, "a=b")]
    [InlineData("[::1]:6379", "::1", 6379, null)]
    public void Parse_ConnectionString_GivesHostPortPassword(string text, string host, int port, string? password) =>
        Assert.Equal((host, port, password), LocalRedis.Parse(text));

    [Fact]
    public void Parse_NoServer_Refuses() => Assert.Throws<DistributedApplicationException>(() => LocalRedis.Parse("password=p"));
}
