using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Google.Protobuf;
using Microsoft.Extensions.AI;
using Platform.Contracts.Common.V1;
using Platform.Contracts.ModelGateway.V1;
using Platform.ModelGateway.Providers;
using Platform.ModelGateway.Usage;

namespace Platform.ModelGateway.Completions;

/// <summary>Between the contract and Microsoft.Extensions.AI.</summary>
internal static class CompletionMapping
{
    internal static List<ChatMessage> Messages(CompletionRequest request) => [.. request.Messages.Select(message =>
    {
        if (message.Role == Role.Tool)
        {
            return new ChatMessage(ChatRole.Tool, [new FunctionResultContent(message.ToolCallId, message.Text)]);
        }

        var contents = new List<AIContent>();
        if (message.Text.Length > 0)
        {
            contents.Add(new TextContent(message.Text));
        }

        contents.AddRange(message.ToolCalls.Select(call =>
            new FunctionCallContent(call.Id, call.Name, JsonSerializer.Deserialize<Dictionary<string, object?>>(call.ArgumentsJson))));
        var role = message.Role switch
        {
            Role.System => ChatRole.System,
            Role.Assistant => ChatRole.Assistant,
            _ => ChatRole.User,
        };
        return new ChatMessage(role, contents) { AuthorName = message.Name.Length == 0 ? null : message.Name };
    })];

    internal static ChatOptions Options(CompletionRequest request, ModelOptions model, string organization)
    {
        var options = new ChatOptions
        {
            // Providers advise against setting both: who sets the one does not get our default of the other.
            Temperature = request.HasTemperature ? (float)request.Temperature : request.HasTopP ? null : (float)model.Temperature,
            TopP = request.HasTopP ? (float)request.TopP : null,
            FrequencyPenalty = request.HasFrequencyPenalty ? (float)request.FrequencyPenalty : null,
            PresencePenalty = request.HasPresencePenalty ? (float)request.PresencePenalty : null,
            Seed = request.HasSeed ? request.Seed : null,
            MaxOutputTokens = request.MaxOutputTokens > 0 ? request.MaxOutputTokens : model.MaximumOutputTokens,
            StopSequences = request.Stop.Count == 0 ? null : [.. request.Stop],
            Tools = request.Tools.Count == 0
                ? null
                : [.. request.Tools.Select(tool => new ToolDeclaration(tool.Name, tool.Description, Json(tool.Parameters), tool.HasStrict ? tool.Strict : null))],
            ToolMode = request.ToolChoice switch
            {
                { Use: ToolUse.None } => ChatToolMode.None,
                { Use: ToolUse.Required, Name: { Length: > 0 } name } => ChatToolMode.RequireSpecific(name),
                { Use: ToolUse.Required } => ChatToolMode.RequireAny,
                _ => null,
            },
            AllowMultipleToolCalls = request.HasParallelToolCalls ? request.ParallelToolCalls : null,
            ResponseFormat = request.ResponseSchema is null
                ? null
                : ChatResponseFormat.ForJsonSchema(Json(request.ResponseSchema), request.ResponseName.Length > 0 ? request.ResponseName : null, request.ResponseDescription.Length > 0 ? request.ResponseDescription : null),
        };
        ChatSettings.Set(options, request.ReasoningEffort, EndUser(organization, request.EndUser), request.HasResponseStrict ? request.ResponseStrict : null);
        return options;
    }

    internal static CallSubject Subject(CompletionRequest request, ChatOptions options)
    {
        var texts = request.Messages.Select(message => message.Text)
            .Concat(request.Messages.SelectMany(message => message.ToolCalls).Select(call => call.ArgumentsJson))
            .Concat(request.Tools.Select(tool => $"{tool.Name}{tool.Description}{tool.Parameters}"))
            .Append(request.ResponseSchema?.ToString() ?? "")
            .Where(text => text.Length > 0)
            .ToArray();
        return new CallSubject(texts.Sum(text => (long)text.Length), TokenCounting.UpperEstimate(texts), options.MaxOutputTokens ?? 0)
        {
            IdempotencyKey = request.IdempotencyKey,
            PromptName = request.PromptName,
            PromptVersion = request.PromptVersion,
            Complexity = request.Complexity,
        };
    }

    internal static CompletionResponse Response(ChatResponse response, CallReport report)
    {
        var result = new CompletionResponse { Text = response.Text, FinishReason = Finish(response.FinishReason), Report = report };
        result.ToolCalls.AddRange(response.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>().Select(Call));
        return result;
    }

    internal static Interruption Interruption(ChatResponse received, ProviderException failure, CallReport report) => new()
    {
        Text = received.Text,
        Reason = failure.Reason(),
        Report = report,
    };

    internal static ToolCall Call(FunctionCallContent call) => new()
    {
        Id = call.CallId,
        Name = call.Name,
        ArgumentsJson = JsonSerializer.Serialize(call.Arguments ?? new Dictionary<string, object?>()),
    };

    internal static CallReport Report(ModelCall call, TokenCount tokens, Price price, TimeSpan duration, TimeSpan firstToken) => new()
    {
        Provider = call.Provider?.Name ?? "",
        Model = call.ProviderModel,
        Tokens = new TokenUsage { Input = tokens.Input, Output = tokens.Output, CachedInput = tokens.CachedInput, Reasoning = tokens.Reasoning },
        Cost = price.Amount is { } amount ? new Money { Amount = amount.ToString("0.#########", CultureInfo.InvariantCulture), Currency = price.Currency } : null,
        Attempts = call.Attempts,
        DurationMs = duration.TotalMilliseconds,
        TimeToFirstTokenMs = firstToken.TotalMilliseconds,
        PriceVersion = price.Version,
        TokensEstimated = tokens.Estimated,
    };

    private static FinishReason Finish(ChatFinishReason? reason) =>
        reason == ChatFinishReason.Stop ? FinishReason.Stop
        : reason == ChatFinishReason.Length ? FinishReason.Length
        : reason == ChatFinishReason.ToolCalls ? FinishReason.ToolCalls
        : reason == ChatFinishReason.ContentFilter ? FinishReason.ContentFilter
        : FinishReason.Unspecified;

    // Enough for a provider to tell people apart, and nothing that says who they are.
    private static string EndUser(string organization, string user) =>
        user.Length == 0 ? "" : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{organization}\n{user}")).AsSpan(0, 16));

    private static JsonElement Json(Google.Protobuf.WellKnownTypes.Struct? value)
    {
        using var document = JsonDocument.Parse(value is null ? "{}" : JsonFormatter.Default.Format(value));
        return document.RootElement.Clone();
    }
}
