using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Grpc.Core;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;
using Platform.ModelGateway.Providers;
using Platform.ModelGateway.Safety;

namespace Platform.ModelGateway.Audit;

/// <summary>Details as JSON, with every text masked, and cut to the configured length.</summary>
internal sealed class AuditDetails(SafetyScreen screen, IOptionsMonitor<ModelGatewayOptions> options)
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal string Request(AuditedCall audited, IReadOnlyList<ChatMessage> messages, ChatOptions? chatOptions, bool isMasked)
    {
        var detail = Call(audited);
        detail["messages"] = new JsonArray([.. messages.Select(message => Message(audited.Call.Organization, message, isMasked))]);
        if (chatOptions?.Tools is { Count: > 0 } tools)
        {
            detail["tools"] = new JsonArray([.. tools.Select(tool => JsonValue.Create(tool.Name))]);
        }

        return detail.ToJsonString(Readable);
    }

    internal string Answer(AuditOutcome outcome, string text, IReadOnlyList<FunctionCallContent> calls, string finish, UsageDetails? usage)
    {
        var organization = outcome.Audited.Call.Organization;
        var detail = Call(outcome.Audited);
        detail["outcome"] = outcome.Name;
        detail["provider"] = outcome.Provider;
        detail["providerModel"] = outcome.Model;
        detail["attempts"] = outcome.Attempts;
        detail["durationMs"] = Math.Round(outcome.Duration.TotalMilliseconds, 3);
        detail["finishReason"] = finish;
        if (usage is not null)
        {
            detail["inputTokens"] = usage.InputTokenCount;
            detail["outputTokens"] = usage.OutputTokenCount;
        }

        detail["text"] = Text(organization, text, isMasked: false);
        if (calls.Count > 0)
        {
            detail["toolCalls"] = new JsonArray([.. calls.Select(call => ToolCall(organization, call, isMasked: false))]);
        }

        return detail.ToJsonString(Readable);
    }

    internal string Refusal(AuditedCall audited, string reason, string message)
    {
        var detail = Call(audited);
        detail["reason"] = reason;
        detail["message"] = message;
        return detail.ToJsonString(Readable);
    }

    private static JsonObject Call(AuditedCall audited) =>
        new() { ["callId"] = audited.Id, ["model"] = audited.Call.LogicalModel, ["operation"] = audited.Call.Operation };

    private JsonObject Message(string organization, ChatMessage message, bool isMasked)
    {
        var written = new JsonObject { ["role"] = message.Role.Value };
        var text = string.Concat(message.Contents.Select(content => content switch
        {
            TextContent part => part.Text,
            TextReasoningContent reasoning => reasoning.Text,
            FunctionResultContent result => result.Result as string ?? JsonSerializer.Serialize(result.Result),
            _ => "",
        }));
        written["text"] = Text(organization, text, isMasked);
        if (message.Contents.OfType<FunctionCallContent>().ToArray() is { Length: > 0 } calls)
        {
            written["toolCalls"] = new JsonArray([.. calls.Select(call => ToolCall(organization, call, isMasked))]);
        }

        return written;
    }

    private JsonObject ToolCall(string organization, FunctionCallContent call, bool isMasked) =>
        new() { ["name"] = call.Name, ["arguments"] = Text(organization, JsonSerializer.Serialize(call.Arguments, Readable), isMasked) };

    private JsonNode Text(string organization, string text, bool isMasked)
    {
        var configured = options.CurrentValue.Audit;
        string masked;
        try
        {
            masked = isMasked ? text : screen.Masked(organization, text);
        }
        catch (RpcException)
        {
            return new JsonObject { ["length"] = text.Length, ["withheld"] = "could not be searched for personal data" };
        }

        // PostgreSQL has no place for this character.
        masked = masked.Replace('\0', ' ');
        if (configured.Content && masked.Length <= configured.ContentCharacters)
        {
            return JsonValue.Create(masked);
        }

        var written = new JsonObject { ["length"] = masked.Length, ["sha256"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(masked))) };
        if (configured.Content)
        {
            var end = configured.ContentCharacters;
            written["begins"] = masked[..(end > 0 && char.IsHighSurrogate(masked[end - 1]) ? end - 1 : end)];
        }

        return written;
    }
}
