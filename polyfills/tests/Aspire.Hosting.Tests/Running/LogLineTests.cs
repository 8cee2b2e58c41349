using Aspire.Hosting.Running;
using Xunit;

namespace Aspire.Hosting.Tests.Running;

public sealed class LogLineTests
{
    [Theory]
    [InlineData("plain text", "plain text")]
    [InlineData("{not json", "{not json")]
    [InlineData("""{"other":1}""", """{"other":1}""")]
    [InlineData("""{"time":"t","level":"info","message":"Listening"}""", "info: Listening")]
    [InlineData("""{"LogLevel":"Warning","Message":"Slow"}""", "warning: Slow")]
    [InlineData("""{"message":"bare"}""", "bare")]
    public void Shorten_Line_KeepsWhatMatters(string line, string expected) => Assert.Equal(expected, LogLine.Shorten(line));

    [Fact]
    public void Shorten_Exception_IsShownBelow() =>
        Assert.Equal(
            $"error: Failed{Environment.NewLine}System.Exception: why",
            LogLine.Shorten("""{"level":"error","message":"Failed","exception":"System.Exception: why"}"""));
}
