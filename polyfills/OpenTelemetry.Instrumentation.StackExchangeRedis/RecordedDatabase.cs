using System.Reflection;
using StackExchange.Redis;

namespace OpenTelemetry.Instrumentation.StackExchangeRedis;

/// <summary>
/// A database whose scripts and commands by name are recorded here and not by the client's profiler. The profiler is told twice that a script
/// was sent and throws within the client's writer, which then fails whatever waits to be written behind the script with
/// <see cref="ConnectionFailureType.UnableToResolvePhysicalConnection"/>. Of a command by name it knows no name.
/// </summary>
internal class RecordedDatabase : RecordedClient<IDatabase>
{
    private const string Script = "EVAL";

    public static IDatabase Of(IDatabase database, CommandRecorder recorder) => Of<RecordedDatabase>(database, recorder);

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        var command = targetMethod!.Name switch
        {
            nameof(IDatabase.ScriptEvaluate) or nameof(IDatabaseAsync.ScriptEvaluateAsync) => Script,
            nameof(IDatabase.Execute) or nameof(IDatabaseAsync.ExecuteAsync) => ((string)args![0]!).ToUpperInvariant(),
            _ => null,
        };
        return command is null ? Issue(targetMethod, args) : Record(command, targetMethod, args!);
    }

    private object? Record(string command, MethodInfo method, object?[] arguments) =>
        Recorder.Record(command, Target.Database, arguments.OfType<CommandFlags>().FirstOrDefault(), () => Issue(method, arguments));
}
