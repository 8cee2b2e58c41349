using System.Globalization;
using System.Reflection;

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

    protected object? Issue(MethodInfo method, object?[]? arguments) =>
        method.Invoke(Target, BindingFlags.DoNotWrapExceptions, null, arguments, CultureInfo.InvariantCulture);
}
