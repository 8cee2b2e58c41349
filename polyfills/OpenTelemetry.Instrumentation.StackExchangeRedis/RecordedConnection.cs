using System.Reflection;
using StackExchange.Redis;

namespace OpenTelemetry.Instrumentation.StackExchangeRedis;

/// <summary>A connection whose databases are recorded (<see cref="RecordedDatabase"/>); the rest is the connection itself.</summary>
internal class RecordedConnection : RecordedClient<IConnectionMultiplexer>
{
    private volatile Tuple<IDatabase, IDatabase>? _last;

    public static IConnectionMultiplexer Of(IConnectionMultiplexer connection, CommandRecorder recorder) => Of<RecordedConnection>(connection, recorder);

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        var result = Issue(targetMethod!, args);
        return result is IDatabase database ? Recorded(database) : result;
    }

    // The connection hands out the same object for the same database.
    private IDatabase Recorded(IDatabase database)
    {
        if (_last is { } last && ReferenceEquals(last.Item1, database))
        {
            return last.Item2;
        }

        var recorded = RecordedDatabase.Of(database, Recorder);
        _last = Tuple.Create(database, recorded);
        return recorded;
    }
}
