using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Platform.ServiceDefaults;

/// <summary>Options that follow the configuration as long as it is valid, and otherwise stay as they were.</summary>
internal sealed partial class LastGoodOptionsMonitor<TOptions> : IOptionsMonitor<TOptions>, IDisposable
    where TOptions : class
{
    private readonly IOptionsFactory<TOptions> _factory;
    private readonly ConfigurationReport _report;
    private readonly ILogger _logger;
    private readonly ConcurrentDictionary<string, TOptions> _values = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Listener, byte> _listeners = new();
    private readonly IDisposable[] _registrations;

    public LastGoodOptionsMonitor(
        IOptionsFactory<TOptions> factory,
        IEnumerable<IOptionsChangeTokenSource<TOptions>> sources,
        ConfigurationReport report,
        ILogger<LastGoodOptionsMonitor<TOptions>> logger)
    {
        (_factory, _report, _logger) = (factory, report, logger);
        _registrations = [.. sources.Select(source => ChangeToken.OnChange(source.GetChangeToken, () => Change(source.Name ?? Options.DefaultName)))];
    }

    public TOptions CurrentValue => Get(Options.DefaultName);

    public TOptions Get(string? name) => _values.GetOrAdd(name ?? Options.DefaultName, _factory.Create);

    public IDisposable? OnChange(Action<TOptions, string?> listener)
    {
        var registration = new Listener(listener, this);
        _listeners[registration] = 0;
        return registration;
    }

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }
    }

    private void Change(string name)
    {
        var part = $"options of {typeof(TOptions).Name}";
        TOptions value;
        try
        {
            value = _factory.Create(name);
        }
        catch (Exception error) when (error is OptionsValidationException or InvalidOperationException)
        {
            _report.Rejected(part, error.Message);
            Log.Rejected(_logger, typeof(TOptions).Name, error.Message);
            return;
        }

        _values[name] = value;
        _report.Accepted(part);
        foreach (var listener in _listeners.Keys)
        {
            try
            {
                listener.Tell(value, name);
            }
            catch (Exception error)
            {
                Log.ListenerFailed(_logger, typeof(TOptions).Name, error);
            }
        }
    }

    private sealed class Listener(Action<TOptions, string?> tell, LastGoodOptionsMonitor<TOptions> owner) : IDisposable
    {
        internal void Tell(TOptions value, string name) => tell(value, name);

        public void Dispose() => owner._listeners.TryRemove(this, out _);
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, EventName = "OptionsRejected", Level = LogLevel.Error, Message = "The changed {Options} are not used; the last good values stay. {Problem}")]
        internal static partial void Rejected(ILogger logger, string options, string problem);

        [LoggerMessage(EventId = 2, EventName = "OptionsListenerFailed", Level = LogLevel.Error, Message = "A listener failed on the changed {Options}; the others were told")]
        internal static partial void ListenerFailed(ILogger logger, string options, Exception error);
    }
}
