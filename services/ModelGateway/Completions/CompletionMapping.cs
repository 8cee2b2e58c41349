using System.Globalization;
using System.Text.Json;
using Google.Protobuf;
using Microsoft.Extensions.AI;
using Platform.Contracts.Common.V1;
using Platform.Contracts.ModelGateway.V1;
using Platform.ModelGateway.Providers;
using Platform.ModelGateway.Usage;
using Platform.ServiceDefaults;

namespace Platform.ModelGateway.Completions;

/// <summary>Between the contract and Microsoft.Extensions.AI.</summary>
internal static class CompletionMapping
{
    private const int LongestText = 1_000_000;
    private const int MostMessages = 500;

    internal static void Validate(CompletionRequest request)
    {
        var problems = new List<(string, string)>();
        if (request.Messages.Count is 0 or > MostMessages)
        {
            problems.Add(("messages", $"must be 1 to {MostMessages}"));
        }

        for (var index = 0; index < request.Messages.Count; index++)
        {
            var message = request.Messages[index];
            if (message.Role == Role.Unspecified)
            {
                problems.Add(($"messages[{index}].role", "must be given"));
            }

            if (message.Role == Role.Tool && message.ToolCallId.Length == 0)
            {
                problems.Add(($"messages[{index}].tool_call_id", "must be given for the role TOOL"));
            }

            for (var call = 0; call < message.ToolCalls.Count; call++)
            {
                if (!IsJsonObject(message.ToolCalls[call].ArgumentsJson))
                {
                    problems.Add(($"messages[{index}].tool_calls[{call}].arguments_json", "must be a JSON object"));
                }
            }
        }

        if (request.Messages.Sum(message => (long)message.Text.Length) > LongestText)
        {
            problems.Add(("messages", $"must have no more than {LongestText} characters together"));
        }

        if (request.HasTemperature && !(request.Temperature is >= 0 and <= 2))
        {
            problems.Add(("temperature", "must be 0 to 2"));
        }

        if (request.MaxOutputTokens < 0)
        {
            problems.Add(("max_output_tokens", "must be 0 or more"));
        }

        if (request.IdempotencyKey.Length > 200)
        {
            problems.Add(("idempotency_key", "must have at most 200 characters"));
        }

        if (problems.Count > 0)
        {
            throw RpcErrors.InvalidArgument(problems);
        }
    }

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

    internal static ChatOptions Options(CompletionRequest request, ModelOptions model) => new()
    {
        Temperature = (float)(request.HasTemperature ? request.Temperature : model.Temperature),
        MaxOutputTokens = request.MaxOutputTokens > 0 ? request.MaxOutputTokens : model.MaximumOutputTokens,
        StopSequences = request.Stop.Count == 0 ? null : [.. request.Stop],
        Tools = request.Tools.Count == 0
            ? null
            : [.. request.Tools.Select(tool => AIFunctionFactory.CreateDeclaration(tool.Name, tool.Description, Json(tool.Parameters)))],
        ResponseFormat = request.ResponseSchema is null ? null : ChatResponseFormat.ForJsonSchema(Json(request.ResponseSchema)),
    };

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

    private static bool IsJsonObject(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static JsonElement Json(Google.Protobuf.WellKnownTypes.Struct? value)
    {
        using var document = JsonDocument.Parse(value is null ? "{}" : JsonFormatter.Default.Format(value));
        return document.RootElement.Clone();
    }
}
