using Microsoft.Extensions.Options;
using Platform.Contracts.ContextSynthesis.V1;
using Platform.Contracts.ModelGateway.V1;
using Platform.Contracts.ResponseGeneration.V1;
using Platform.ResponseGeneration.Gates;
using Platform.ResponseGeneration.Generation;
using Platform.ResponseGeneration.Writing;

namespace Platform.ResponseGeneration.Models;

/// <summary>What came of asking models.</summary>
/// <param name="Text">The accepted text, which the sink has; null when there is none, and then the sink has nothing.</param>
/// <param name="Tried">A model was called: without a text, that is a failure to tell about.</param>
internal sealed record ModelOutcome(string? Text, bool Tried, bool IsFallback = false, ModelUse? Use = null, GateReport? Report = null)
{
    public static readonly ModelOutcome NotAvailable = new(null, Tried: false);

    public static readonly ModelOutcome Failed = new(null, Tried: true);
}

/// <summary>
/// Has a model phrase the verified draft: attempts on the primary model, each with a stricter prompt; then the fallback
/// model; then none (E1). All of it stays inside one budget of time, and an attempt that can gain nothing is not made: the model
/// gateway repeats calls that failed, and a model that invents as much when it is told what was wrong will do so again.
/// </summary>
internal sealed partial class ModelWriter(
    ModelAttempt attempts, ModelAvailability availability, IOptionsMonitor<GenerationOptions> options, GenerationMetrics metrics, TimeProvider clock, ILogger<ModelWriter> logger)
{
    public async Task<ModelOutcome> WriteAsync(SynthesizedContext context, string draft, Language language, DateTimeOffset? deadline, IAnswerSink sink, CancellationToken cancellationToken)
    {
        var settings = options.CurrentValue;
        if (settings.UseModel == "never" || availability.IsAway)
        {
            return ModelOutcome.NotAvailable;
        }

        var complexity = context.Understanding?.Complexity ?? Complexity.Medium;
        var budget = new AttemptBudget(settings, settings.TimeoutFor(complexity), deadline, clock);
        var prompt = new AnswerPrompt(settings.PromptName, PromptText.Variables(context, draft, language));
        Message? stricter = null;
        var made = 0;
        var leastBad = int.MaxValue;
        while (made < settings.Attempts && budget.ForPrimary is { } time)
        {
            var result = await AttemptAsync(ModelNames.Primary, time);
            if (result.End == AttemptEnd.NotRendered)
            {
                prompt.UseBuiltIn();
                made--;
                continue;
            }

            if (result.End == AttemptEnd.NotAvailable)
            {
                return made == 1 ? ModelOutcome.NotAvailable : ModelOutcome.Failed;
            }

            if (result.End == AttemptEnd.Accepted)
            {
                return Accepted(result, prompt, made, isFallback: false);
            }

            // An attempt no better than the one before shows that the next would be no better either.
            var wait = settings.Backoff * Math.Pow(2, made - 1);
            if (result.End == AttemptEnd.Failed || (result.Bad > 0 && result.Bad >= leastBad) || made == settings.Attempts || !budget.Allows(wait))
            {
                break;
            }

            leastBad = result.Bad;
            stricter = PromptText.Stricter(result.Reasons);
            await Task.Delay(wait, clock, cancellationToken);
        }

        metrics.FellBack("fallback_model");
        if (budget.ForFallback is { } last && await AttemptAsync(ModelNames.Fallback, last) is { End: AttemptEnd.Accepted } fallback)
        {
            return Accepted(fallback, prompt, made, isFallback: true);
        }

        return ModelOutcome.Failed;

        async Task<AttemptResult> AttemptAsync(string model, TimeSpan limit)
        {
            made++;
            var started = clock.GetTimestamp();
            var request = new CompletionRequest
            {
                Model = model,
                Temperature = settings.Temperature,
                MaxOutputTokens = settings.TokensFor(complexity),
                Complexity = complexity.ToString().ToLowerInvariant(),
            };
            prompt.Put(request);
            if (stricter is not null)
            {
                request.Messages.Add(stricter);
            }

            var result = await attempts.RunAsync(
                request, prompt, complexity, limit, () => new QualityGates(context, language, prompt.Instructions, draft), draft, sink, settings, cancellationToken);
            budget.Took(clock.GetElapsedTime(started));
            if (result.End == AttemptEnd.NotAccepted)
            {
                Log.NotAccepted(logger, model, made, string.Join("; ", result.Reasons.Take(5)));
            }

            return result;
        }
    }

    private static ModelOutcome Accepted(AttemptResult result, AnswerPrompt prompt, int attempts, bool isFallback) => new(
        result.Text,
        Tried: true,
        isFallback,
        new ModelUse
        {
            Provider = result.Call?.Provider ?? string.Empty,
            Model = result.Call?.Model ?? string.Empty,
            PromptName = prompt.Name,
            PromptVersion = prompt.Version,
            InputTokens = result.Call?.Tokens?.Input ?? 0,
            OutputTokens = result.Call?.Tokens?.Output ?? 0,
            Cost = result.Call?.Cost?.Clone(),
            Attempts = attempts,
        },
        result.Report);

    private static class ModelNames
    {
        public const string Primary = "primary";
        public const string Fallback = "fallback";
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, EventName = "ModelTextNotAccepted", Level = LogLevel.Information, Message = "Text of the {Model} model was not accepted in attempt {Attempt}: {Reasons}")]
        public static partial void NotAccepted(ILogger logger, string model, int attempt, string reasons);
    }
}
