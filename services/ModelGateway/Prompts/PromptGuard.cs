using System.Globalization;
using Microsoft.Extensions.Options;
using Npgsql;
using Platform.ModelGateway.Providers;

namespace Platform.ModelGateway.Prompts;

/// <summary>Pauses an active version that clearly does worse than another one beside it. One instance looks at a time.</summary>
internal sealed partial class PromptGuard(PromptPerformanceStore performance, PromptStore prompts, IOptionsMonitor<ModelGatewayOptions> options, TimeProvider time, ILogger<PromptGuard> logger)
    : BackgroundService
{
    internal const string Actor = "platform:guard";

    /// <summary>The version that must be paused, and why; null when none is clearly worse.</summary>
    internal static (int Version, string Reason)? ClearlyWorse(IReadOnlyList<(int Version, Trials Trials)> active, PromptGuardOptions guard)
    {
        // Each ordered pair has its part of the promise.
        var needed = Math.Log(active.Count * (active.Count - 1) / guard.FalsePauses);
        return (
            from worse in active
            from better in active
            where worse.Version != better.Version && Math.Min(worse.Trials.Count, better.Trials.Count) >= guard.MinimumExecutions
            where better.Trials.Rate - worse.Trials.Rate >= guard.MinimumDifference
            let evidence = SequentialEvidence.LogSecondIsWorse(better.Trials, worse.Trials)
            where evidence >= needed
            orderby evidence descending
            select ((int, string)?)(worse.Version, string.Create(
                CultureInfo.InvariantCulture,
                $"{worse.Trials.Rate:P1} of {worse.Trials.Count} succeeded, {better.Trials.Rate:P1} of {better.Trials.Count} of version {better.Version}")))
            .FirstOrDefault();
    }

    internal async Task LookAsync(CancellationToken cancellationToken)
    {
        foreach (var (organization, name) in await performance.TestedAsync(cancellationToken))
        {
            var trials = await performance.TrialsAsync(organization, name, cancellationToken);
            if (trials.Count > 1 && ClearlyWorse(trials, options.CurrentValue.PromptGuard) is { } worse
                && await prompts.PauseAsync(organization, name, worse.Version, Actor, worse.Reason, cancellationToken))
            {
                Log.Paused(logger, worse.Version, name, organization, worse.Reason);
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await Task.Delay(options.CurrentValue.PromptGuard.Interval, time, stoppingToken);
            try
            {
                if (options.CurrentValue.PromptGuard.Enabled)
                {
                    await LookAsync(stoppingToken);
                }
            }
            catch (Exception error) when (error is NpgsqlException or TimeoutException)
            {
                Log.Postponed(logger, error.GetType().Name);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, EventName = "PromptPaused", Level = LogLevel.Warning, Message = "Version {Version} of {Prompt} of {Organization} is paused: {Reason}")]
        internal static partial void Paused(ILogger logger, int version, string prompt, string organization, string reason);

        [LoggerMessage(EventId = 2, EventName = "PromptsNotCompared", Level = LogLevel.Debug, Message = "Prompt versions could not be compared ({Error})")]
        internal static partial void Postponed(ILogger logger, string error);
    }
}
