using Grpc.Core;
using Platform.Contracts.ContextSynthesis.V1;
using Platform.Contracts.ModelGateway.V1;
using Platform.ResponseGeneration.Generation;
using Platform.ResponseGeneration.Writing;

namespace Platform.ResponseGeneration.Models;

/// <summary>A prompt that was rendered for one answer.</summary>
/// <param name="Version">0 for the one that ships with this service.</param>
internal sealed record RenderedPrompt(IReadOnlyList<Message> Messages, string Name, int Version)
{
    /// <summary>What the model is told to do, which it must not tell.</summary>
    public string Instructions => string.Join('\n', Messages.Where(m => m.Role == Role.System).Select(m => m.Text));
}

/// <summary>Renders the prompt at the model gateway; a copy that ships with this service replaces one that cannot be had.</summary>
internal sealed partial class PromptSource(PromptsService.PromptsServiceClient prompts, ModelAvailability availability, TimeProvider clock, ILogger<PromptSource> logger)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    /// <summary>Null when the model gateway cannot be reached or no time is left.</summary>
    public async Task<RenderedPrompt?> RenderAsync(
        SynthesizedContext context, string draft, Language language, GenerationOptions settings, AttemptBudget budget, CancellationToken cancellationToken)
    {
        if (budget.AtMost(Timeout) is not { } time)
        {
            return null;
        }

        var variables = PromptText.Variables(context, draft, language);
        var request = new RenderRequest { PromptName = settings.PromptName };
        request.Variables.Add(variables);
        try
        {
            var rendered = await prompts.RenderAsync(request, deadline: (clock.GetUtcNow() + time).UtcDateTime, cancellationToken: cancellationToken);
            return rendered.Messages.Count > 0
                ? new RenderedPrompt(rendered.Messages, settings.PromptName, rendered.Version?.Version ?? 0)
                : new RenderedPrompt(PromptText.BuiltIn(variables), settings.PromptName, 0);
        }
        catch (RpcException unreachable) when (unreachable.StatusCode == StatusCode.Unavailable && !cancellationToken.IsCancellationRequested)
        {
            availability.AwayFor(settings.UnreachableMemory);
            Log.Unreachable(logger, unreachable.StatusCode);
            return null;
        }
        catch (RpcException refusal) when (!cancellationToken.IsCancellationRequested)
        {
            Log.NotRendered(logger, settings.PromptName, refusal.StatusCode);
            return new RenderedPrompt(PromptText.BuiltIn(variables), settings.PromptName, 0);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, EventName = "ModelGatewayUnreachable", Level = LogLevel.Information, Message = "The model gateway cannot be reached ({Status}); the writer answers")]
        public static partial void Unreachable(ILogger logger, StatusCode status);

        [LoggerMessage(EventId = 2, EventName = "PromptNotRendered", Level = LogLevel.Information, Message = "Prompt {Prompt} could not be rendered ({Status}); the built-in one is used")]
        public static partial void NotRendered(ILogger logger, string prompt, StatusCode status);
    }
}
