using System.Diagnostics;
using System.Net;
using StackExchange.Redis;

namespace OpenTelemetry.Instrumentation.StackExchangeRedis;

/// <summary>A command that is timed where it is issued, as the client's profiler would have.</summary>
/// <param name="parent">The activity that issued it.</param>
/// <param name="endPoint">The server.</param>
/// <param name="command">Its name.</param>
/// <param name="database">Number of the database.</param>
/// <param name="flags">How it was to be sent.</param>
/// <param name="created">When it was issued.</param>
internal sealed class IssuedCommand(Activity? parent, EndPoint? endPoint, string command, int database, CommandFlags flags, DateTimeOffset created) : IProfiledCommand
{
    private readonly long _issued = Stopwatch.GetTimestamp();
    private long _completed;

    public Activity? Parent { get; } = parent;

    public EndPoint? EndPoint { get; } = endPoint;

    public int Db { get; } = database;

    public string Command { get; } = command;

    public CommandFlags Flags { get; } = flags;

    public DateTime CommandCreated { get; } = created.UtcDateTime;

    // In ticks of the clock, as the client has them.
    public TimeSpan ElapsedTime => TimeSpan.FromTicks(_completed - _issued);

    public TimeSpan CreationToEnqueued => TimeSpan.Zero;

    public TimeSpan EnqueuedToSending => TimeSpan.Zero;

    public TimeSpan SentToResponse => ElapsedTime;

    public TimeSpan ResponseToCompletion => TimeSpan.Zero;

    public IProfiledCommand? RetransmissionOf => null;

    public RetransmissionReasonType? RetransmissionReason => null;

    public void Complete() => _completed = Stopwatch.GetTimestamp();
}
