using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Platform.ProviderSimulator.Admin;
using Platform.ProviderSimulator.Anthropic;
using Platform.ProviderSimulator.OpenAi;

namespace Platform.ProviderSimulator;

internal static class SimulatorEndpoints
{
    private static readonly OpenAiDialect OpenAi = new();
    private static readonly AnthropicDialect Anthropic = new();

    /// <summary>OpenAI under <c>/v1</c> and, as Azure has it, <c>/openai</c>; Anthropic under <c>/v1/messages</c>; what tests steer under <c>/simulator</c>.</summary>
    internal static void MapSimulator(this WebApplication app, Simulator simulator)
    {
        foreach (var prefix in (string[])["/v1", "/openai/v1", "/openai/deployments/{deployment}"])
        {
            app.MapPost($"{prefix}/chat/completions", http => simulator.ChatAsync(http, OpenAi, Deployment(http)));
            app.MapPost($"{prefix}/embeddings", http => simulator.WholeAsync(
                http, OpenAi, Deployment(http), (body, behaviour) => OpenAiBodies.Vectors(body, behaviour, simulator.Options.EmbeddingDimensions)));
            app.MapPost($"{prefix}/moderations", http => simulator.WholeAsync(http, OpenAi, Deployment(http), (body, _) => OpenAiBodies.Moderation(body)));
        }

        foreach (var path in (string[])["/v1/models", "/openai/v1/models", "/openai/models"])
        {
            app.MapGet(path, http => SendAsync(http, OpenAiBodies.Models(simulator.Models)));
        }

        app.MapPost("/v1/messages", http => simulator.ChatAsync(http, Anthropic, null));
        app.MapAdmin(simulator);
    }

    private static string? Deployment(HttpContext http) => http.GetRouteValue("deployment") as string;

    private static async Task SendAsync(HttpContext http, byte[] json)
    {
        http.Response.ContentType = "application/json";
        await http.Response.BodyWriter.WriteAsync(json, http.RequestAborted);
    }
}
