using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
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

    internal string Request(AuditedCall audited, IReadOnlyList<ChatMessage> messages, ChatOptions? chatOptions, bool isMasked) => Object(audited, detail =>
    {
        detail.WriteStartArray("messages");
        foreach (var message in messages)
        {
            Message(detail, audited.Call.Organization, message, isMasked);
        }

        detail.WriteEndArray();
        if (chatOptions?.Tools is { Count: > 0 } tools)
        {
            detail.WriteStartArray("tools");
            foreach (var tool in tools)
            {
                detail.WriteStringValue(tool.Name);
            }

            detail.WriteEndArray();
        }
    });

    internal string Answer(AuditOutcome outcome, string text, IReadOnlyList<FunctionCallContent> calls, string finish, UsageDetails? usage) => Object(outcome.Audited, detail =>
    {
        var organization = outcome.Audited.Call.Organization;
        detail.WriteString("outcome", outcome.Name);
        detail.WriteString("provider", outcome.Provider);
        detail.WriteString("providerModel", outcome.Model);
        detail.WriteNumber("attempts", outcome.Attempts);
        detail.WriteNumber("durationMs", Math.Round(outcome.Duration.TotalMilliseconds, 3));
        detail.WriteString("finishReason", finish);
        if (usage is not null)
        {
            Count(detail, "inputTokens", usage.InputTokenCount);
            Count(detail, "outputTokens", usage.OutputTokenCount);
        }

        detail.WritePropertyName("text");
        Text(detail, organization, text, isMasked: false);
        ToolCalls(detail, organization, calls, isMasked: false);
    });

    internal static string Refusal(AuditedCall audited, string reason, string message) => Object(audited, detail =>
    {
        detail.WriteString("reason", reason);
        detail.WriteString("message", message);
    });

    private static string Object(AuditedCall audited, Action<Utf8JsonWriter> write) => JsonRoom.Text(detail =>
    {
        detail.WriteStartObject();
        detail.WriteString("callId", audited.Id);
        detail.WriteString("model", audited.Call.LogicalModel);
        detail.WriteString("operation", audited.Call.Operation);
        write(detail);
        detail.WriteEndObject();
    });

    private void Message(Utf8JsonWriter detail, string organization, ChatMessage message, bool isMasked)
    {
        detail.WriteStartObject();
        detail.WriteString("role", message.Role.Value);
        detail.WritePropertyName("text");
        Text(detail, organization, string.Concat(message.Contents.Select(content => content switch
        {
            TextContent part => part.Text,
            TextReasoningContent reasoning => reasoning.Text,
            FunctionResultContent result => result.Result as string ?? JsonSerializer.Serialize(result.Result),
            _ => "",
        })), isMasked);
        ToolCalls(detail, organization, [.. message.Contents.OfType<FunctionCallContent>()], isMasked);
        detail.WriteEndObject();
    }

    private void ToolCalls(Utf8JsonWriter detail, string organization, IReadOnlyList<FunctionCallContent> calls, bool isMasked)
    {
        if (calls.Count == 0)
        {
            return;
        }

        detail.WriteStartArray("toolCalls");
        foreach (var call in calls)
        {
            detail.WriteStartObject();
            detail.WriteString("name", call.Name);
            detail.WritePropertyName("arguments");
            Text(detail, organization, JsonSerializer.Serialize(call.Arguments, Readable), isMasked);
            detail.WriteEndObject();
        }

        detail.WriteEndArray();
    }

    private void Text(Utf8JsonWriter detail, string organization, string text, bool isMasked)
    {
        var configured = options.CurrentValue.Audit;
        string masked;
        try
        {
            masked = isMasked ? text : screen.Masked(organization, text);
        }
        catch (RpcException)
        {
            detail.WriteStartObject();
            detail.WriteNumber("length", text.Length);
            detail.WriteString("withheld", "could not be searched for personal data");
            detail.WriteEndObject();
            return;
        }

        // PostgreSQL has no place for this character.
        masked = masked.Replace('\0', ' ');
        if (configured.Content && masked.Length <= configured.ContentCharacters)
        {
            detail.WriteStringValue(masked);
            return;
        }

        detail.WriteStartObject();
        detail.WriteNumber("length", masked.Length);
        detail.WriteString("sha256", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(masked))));
        if (configured.Content)
        {
            var end = configured.ContentCharacters;
            detail.WriteString("begins", masked[..(end > 0 && char.IsHighSurrogate(masked[end - 1]) ? end - 1 : end)]);
        }

        detail.WriteEndObject();
    }

    private static void Count(Utf8JsonWriter detail, string name, long? count)
    {
        if (count is { } known)
        {
            detail.WriteNumber(name, known);
        }
        else
        {
            detail.WriteNull(name);
        }
    }
}
