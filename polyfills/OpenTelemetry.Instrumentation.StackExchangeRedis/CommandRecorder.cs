using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using StackExchange.Redis;

namespace OpenTelemetry.Instrumentation.StackExchangeRedis;

/// <summary>
/// Collects the commands of one connection through the client's profiler, a session for each activity that issues commands,
/// or where they are issued (<see cref="Record"/>), and writes them as spans in intervals.
/// </summary>
internal sealed class CommandRecorder : IProfiler, IDisposable
{
    private static readonly ActivitySource Source = new(StackExchangeRedisInstrumentation.ActivitySourceName);

    [ThreadStatic]
    private static bool _isIssuing;

    private readonly IConnectionMultiplexer _connection;
    private readonly EndPoint? _endPoint;
    private readonly StackExchangeRedisInstrumentationOptions _options;
    private readonly Action<CommandRecorder> _removed;
    private readonly ConcurrentDictionary<(ActivityTraceId Trace, ActivitySpanId Span), Session> _sessions = new();
    private readonly Session _withoutActivity = new(null);
    private readonly ConcurrentQueue<IssuedCommand> _issued = new();
    private readonly TimeProvider _time;
    private readonly Lock _flushing = new();
    private readonly ITimer _timer;
    private volatile bool _disposed;

    public CommandRecorder(IConnectionMultiplexer connection, StackExchangeRedisInstrumentationOptions options, TimeProvider time, Action<CommandRecorder> removed)
    {
        if (options.FlushInterval <= TimeSpan.Zero)
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.FlushInterval, $"{nameof(options.FlushInterval)} must be longer than zero.");
        }

        _connection = connection;
        _endPoint = connection.GetEndPoints().FirstOrDefault();
        _options = options;
        _time = time;
        _removed = removed;
        connection.RegisterProfiler(this);
        connection.BeginProfiling(_withoutActivity);
        _timer = time.CreateTimer(static state => ((CommandRecorder)state!).Flush(), this, options.FlushInterval, options.FlushInterval);
    }

    /// <summary>The connection to be used, so that every command is recorded rightly.</summary>
    public IConnectionMultiplexer Connection => RecordedConnection.Of(_connection, this);

    /// <summary>Null for a command that is recorded where it is issued.</summary>
    public object? GetContext()
    {
        if (_isIssuing)
        {
            return null;
        }

        if (_disposed || Activity.Current is not { IdFormat: ActivityIdFormat.W3C } activity)
        {
            return _withoutActivity;
        }

        // The client accepts a context once only, so the session is announced by the one who adds it.
        var key = (activity.TraceId, activity.SpanId);
        if (_sessions.TryGetValue(key, out var session))
        {
            return session;
        }

        var added = new Session(activity);
        _connection.BeginProfiling(added);
        if (_sessions.TryAdd(key, added))
        {
            return added;
        }

        _connection.FinishProfiling(added);
        return _sessions.TryGetValue(key, out session) ? session : _withoutActivity;
    }

    /// <summary>Issues a command that the client's profiler is not to see, and records it.</summary>
    /// <returns>What the command returns: the result, or a task of it.</returns>
    internal object? Record(string command, int database, CommandFlags flags, Func<object?> issue)
    {
        var issued = new IssuedCommand(Activity.Current, _endPoint, command, database, flags, _time.GetUtcNow());
        object? result = null;
        _isIssuing = true;
        try
        {
            result = issue();
            return result;
        }
        finally
        {
            _isIssuing = false;
            if (result is Task task)
            {
                task.ContinueWith(
                    static (_, state) => ((Recording)state!).Complete(), new Recording(this, issued), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            }
            else
            {
                Complete(issued);
            }
        }
    }

    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        _timer.Dispose();
        lock (_flushing)
        {
            WriteIssued();
            foreach (var session in _sessions.Values)
            {
                Write(session);
            }

            _sessions.Clear();
            Write(_withoutActivity);
        }

        _removed(this);
    }

    internal void Flush()
    {
        lock (_flushing)
        {
            if (_disposed)
            {
                return;
            }

            WriteIssued();
            Write(_withoutActivity);
            _connection.BeginProfiling(_withoutActivity);
            foreach (var (key, session) in _sessions)
            {
                // An activity that still runs may issue more commands; its session stays open until it has ended.
                if (session.Activity is { IsStopped: true } && _sessions.TryRemove(key, out _))
                {
                    Write(session);
                }
            }
        }
    }

    private void Complete(IssuedCommand issued)
    {
        issued.Complete();
        if (!_disposed)
        {
            _issued.Enqueue(issued);
        }
    }

    private void WriteIssued()
    {
        while (_issued.TryDequeue(out var issued))
        {
            Write(issued.Parent, issued);
        }
    }

    private void Write(Session session)
    {
        foreach (var command in _connection.FinishProfiling(session))
        {
            Write(session.Activity, command);
        }
    }

    private void Write(Activity? parent, IProfiledCommand command)
    {
        var context = new RedisInstrumentationContext(parent, command);
        if (!Accepts(context))
        {
            return;
        }

        var name = string.IsNullOrEmpty(command.Command) ? $"{StackExchangeRedisInstrumentation.ActivitySourceName}.Execute" : command.Command;
        using var activity = Source.StartActivity(
            name,
            ActivityKind.Client,
            parent?.Context ?? default,
            [new("db.system", "redis")],
            startTime: command.CommandCreated);
        if (activity is null)
        {
            return;
        }

        activity.SetEndTime(command.CommandCreated + Real(command.ElapsedTime));
        if (!activity.IsAllDataRequested)
        {
            return;
        }

        activity.SetTag("db.redis.database_index", command.Db);
        activity.SetTag("db.statement", command.Command);
        SetAddress(activity, command.EndPoint);
        if (_options.EnrichActivityWithTimingEvents)
        {
            var queued = command.CommandCreated + Real(command.CreationToEnqueued);
            var sent = queued + Real(command.EnqueuedToSending);
            activity.AddEvent(new ActivityEvent("Enqueued", queued));
            activity.AddEvent(new ActivityEvent("Sent", sent));
            activity.AddEvent(new ActivityEvent("ResponseReceived", sent + Real(command.SentToResponse)));
        }

        try
        {
            _options.Enrich?.Invoke(activity, context);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            activity.AddEvent(new ActivityEvent("enrich failed", tags: new() { ["exception.type"] = exception.GetType().FullName }));
        }
    }

    // The old client takes ticks of the clock for ticks of a TimeSpan, which they are on Windows only.
    private static TimeSpan Real(TimeSpan ticks) => Stopwatch.GetElapsedTime(0, ticks.Ticks);

    private static void SetAddress(Activity activity, EndPoint? endPoint)
    {
        switch (endPoint)
        {
            case IPEndPoint ip:
                activity.SetTag("server.address", ip.Address.ToString());
                activity.SetTag("server.port", ip.Port);
                activity.SetTag("network.peer.address", ip.Address.ToString());
                activity.SetTag("network.peer.port", ip.Port);
                break;
            case DnsEndPoint dns:
                activity.SetTag("server.address", dns.Host);
                activity.SetTag("server.port", dns.Port);
                break;
        }
    }

    private bool Accepts(RedisInstrumentationContext context)
    {
        if (_options.Filter is not { } filter)
        {
            return true;
        }

        try
        {
            return filter(context);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            Debug.WriteLine(exception);
            return false;
        }
    }

    private sealed record Recording(CommandRecorder Recorder, IssuedCommand Command)
    {
        public void Complete() => Recorder.Complete(Command);
    }

    private sealed class Session(Activity? activity)
    {
        public Activity? Activity { get; } = activity;
    }
}
