using System.Text.Json;
using Platform.Contracts.ModelGateway.V1;
using Platform.ServiceDefaults;

namespace Platform.ModelGateway.Completions;

/// <summary>What is wrong with a request, all at once.</summary>
internal static class CompletionValidation
{
    private const int LongestText = 1_000_000;
    private const int MostMessages = 500;
    private const int LongestKey = 200;
    private const int LongestUser = 256;

    private static readonly string[] Efforts = ["none", "minimal", "low", "medium", "high", "xhigh"];

    /// <exception cref="Grpc.Core.RpcException">INVALID_ARGUMENT with the fields.</exception>
    internal static void Validate(CompletionRequest request)
    {
        var problems = new List<(string, string)>();
        Messages(request, problems);
        Settings(request, problems);
        Tools(request, problems);
        if (problems.Count > 0)
        {
            throw RpcErrors.InvalidArgument(problems);
        }
    }

    private static void Messages(CompletionRequest request, List<(string, string)> problems)
    {
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
    }

    private static void Settings(CompletionRequest request, List<(string, string)> problems)
    {
        Check(!request.HasTemperature || request.Temperature is >= 0 and <= 2, "temperature", "must be 0 to 2", problems);
        Check(!request.HasTopP || request.TopP is >= 0 and <= 1, "top_p", "must be 0 to 1", problems);
        Check(!request.HasFrequencyPenalty || request.FrequencyPenalty is >= -2 and <= 2, "frequency_penalty", "must be -2 to 2", problems);
        Check(!request.HasPresencePenalty || request.PresencePenalty is >= -2 and <= 2, "presence_penalty", "must be -2 to 2", problems);
        Check(request.MaxOutputTokens >= 0, "max_output_tokens", "must be 0 or more", problems);
        Check(request.IdempotencyKey.Length <= LongestKey, "idempotency_key", $"must have at most {LongestKey} characters", problems);
        Check(request.EndUser.Length <= LongestUser, "end_user", $"must have at most {LongestUser} characters", problems);
        Check(request.ReasoningEffort.Length == 0 || Efforts.Contains(request.ReasoningEffort), "reasoning_effort", $"must be one of {string.Join(", ", Efforts)}", problems);
    }

    private static void Tools(CompletionRequest request, List<(string, string)> problems)
    {
        if (request.ToolChoice is { } choice)
        {
            Check(choice.Use != ToolUse.Required || request.Tools.Count > 0, "tool_choice", "must not demand a tool when tools has none", problems);
            Check(
                choice.Name.Length == 0 || (choice.Use == ToolUse.Required && request.Tools.Any(tool => tool.Name == choice.Name)),
                "tool_choice", "must name one of the tools", problems);
        }

        Check(!request.HasParallelToolCalls || request.Tools.Count > 0, "parallel_tool_calls", "must not be given without tools", problems);
    }

    private static void Check(bool holds, string field, string allowed, List<(string, string)> problems)
    {
        if (!holds)
        {
            problems.Add((field, allowed));
        }
    }

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
}
