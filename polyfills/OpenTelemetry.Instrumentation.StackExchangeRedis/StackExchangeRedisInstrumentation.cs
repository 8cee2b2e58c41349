using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace OpenTelemetry.Instrumentation.StackExchangeRedis;

/// <summary>The connections whose commands are recorded.</summary>
public sealed class StackExchangeRedisInstrumentation : IDisposable
{
    internal const string ActivitySourceName = "OpenTelemetry.Instrumentation.StackExchangeRedis";

    private readonly IOptionsMonitor<StackExchangeRedisInstrumentationOptions> _options;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly List<CommandRecorder> _recorders = [];

    internal StackExchangeRedisInstrumentation(IOptionsMonitor<StackExchangeRedisInstrumentationOptions> options, TimeProvider time)
    {
        _options = options;
        _time = time;
    }

    /// <summary>Records a connection until the result is disposed.</summary>
    public IDisposable AddConnection(IConnectionMultiplexer connection) => AddConnection(Options.DefaultName, connection);

    /// <summary>Records a connection with the options of that name until the result is disposed.</summary>
    public IDisposable AddConnection(string name, IConnectionMultiplexer connection) => Record(name, connection);

    /// <summary>As <see cref="AddConnection(string, IConnectionMultiplexer)"/>, for who hands out <see cref="CommandRecorder.Connection"/> instead.</summary>
    internal CommandRecorder Record(string name, IConnectionMultiplexer connection)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(connection);

        lock (_gate)
        {
            var recorder = new CommandRecorder(connection, _options.Get(name), _time, Remove);
            _recorders.Add(recorder);
            return recorder;
        }
    }

    /// <summary>Writes what is left and stops recording.</summary>
    public void Dispose()
    {
        CommandRecorder[] recorders;
        lock (_gate)
        {
            recorders = [.. _recorders];
        }

        foreach (var recorder in recorders)
        {
            recorder.Dispose();
        }
    }

    private void Remove(CommandRecorder recorder)
    {
        lock (_gate)
        {
            _recorders.Remove(recorder);
        }
    }
}
