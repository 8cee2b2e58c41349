using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Platform.ServiceDefaults.Tests.Logging;

public sealed class ConsoleLineLoggerTests
{
    [Fact]
    public void Log_ManyLines_AreAllWrittenInOrderAndInFewWrites()
    {
        using var output = new CountingStream();
        using (var provider = new LineLoggerProvider([new ConsoleLines(output, TimeProvider.System)], TimeProvider.System))
        {
            var logger = provider.CreateLogger("Platform.Sample");
            for (var index = 0; index < 5000; index++)
            {
                logger.LogInformation("line {Index}", index);
            }
        }

        var read = output.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonElement.Parse(line).GetProperty("fields").GetProperty("Index").GetInt32());
        Assert.Equal(Enumerable.Range(0, 5000), read);
        Assert.InRange(output.Writes, 1, 500);
    }

    [Fact]
    public void Log_OutputNotRead_DropsTheOldestAndSaysSo()
    {
        using var output = new CountingStream();
        output.Gate.Reset();
        using (var provider = new LineLoggerProvider([new ConsoleLines(output, TimeProvider.System)], TimeProvider.System))
        {
            var logger = provider.CreateLogger("Platform.Sample");
            for (var index = 0; index < 40_000; index++)
            {
                logger.LogInformation("line {Index}", index);
            }

            output.Gate.Set();
        }

        Assert.Contains("LogLinesDropped", output.Text, StringComparison.Ordinal);
        Assert.Contains("\"Index\":39999", output.Text, StringComparison.Ordinal);
    }

    private sealed class CountingStream : MemoryStream
    {
        internal ManualResetEventSlim Gate { get; } = new(initialState: true);

        internal int Writes { get; private set; }

        internal string Text => System.Text.Encoding.UTF8.GetString(ToArray());

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Gate.Wait(cancellationToken);
            Writes++;
            Write(buffer.Span);
            return ValueTask.CompletedTask;
        }

        protected override void Dispose(bool disposing)
        {
            Gate.Dispose();
            base.Dispose(disposing);
        }
    }
}
