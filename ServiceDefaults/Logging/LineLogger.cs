using System.Buffers;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Platform.ServiceDefaults;

/// <summary>Makes one <see cref="LogLine"/> of each entry of a category.</summary>
internal sealed class LineLogger(string category, Action<byte[]> write, Func<IExternalScopeProvider?> scopes, TimeProvider time) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => scopes()?.Push(state);

    public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
        {
            return;
        }

        var line = new ArrayBufferWriter<byte>(512);
        LogLine.Write(line, new LogEntry<TState>(logLevel, category, eventId, state, exception, formatter), scopes(), time.GetUtcNow());
        line.Write("\n"u8);
        write(line.WrittenSpan.ToArray());
    }
}
