using System.Globalization;
using System.Reflection;
using StackExchange.Redis;

namespace OpenTelemetry.Instrumentation.StackExchangeRedis;

/// <summary>A connection whose databases are recorded (<see cref="RecordedDatabase"/>); the rest is the connection itself.</summary>
internal class RecordedConnection : DispatchProxy
{
    private IConnectionMultiplexer _connection = null!;
    private CommandRecorder _recorder = null!;
    private volatile Tuple<IDatabase, IDatabase>? _last;

    public static IConnectionMultiplexer Of(IConnectionMultiplexer connection, CommandRecorder recorder)
    {
        var recorded = Create<IConnectionMultiplexer, RecordedConnection>();
        var proxy = (RecordedConnection)recorded;
        proxy._connection = connection;
        proxy._recorder = recorder;
        return recorded;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        var result = targetMethod!.Invoke(_connection, BindingFlags.DoNotWrapExceptions, null, args, CultureInfo.InvariantCulture);
        return result is IDatabase database ? Recorded(database) : result;
    }

    // The connection hands out the same object for the same database.
    private IDatabase Recorded(IDatabase database)
    {
        if (_last is { } last && ReferenceEquals(last.Item1, database))
        {
            return last.Item2;
        }

        var recorded = RecordedDatabase.Of(database, _recorder);
        _last = Tuple.Create(database, recorded);
        return recorded;
    }
}
