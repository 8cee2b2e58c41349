using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Polly.Telemetry;

namespace Microsoft.Extensions.Http.Resilience.Pipelines;

/// <summary>Writes Polly's events to the logger <c>Polly</c> and to the meter <c>Polly</c>, under the names that Polly.Extensions uses.</summary>
internal sealed partial class PipelineTelemetry(IMeterFactory meters, ILoggerFactory loggers) : TelemetryListener
{
    private readonly Instruments _instruments = new(meters.Create("Polly"));
    private readonly ILogger _logger = loggers.CreateLogger("Polly");

    public override void Write<TResult, TArgs>(in TelemetryEventArguments<TResult, TArgs> args)
    {
        var error = args.Outcome?.Exception;
        var tags = new TagList
        {
            { "event.name", args.Event.EventName },
            { "event.severity", args.Event.Severity.ToString() },
            { "pipeline.name", args.Source.PipelineName },
            { "pipeline.instance", args.Source.PipelineInstanceName },
            { "strategy.name", args.Source.StrategyName },
            { "operation.key", args.Context.OperationKey },
            { "exception.type", error?.GetType().FullName },
        };

        switch (args.Arguments)
        {
            case PipelineExecutedArguments executed:
                _instruments.Pipeline.Record(executed.Duration.TotalMilliseconds, tags);
                return;
            case ExecutionAttemptArguments attempt:
                tags.Add("attempt.number", attempt.AttemptNumber);
                tags.Add("attempt.handled", attempt.Handled);
                _instruments.Attempts.Record(attempt.Duration.TotalMilliseconds, tags);
                if (!attempt.Handled)
                {
                    return;
                }

                break;
            case PipelineExecutingArguments:
                return;
            default:
                _instruments.Events.Add(1, tags);
                break;
        }

        // The result's headers and address stay out of the log; status and exception say what happened.
        var level = args.Event.Severity switch
        {
            ResilienceEventSeverity.Debug => LogLevel.Debug,
            ResilienceEventSeverity.Information => LogLevel.Information,
            ResilienceEventSeverity.Warning => LogLevel.Warning,
            ResilienceEventSeverity.Error => LogLevel.Error,
            ResilienceEventSeverity.Critical => LogLevel.Critical,
            _ => LogLevel.None,
        };
        if (_logger.IsEnabled(level))
        {
            object? result = args.Outcome is not { Exception: null } outcome ? null
                : outcome.Result is HttpResponseMessage response ? (int)response.StatusCode
                : outcome.Result;
            Log.ResilienceEvent(_logger, level, args.Event.EventName, args.Source.PipelineName, args.Source.PipelineInstanceName, args.Source.StrategyName, result, error);
        }
    }

    private sealed class Instruments(Meter meter)
    {
        public Counter<int> Events { get; } = meter.CreateCounter<int>("resilience.polly.strategy.events", description: "Events of resilience strategies.");

        public Histogram<double> Attempts { get; } = meter.CreateHistogram<double>("resilience.polly.strategy.attempt.duration", "ms", "Duration of attempts.");

        public Histogram<double> Pipeline { get; } = meter.CreateHistogram<double>("resilience.polly.pipeline.duration", "ms", "Duration of executions with all attempts.");
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 0, EventName = "ResilienceEvent", Message = "Resilience event {EventName} of {PipelineName}/{PipelineInstance}/{StrategyName}: {Result}")]
        public static partial void ResilienceEvent(ILogger logger, LogLevel level, string eventName, string? pipelineName, string? pipelineInstance, string? strategyName, object? result, Exception? exception);
    }
}
