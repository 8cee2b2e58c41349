using Aspire.Hosting.Running;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Aspire.Hosting.Tests.Running;

public sealed class LogLineTests
{
    [Theory]
    [InlineData("plain text", null, "plain text")]
    [InlineData("{not json", null, "{not json")]
    [InlineData("""{"other":1}""", null, """{"other":1}""")]
    [InlineData("""{"time":"t","level":"info","message":"Listening"}""", LogLevel.Information, "info: Listening")]
    [InlineData("""{"LogLevel":"Warning","Message":"Slow"}""", LogLevel.Warning, "warning: Slow")]
    [InlineData("""{"message":"bare"}""", null, "bare")]
    public void Read_Line_KeepsWhatMatters(string line, LogLevel? level, string expected) =>
        Assert.Equal(new LogLine(level, expected), LogLine.Read(line));

    [Theory]
    [InlineData("2026-11-22 01:53:16.123 UTC [77] LOG:  database system is ready to accept connections", LogLevel.Information)]
    [InlineData("2026-11-22 01:53:16.123 UTC [77] postgres@platform ERROR:  relation \"x\" does not exist", LogLevel.Error)]
    [InlineData("2026-11-22 01:53:16.123 UTC [77] STATEMENT:  SELECT 'ERROR: x'", LogLevel.Information)]
    [InlineData("2026-11-22 01:53:16.123 UTC [77] WARNING:  out of sequence", LogLevel.Warning)]
    [InlineData("2026-11-22 02:10:13.133 UTC [28109] FATAL:  the database system is not yet accepting connections", LogLevel.Information)]
    [InlineData("2026-11-22 02:10:13.133 UTC [28109] FATAL:  password authentication failed for user \"x\"", LogLevel.Error)]
    [InlineData("4711:M 22 Nov 2026 01:53:16.123 # Redis is now ready to exit, bye bye...", LogLevel.Information)]
    public void Read_ServerLine_HasItsLevel(string line, LogLevel expected) => Assert.Equal(new LogLine(expected, line), LogLine.Read(line));

    [Fact]
    public void Read_Time_IsShownInLocalTime()
    {
        var local = new DateTimeOffset(2026, 11, 22, 1, 53, 16, TimeSpan.Zero).ToLocalTime();

        Assert.Equal(
            string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{local:HH:mm:ss} error: Failed"),
            LogLine.Read("""{"time":"2026-11-22T01:53:16.123Z","level":"error","message":"Failed"}""").Text);
    }

    [Theory]
    [InlineData("""{"level":"error","message":"Failed","exception":"System.Exception: why"}""")]
    [InlineData("""{"level":"error","message":"Failed","error":{"type":"System.Exception","message":"why","stack":"at X"}}""")]
    public void Read_Error_IsShownBelow(string line) =>
        Assert.Equal($"error: Failed{Environment.NewLine}    System.Exception: why", LogLine.Read(line).Text);
}
