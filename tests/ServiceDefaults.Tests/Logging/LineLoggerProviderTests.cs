using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Platform.ServiceDefaults.Tests.Logging;

public sealed class LineLoggerProviderTests
{
    [Fact]
    public void Log_TwoSinks_RendersOnce()
    {
        var (console, file) = (new Sink(), new Sink());
        using var provider = new LineLoggerProvider([console, file], TimeProvider.System);
        var rendered = 0;

        provider.CreateLogger("Sample").Log(LogLevel.Information, 0, "state", null, (state, _) =>
        {
            rendered++;
            return state;
        });

        Assert.Equal(1, rendered);
        Assert.Same(Assert.Single(console.Lines), Assert.Single(file.Lines));
    }

    private sealed class Sink : ILineSink
    {
        internal ConcurrentQueue<byte[]> Lines { get; } = new();

        public void Write(byte[] line) => Lines.Enqueue(line);

        public void Dispose()
        {
        }
    }
}
