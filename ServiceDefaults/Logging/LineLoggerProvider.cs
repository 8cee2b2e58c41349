using Microsoft.Extensions.Logging;

namespace Platform.ServiceDefaults;

/// <summary>Makes a <see cref="LogLine"/> of each entry, once, and gives it to every sink. Levels of its own: section <c>logging:console</c>.</summary>
[ProviderAlias("Console")]
internal sealed class LineLoggerProvider(IReadOnlyList<ILineSink> sinks, TimeProvider time) : ILoggerProvider, ISupportExternalScope
{
    private IExternalScopeProvider? _scopes;

    public ILogger CreateLogger(string categoryName) => new LineLogger(categoryName, Write, () => _scopes, time);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    public void Dispose()
    {
        foreach (var sink in sinks)
        {
            sink.Dispose();
        }
    }

    private void Write(byte[] line)
    {
        foreach (var sink in sinks)
        {
            sink.Write(line);
        }
    }
}
