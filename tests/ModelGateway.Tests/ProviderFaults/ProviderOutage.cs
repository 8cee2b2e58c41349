using System.Collections.Concurrent;
using Grpc.Core;
using Platform.ProviderSimulator;
using Platform.ProviderSimulator.Faults;

namespace Platform.ModelGateway.Tests.ProviderFaults;

/// <summary>How the first of two providers is down.</summary>
internal enum OutageKind
{
    /// <summary>Its server is gone.</summary>
    Refuses,

    /// <summary>It answers 503.</summary>
    Unavailable,

    /// <summary>It takes requests and never answers.</summary>
    Hangs,
}

/// <summary>One call during an outage.</summary>
/// <param name="Reason">Empty for an answer.</param>
internal sealed record OutageCall(TimeSpan At, TimeSpan Elapsed, string Reason, int Attempts, string Provider);

/// <summary>What came of a run.</summary>
internal sealed record OutageResult(IReadOnlyList<OutageCall> Calls, long Upstream)
{
    internal double SuccessRate => Calls.Count(call => call.Reason.Length == 0) / (double)Calls.Count;

    /// <summary>By what the callers were told and, where it can be seen, by what the providers saw.</summary>
    internal double AttemptsPerRequest => Math.Max(Calls.Sum(call => call.Attempts), Upstream) / (double)Calls.Count;
}

/// <summary>Bar G8: load on a gateway with two providers while the first is down for a while and comes back.</summary>
internal sealed class ProviderOutage(OutageKind kind, TimeSpan before, TimeSpan outage, TimeSpan after, int clients)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Think = TimeSpan.FromMilliseconds(50);

    internal async Task<OutageResult> RunAsync(
        Func<IReadOnlyList<(string, string?)>, Task<RunningGateway>> start, IEnumerable<(string, string?)> more, CancellationToken cancellationToken)
    {
        var options = new SimulatorOptions { FirstToken = TimeSpan.FromMilliseconds(20), FirstTokenSpread = 0.4, KeptRequests = 1_000_000 };
        var first = await ProviderSimulatorHost.StartAsync(options, cancellationToken: cancellationToken);
        try
        {
            await using var second = await ProviderSimulatorHost.StartAsync(options, cancellationToken: cancellationToken);
            await using var gateway = await start([.. Settings(first, second), .. more]);
            var calls = new ConcurrentQueue<OutageCall>();
            using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var began = TimeProvider.System.GetTimestamp();
            var load = Task.WhenAll(Enumerable.Range(0, clients).Select(client => Task.Run(() => AskAsync(gateway, calls, began, over.Token), cancellationToken)));
            await PassAsync(before, cancellationToken);
            long lost = 0;
            var port = new Uri(first.Address).Port;
            if (kind == OutageKind.Refuses)
            {
                lost = first.Requests.All.Count;
                await first.DisposeAsync();
                await PassAsync(outage, cancellationToken);
                first = await ProviderSimulatorHost.StartAsync(options, port: port, cancellationToken: cancellationToken);
            }
            else
            {
                first.Script.Otherwise = kind == OutageKind.Hangs ? new Behaviour(Fault.HangBeforeHeaders) : Behaviour.Error(503);
                await PassAsync(outage, cancellationToken);
                first.Script.Otherwise = new Behaviour();
            }

            await PassAsync(after, cancellationToken);
            await over.CancelAsync();
            await load;
            return new OutageResult([.. calls], lost + first.Requests.All.Count + second.Requests.All.Count);
        }
        finally
        {
            await first.DisposeAsync();
        }
    }

    private static async Task AskAsync(RunningGateway gateway, ConcurrentQueue<OutageCall> calls, long began, CancellationToken over)
    {
        using var think = new PeriodicTimer(Think);
        while (!over.IsCancellationRequested)
        {
            var at = TimeProvider.System.GetElapsedTime(began);
            try
            {
                var deadline = (TimeProvider.System.GetUtcNow() + Deadline).UtcDateTime;
                var answer = await gateway.Models.CompleteAsync(FaultRun.Question("primary"), deadline: deadline, cancellationToken: CancellationToken.None);
                calls.Enqueue(new OutageCall(at, TimeProvider.System.GetElapsedTime(began) - at, "", answer.Report.Attempts, answer.Report.Provider));
            }
            catch (RpcException error)
            {
                calls.Enqueue(new OutageCall(at, TimeProvider.System.GetElapsedTime(began) - at, error.StatusCode.ToString(), 1, ""));
            }

            try
            {
                await think.WaitForNextTickAsync(over);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private static async Task PassAsync(TimeSpan time, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(time);
        await timer.WaitForNextTickAsync(cancellationToken);
    }

    private static IEnumerable<(string, string?)> Settings(ProviderSimulatorHost first, ProviderSimulatorHost second) =>
    [
        ("modelGateway:models:primary:requestsPerMinute", "1000000"),
        ("modelGateway:models:primary:timeout", "00:00:02"),
        ("modelGateway:providers:0:name", "first"),
        ("modelGateway:providers:0:baseUrl", first.OpenAiUrl),
        ("modelGateway:providers:0:priority", "1"),
        ("modelGateway:providers:0:models:primary", "sim-large+tokens-12"),
        ("modelGateway:providers:1:name", "second"),
        ("modelGateway:providers:1:baseUrl", second.OpenAiUrl),
        ("modelGateway:providers:1:priority", "2"),
        ("modelGateway:providers:1:models:primary", "sim-large+tokens-12"),
    ];
}
