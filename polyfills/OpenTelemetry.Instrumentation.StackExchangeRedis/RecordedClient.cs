using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using StackExchange.Redis;

namespace OpenTelemetry.Instrumentation.StackExchangeRedis;

/// <summary>A part of the client that is the part itself, but for what is recorded on the way.</summary>
internal abstract class RecordedClient<T> : DispatchProxy
    where T : class
{
    protected T Target { get; private set; } = null!;

    protected CommandRecorder Recorder { get; private set; } = null!;

    protected static T Of<TProxy>(T target, CommandRecorder recorder)
        where TProxy : RecordedClient<T>
    {
        var recorded = Create<T, TProxy>();
        var proxy = (RecordedClient<T>)(object)recorded;
        (proxy.Target, proxy.Recorder) = (target, recorder);
        return recorded;
    }

    /// <exception cref="RedisConnectionException">Also where the client throws <see cref="NullReferenceException"/>: it does at times while it tells that no connection is there.</exception>
    protected object? Issue(MethodInfo method, object?[]? arguments)
    {
        try
        {
            return method.Invoke(Target, BindingFlags.DoNotWrapExceptions, null, arguments, CultureInfo.InvariantCulture);
        }
        catch (NullReferenceException fault)
        {
            throw NoConnection(ConnectionFailureType.UnableToConnect, "No connection is available to service this operation", fault);
        }
    }

    // Its constructors are the client's own.
    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    private static extern RedisConnectionException NoConnection(ConnectionFailureType kind, string message, Exception reason);
}
