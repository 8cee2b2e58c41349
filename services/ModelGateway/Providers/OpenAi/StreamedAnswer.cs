using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Platform.ServiceDefaults;

namespace Platform.ModelGateway.Providers.OpenAi;

/// <summary>Puts the chunks of a stream together, and knows whether the answer is whole.</summary>
internal sealed class StreamedAnswer(ProviderOptions provider)
{
    private readonly SortedDictionary<int, (string Id, string Name, StringBuilder Arguments)> _calls = [];
    private ChatFinishReason? _finish;
    private UsageDetails? _usage;
    private string? _model;
    private bool _anything;

    /// <summary>The text that a chunk adds; null when it adds none.</summary>
    /// <exception cref="ProviderException">The chunk is not one, or reports an error.</exception>
    internal ChatResponseUpdate? Read(string data)
    {
        JsonElement chunk;
        try
        {
            using var document = JsonDocument.Parse(data);
            chunk = document.RootElement.Clone();
        }
        catch (JsonException error)
        {
            throw OpenAiWire.Garbage(provider, "a chunk of the stream is not JSON", error);
        }

        OpenAiWire.ThrowIfError(provider, chunk);
        _usage = OpenAiWire.Usage(chunk) ?? _usage;
        _model ??= OpenAiWire.Text(chunk, "model");
        if (!chunk.TryGetProperty("choices", out var choices) || choices.ValueKind != JsonValueKind.Array || choices.GetArrayLength() == 0)
        {
            return null;
        }

        _finish = OpenAiWire.FinishReason(choices[0]) ?? _finish;
        if (!choices[0].TryGetProperty("delta", out var delta) || delta.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        ReadCalls(delta);
        if (OpenAiWire.Text(delta, "content") is not { Length: > 0 } text)
        {
            return null;
        }

        _anything = true;
        return new ChatResponseUpdate(ChatRole.Assistant, text);
    }

    /// <summary>The last update: tool calls, usage and why the answer ended.</summary>
    /// <exception cref="ProviderException">The stream ended before the answer did.</exception>
    internal ChatResponseUpdate Complete()
    {
        if (_finish is null)
        {
            throw new ProviderException(ExternalErrorClass.ConnectionError, provider.Name, "the stream was cut before the answer was whole");
        }

        if (!_anything && _calls.Count == 0)
        {
            throw OpenAiWire.Garbage(provider, "the answer is empty");
        }

        List<AIContent> contents = [.. _calls.Values.Select(call => OpenAiWire.ToolCall(provider, call.Id, call.Name, call.Arguments.Length == 0 ? "{}" : call.Arguments.ToString()))];
        if (_usage is not null)
        {
            contents.Add(new UsageContent(_usage));
        }

        return new ChatResponseUpdate(ChatRole.Assistant, contents) { FinishReason = _finish, ModelId = _model };
    }

    private void ReadCalls(JsonElement delta)
    {
        if (!delta.TryGetProperty("tool_calls", out var calls) || calls.ValueKind != JsonValueKind.Array)
        {
            return;
        }

        foreach (var call in calls.EnumerateArray())
        {
            var index = call.TryGetProperty("index", out var position) && position.TryGetInt32(out var number) ? number : 0;
            var known = _calls.TryGetValue(index, out var found) ? found : (Id: "", Name: "", Arguments: new StringBuilder());
            var function = call.TryGetProperty("function", out var declared) ? declared : default;
            known.Arguments.Append(OpenAiWire.Text(function, "arguments"));
            _calls[index] = (OpenAiWire.Text(call, "id") ?? known.Id, OpenAiWire.Text(function, "name") ?? known.Name, known.Arguments);
        }
    }
}
