using Grpc.Core;
using Microsoft.Extensions.Options;
using Platform.ContextSynthesis.Synthesis;
using Platform.Contracts.ContextSynthesis.V1;
using Platform.Contracts.ModelGateway.V1;

namespace Platform.ContextSynthesis.Questions.Models;

/// <summary>
/// Asks a model what a question wants when the rules are unsure. Whatever goes wrong, the rules' own guess stands; and a wrong
/// choice leads to another kind of answer, never to another figure.
/// </summary>
internal sealed partial class IntentModel(
    ModelGatewayService.ModelGatewayServiceClient models, IOptionsMonitor<SynthesisOptions> options,
    ContextSynthesisMetrics metrics, TimeProvider clock, ILogger<IntentModel> logger)
{
    private const string Operation = "intent";
    private const int MostTokens = 40;

    /// <summary>Part of the caller's time that is kept for going on without a model.</summary>
    private static readonly TimeSpan Reserve = TimeSpan.FromMilliseconds(300);

    /// <summary>Less time than this is not worth a call.</summary>
    private static readonly TimeSpan LeastTime = TimeSpan.FromMilliseconds(50);

    private long _pausedUntil = DateTimeOffset.MinValue.UtcTicks;

    /// <param name="understanding">What the rules made of the question.</param>
    /// <param name="deadline">When the caller stops waiting; null when it does not.</param>
    /// <param name="cancellationToken">The caller's.</param>
    /// <returns>The model's choice; null when none was asked or none was usable.</returns>
    public async Task<Intent?> AskAsync(Understanding understanding, DateTimeOffset? deadline, CancellationToken cancellationToken)
    {
        var settings = options.CurrentValue.Intents;
        var now = clock.GetUtcNow();
        var until = deadline - Reserve < now + settings.Timeout ? deadline!.Value - Reserve : now + settings.Timeout;
        if (settings.UseModel == "never" || understanding.IntentConfidence >= settings.AskBelow || until - now < LeastTime || now.UtcTicks < Interlocked.Read(ref _pausedUntil))
        {
            return null;
        }

        var choice = IntentChoice.For(understanding);
        try
        {
            var response = await models.CompleteAsync(
                Request(understanding, choice, settings), deadline: until.UtcDateTime, cancellationToken: cancellationToken);
            var chosen = response.FinishReason is FinishReason.Length or FinishReason.ContentFilter ? null : choice.Read(response.Text);
            metrics.ModelAsked(chosen is null ? "unusable" : chosen == understanding.Intent ? "agreed" : "changed");
            if (chosen is null)
            {
                Log.Unusable(logger, settings.PromptName);
            }

            return chosen;
        }
        catch (RpcException failure) when (!cancellationToken.IsCancellationRequested)
        {
            Interlocked.Exchange(ref _pausedUntil, (clock.GetUtcNow() + settings.Pause).UtcTicks);
            metrics.ModelAsked("failed");
            Log.Failed(logger, failure.StatusCode);
            return null;
        }
    }

    private static CompletionRequest Request(Understanding understanding, IntentChoice choice, IntentModelOptions settings)
    {
        // What stands between tags cannot close them.
        var question = understanding.StandaloneQuery.Replace('<', '‹');
        var request = new CompletionRequest
        {
            Operation = Operation,
            Temperature = 0,
            MaxOutputTokens = MostTokens,
            ResponseName = Operation,
            ResponseSchema = choice.Schema,
            ResponseStrict = true,
            Prompt = new RenderRequest { PromptName = settings.PromptName },
        };
        request.Prompt.Variables.Add("question", question);
        request.Prompt.Variables.Add("query", question);
        request.Prompt.Variables.Add("intents", choice.Text);
        return request;
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, EventName = "IntentModelFailed", Level = LogLevel.Information, Message = "No model could be asked for the intent of a question ({Status}); the rules decide")]
        public static partial void Failed(ILogger logger, StatusCode status);

        [LoggerMessage(EventId = 2, EventName = "IntentNotUsable", Level = LogLevel.Information, Message = "The model's answer to prompt {Prompt} is none of the intents; the rules decide")]
        public static partial void Unusable(ILogger logger, string prompt);
    }
}
