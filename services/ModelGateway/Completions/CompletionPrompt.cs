using Platform.Contracts.ModelGateway.V1;
using Platform.ModelGateway.Prompts;
using Platform.ModelGateway.Providers;

namespace Platform.ModelGateway.Completions;

/// <summary>Renders the prompt that a request names, so that rendering and asking are one call.</summary>
internal sealed class CompletionPrompt(PromptRenderer renderer, ProviderDirectory directory)
{
    /// <summary>Puts the rendered messages before those of the request. Null when it names no prompt.</summary>
    internal async Task<RenderResponse?> RenderAsync(CompletionRequest request, CancellationToken cancellationToken)
    {
        if (request.Prompt is not { } prompt)
        {
            return null;
        }

        var rendered = await renderer.RenderAsync(prompt, "prompt.", cancellationToken);
        Message[] given = [.. request.Messages];
        request.Messages.Clear();
        request.Messages.AddRange(rendered.Messages);
        request.Messages.AddRange(given);
        request.PromptName = rendered.Version.PromptName;
        request.PromptVersion = rendered.Version.Version;
        Settle(request, rendered.Version);
        return rendered;
    }

    /// <summary>Who sets something for a version of a prompt means it; a model that no provider serves would only refuse answers.</summary>
    private void Settle(CompletionRequest request, PromptVersion version)
    {
        if (version.HasTemperature)
        {
            request.Temperature = version.Temperature;
        }

        if (version.MaxTokens > 0)
        {
            request.MaxOutputTokens = version.MaxTokens;
        }

        if (request.Model is "" or ModelOptions.Primary && directory.Serves(version.Model))
        {
            request.Model = version.Model;
        }
    }
}
