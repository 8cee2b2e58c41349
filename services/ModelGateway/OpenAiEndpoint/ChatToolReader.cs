using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using Platform.Contracts.ModelGateway.V1;

namespace Platform.ModelGateway.OpenAiEndpoint;

/// <summary>Tools, which of them must be called, and the form of the answer.</summary>
internal static class ChatToolReader
{
    internal static void Read(JsonElement body, CompletionRequest request)
    {
        foreach (var tool in body.List("tools"))
        {
            request.Tools.Add(Declared(tool));
        }

        if (body.Field("tool_choice") is { } choice)
        {
            request.ToolChoice = Choice(choice);
        }

        if (body.Field("parallel_tool_calls") is not null)
        {
            request.ParallelToolCalls = body.Flag("parallel_tool_calls");
        }

        if (body.Field("response_format") is { } format)
        {
            ReadFormat(format, request);
        }
    }

    private static Tool Declared(JsonElement tool)
    {
        var function = tool.ValueKind == JsonValueKind.Object && tool.Field("function") is { ValueKind: JsonValueKind.Object } declared
            ? declared : throw EndpointRefusedException.Invalid("tools", "tools must be of type function.");
        var read = new Tool
        {
            Name = function.Text("name") is { Length: > 0 } name ? name : throw EndpointRefusedException.Invalid("tools", "Each tool must have a name.", "missing_required_parameter"),
            Description = function.Text("description") ?? "",
            Parameters = function.Field("parameters") is { } schema ? Parse(schema, "tools") : null,
        };
        if (function.Field("strict") is not null)
        {
            read.Strict = function.Flag("strict");
        }

        return read;
    }

    private static ToolChoice Choice(JsonElement choice) => choice.ValueKind switch
    {
        JsonValueKind.String when choice.GetString() is "auto" => new ToolChoice(),
        JsonValueKind.String when choice.GetString() is "none" => new ToolChoice { Use = ToolUse.None },
        JsonValueKind.String when choice.GetString() is "required" => new ToolChoice { Use = ToolUse.Required },
        JsonValueKind.Object when choice.Text("type") is "function" && choice.Field("function") is { ValueKind: JsonValueKind.Object } function && function.Text("name") is { Length: > 0 } name =>
            new ToolChoice { Use = ToolUse.Required, Name = name },
        _ => throw EndpointRefusedException.Invalid("tool_choice", "tool_choice must be auto, none, required, or a function with its name."),
    };

    private static void ReadFormat(JsonElement format, CompletionRequest request)
    {
        switch (format.ValueKind == JsonValueKind.Object ? format.Text("type") : null)
        {
            case "text":
                break;
            case "json_object":
                request.ResponseSchema = Parse(JsonElement.Parse("""{"type":"object"}"""), "response_format");
                break;
            case "json_schema" when format.Field("json_schema") is { ValueKind: JsonValueKind.Object } named && named.Field("schema") is { } schema:
                request.ResponseSchema = Parse(schema, "response_format");
                request.ResponseName = named.Text("name") ?? "";
                request.ResponseDescription = named.Text("description") ?? "";
                if (named.Field("strict") is not null)
                {
                    request.ResponseStrict = named.Flag("strict");
                }

                break;
            default:
                throw EndpointRefusedException.Invalid("response_format", "response_format must be of type text, json_object or json_schema with a schema.");
        }
    }

    private static Struct Parse(JsonElement schema, string parameter) => schema.ValueKind == JsonValueKind.Object
        ? Struct.Parser.ParseJson(schema.GetRawText())
        : throw EndpointRefusedException.Invalid(parameter, $"{parameter} must hold a JSON schema.");
}
