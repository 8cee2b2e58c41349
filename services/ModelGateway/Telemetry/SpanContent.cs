using System.Text.Json.Nodes;
using Grpc.Core;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;
using Platform.ModelGateway.Completions;
using Platform.ModelGateway.Providers;
using Platform.ModelGateway.Safety;

namespace Platform.ModelGateway.Telemetry;

/// <summary>Prompts and answers on the span of a call, only when opted in, and masked even when masking of prompts is off.</summary>
internal sealed class SpanContent(SafetyScreen screen, IOptionsMonitor<ModelGatewayOptions> options)
{
    internal bool IsWanted(ModelCall call) => options.CurrentValue.Telemetry.Content && call.Span is { IsAllDataRequested: true };

    internal void Asked(ModelCall call, IReadOnlyList<ChatMessage> messages)
    {
        if (IsWanted(call))
        {
            call.Span!.SetTag("gen_ai.input.messages", new JsonArray([.. messages.Select(message => Message(call, message.Role.Value, message.Text))]).ToJsonString());
        }
    }

    internal void Answered(ModelCall call, string text, string finish)
    {
        if (IsWanted(call))
        {
            var message = Message(call, "assistant", text);
            message["finish_reason"] = finish;
            call.Span!.SetTag("gen_ai.output.messages", new JsonArray(message).ToJsonString());
        }
    }

    private JsonObject Message(ModelCall call, string role, string text)
    {
        string masked;
        try
        {
            masked = screen.Masked(call.Organization, text);
        }
        catch (RpcException)
        {
            masked = "[withheld]";
        }

        return new JsonObject { ["role"] = role, ["parts"] = new JsonArray(new JsonObject { ["type"] = "text", ["content"] = masked }) };
    }
}
