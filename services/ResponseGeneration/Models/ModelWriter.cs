using Grpc.Core;
using Microsoft.Extensions.Options;
using Platform.Contracts.ContextSynthesis.V1;
using Platform.Contracts.ModelGateway.V1;
using Platform.Contracts.ResponseGeneration.V1;
using Platform.ResponseGeneration.Gates;
using Platform.ResponseGeneration.Generation;
using Platform.ResponseGeneration.Writing;

namespace Platform.ResponseGeneration.Models;

/// <summary>What came of asking models.</summary>
/// <param name="Text">The accepted text; null when there is none.</param>
/// <param name="Tried">A model was called: without a text, that is a failure to tell about.</param>
internal sealed record ModelOutcome(string? Text, bool Tried, bool IsFallback = false, ModelUse? Use = null, GateReport? Report = null)
{
    public static readonly ModelOutcome NotAvailable = new(null, Tried: false);

    public static readonly ModelOutcome Failed = new(null, Tried: true);
}

/// <summary>
/// Has a model phrase the verified draft: attempts on the primary model, each with a stricter prompt; then the fallback
/// model; then none. The model gateway retries transport faults, so a call that failed there is not repeated here.
/// </summary>
internal sealed partial class ModelWriter(
    ModelGatewayService.ModelGatewayServiceClient models,
    PromptsService.PromptsServiceClient prompts,
    ModelAvailability availability,
    IOptionsMonitor<GenerationOptions> options,
    GenerationMetrics metrics,
    TimeProvider clock,
    ILogger<ModelWriter> logger)
{
    private const string Operation = "response_generation";

    /// <summary>Less time than this is not worth a call.</summary>
    private static readonly TimeSpan LeastTime = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan PromptTimeout = TimeSpan.FromSeconds(2);

    public async Task<ModelOutcome> WriteAsync(SynthesizedContext context, string draft, Language language, DateTimeOffset? deadline, CancellationToken cancellationToken)
    {
        var settings = options.CurrentValue;
        if (settings.UseModel == "never" || availability.IsAway)
        {
            return ModelOutcome.NotAvailable;
        }

        var complexity = context.Understanding?.Complexity ?? Complexity.Medium;
        var until = deadline - settings.DeadlineReserve ?? DateTimeOffset.MaxValue;
        if (await PromptAsync(context, draft, language, settings, until, cancellationToken) is not { } prompt)
        {
            return ModelOutcome.NotAvailable;
        }

        var messages = prompt.Messages.ToList();
        var attempts = 0;
        for (var attempt = 0; attempt < settings.Attempts; attempt++)
        {
            if (attempt > 0 && !await WaitAsync(settings.Backoff * Math.Pow(2, attempt - 1), until, cancellationToken))
            {
                break;
            }

            var call = await CallAsync("primary", messages, prompt, complexity, settings.TimeoutFor(complexity), until, settings, cancellationToken);
            if (call.NotAvailable)
            {
                return attempts == 0 ? ModelOutcome.NotAvailable : ModelOutcome.Failed;
            }

            attempts++;
            if (call.Response is null)
            {
                break;
            }

            if (Accept(call.Response, context, language, settings, prompt, attempts, isFallback: false, out var reasons) is { } accepted)
            {
                return accepted;
            }

            Log.NotAccepted(logger, "primary", attempts, string.Join("; ", reasons));
            if (attempt == 0)
            {
                messages.Add(PromptText.Stricter(reasons));
            }
            else
            {
                messages[^1] = PromptText.Stricter(reasons);
            }
        }

        metrics.FellBack("fallback_model");
        var last = await CallAsync("fallback", messages, prompt, complexity, settings.FallbackTimeout, until, settings, cancellationToken);
        if (last.Response is not null && Accept(last.Response, context, language, settings, prompt, attempts + 1, isFallback: true, out _) is { } fallback)
        {
            return fallback;
        }

        return ModelOutcome.Failed;
    }

    private async Task<Prompt?> PromptAsync(
        SynthesizedContext context, string draft, Language language, GenerationOptions settings, DateTimeOffset until, CancellationToken cancellationToken)
    {
        var variables = PromptText.Variables(context, draft, language);
        if (Remaining(PromptTimeout, until) is not { } time)
        {
            return null;
        }

        var request = new RenderRequest { PromptName = settings.PromptName };
        request.Variables.Add(variables);
        try
        {
            var rendered = await prompts.RenderAsync(request, deadline: Deadline(time), cancellationToken: cancellationToken);
            return rendered.Messages.Count > 0
                ? new Prompt(rendered.Messages, settings.PromptName, rendered.Version?.Version ?? 0)
                : new Prompt(PromptText.BuiltIn(variables), settings.PromptName, 0);
        }
        catch (RpcException unreachable) when (unreachable.StatusCode == StatusCode.Unavailable && !cancellationToken.IsCancellationRequested)
        {
            availability.AwayFor(settings.UnreachableMemory);
            Log.Unreachable(logger, unreachable.StatusCode);
            return null;
        }
        catch (RpcException refusal) when (!cancellationToken.IsCancellationRequested)
        {
            Log.PromptNotRendered(logger, settings.PromptName, refusal.StatusCode);
            return new Prompt(PromptText.BuiltIn(variables), settings.PromptName, 0);
        }
    }

    private async Task<(CompletionResponse? Response, bool NotAvailable)> CallAsync(
        string model, IEnumerable<Message> messages, Prompt prompt, Complexity complexity, TimeSpan timeout, DateTimeOffset until, GenerationOptions settings, CancellationToken cancellationToken)
    {
        if (Remaining(timeout, until) is not { } time)
        {
            return (null, false);
        }

        var request = new CompletionRequest
        {
            Model = model,
            Temperature = settings.Temperature,
            MaxOutputTokens = settings.TokensFor(complexity),
            Operation = Operation,
            PromptName = prompt.Name,
            PromptVersion = prompt.Version,
            Complexity = complexity.ToString().ToLowerInvariant(),
        };
        request.Messages.AddRange(messages);
        var started = clock.GetTimestamp();
        try
        {
            var response = await models.CompleteAsync(request, deadline: Deadline(time), cancellationToken: cancellationToken);
            metrics.ModelCalled(model, complexity, clock.GetElapsedTime(started), "ok");
            return (response, false);
        }
        catch (RpcException none) when (none.StatusCode == StatusCode.FailedPrecondition && !cancellationToken.IsCancellationRequested)
        {
            availability.AwayFor(settings.NoProviderMemory);
            return (null, true);
        }
        catch (RpcException away) when (away.StatusCode == StatusCode.Unavailable && !cancellationToken.IsCancellationRequested)
        {
            availability.AwayFor(settings.UnreachableMemory);
            Log.Unreachable(logger, away.StatusCode);
            return (null, true);
        }
        catch (RpcException failure) when (!cancellationToken.IsCancellationRequested)
        {
            metrics.ModelCalled(model, complexity, clock.GetElapsedTime(started), failure.StatusCode.ToString());
            Log.CallFailed(logger, model, failure.StatusCode);
            return (null, false);
        }
    }

    private static ModelOutcome? Accept(
        CompletionResponse response, SynthesizedContext context, Language language, GenerationOptions settings, Prompt prompt, int attempts, bool isFallback, out IReadOnlyList<string> reasons)
    {
        var text = response.Text.Trim();
        var cutOff = response.FinishReason is FinishReason.Length or FinishReason.ContentFilter;
        if (text.Length == 0 || cutOff)
        {
            reasons = [text.Length == 0 ? "it was empty" : "it was cut off before its end; be shorter"];
            return null;
        }

        var report = QualityGates.Check(text, context, language);
        if (!report.IsGrounded && Repair.Without(text, report.Invented) is { } repaired)
        {
            text = repaired;
            report = QualityGates.Check(text, context, language);
        }

        // An invented figure or name is never shown, however good the rest is; nor is a text that does not answer.
        reasons = [.. report.Gates.Where(g => !g.Passed).Select(g => $"{g.Gate}: {g.Reason}")];
        var answers = report.Gates.Single(g => g.Gate == "completeness").Passed;
        return report.IsGrounded && answers && (report.Passed || report.Score > settings.AcceptScore)
            ? new ModelOutcome(text, true, isFallback, Use(response, prompt, attempts), report)
            : null;
    }

    private static ModelUse Use(CompletionResponse response, Prompt prompt, int attempts) => new()
    {
        Provider = response.Report?.Provider ?? string.Empty,
        Model = response.Report?.Model ?? string.Empty,
        PromptName = prompt.Name,
        PromptVersion = prompt.Version,
        InputTokens = response.Report?.Tokens?.Input ?? 0,
        OutputTokens = response.Report?.Tokens?.Output ?? 0,
        Cost = response.Report?.Cost?.Clone(),
        Attempts = attempts,
    };

    private async Task<bool> WaitAsync(TimeSpan time, DateTimeOffset until, CancellationToken cancellationToken)
    {
        if (clock.GetUtcNow() + time + LeastTime > until)
        {
            return false;
        }

        await Task.Delay(time, clock, cancellationToken);
        return true;
    }

    private TimeSpan? Remaining(TimeSpan most, DateTimeOffset until)
    {
        var left = until - clock.GetUtcNow();
        var time = left < most ? left : most;
        return time >= LeastTime || time == most ? time : null;
    }

    private DateTime Deadline(TimeSpan time) => (clock.GetUtcNow() + time).UtcDateTime;

    private sealed record Prompt(IReadOnlyList<Message> Messages, string Name, int Version);

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, EventName = "ModelTextNotAccepted", Level = LogLevel.Information, Message = "Text of the {Model} model was not accepted in attempt {Attempt}: {Reasons}")]
        public static partial void NotAccepted(ILogger logger, string model, int attempt, string reasons);

        [LoggerMessage(EventId = 2, EventName = "ModelCallFailed", Level = LogLevel.Warning, Message = "The call of the {Model} model failed with {Status}")]
        public static partial void CallFailed(ILogger logger, string model, StatusCode status);

        [LoggerMessage(EventId = 3, EventName = "ModelGatewayUnreachable", Level = LogLevel.Information, Message = "The model gateway cannot be reached ({Status}); the writer answers")]
        public static partial void Unreachable(ILogger logger, StatusCode status);

        [LoggerMessage(EventId = 4, EventName = "PromptNotRendered", Level = LogLevel.Information, Message = "Prompt {Prompt} could not be rendered ({Status}); the built-in one is used")]
        public static partial void PromptNotRendered(ILogger logger, string prompt, StatusCode status);
    }
}
