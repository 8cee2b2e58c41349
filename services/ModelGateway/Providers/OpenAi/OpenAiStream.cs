using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Platform.ModelGateway.Providers.OpenAi;

/// <summary>A streamed chat completion of OpenAI's protocol.</summary>
internal sealed class OpenAiStream(string provider) : IStreamedAnswer
{
    private SortedDictionary<int, (string Id, string Name, StringBuilder Arguments)>? _calls;
    private ChatFinishReason? _finish;
    private UsageDetails? _usage;
    private string? _model;
    private bool _anything;
    private bool _refused;

    public bool IsWhole => _finish is not null;

    public bool IsClosed { get; private set; }

    public ChatResponseUpdate? Read(string eventType, ReadOnlySpan<byte> data)
    {
        if (data.SequenceEqual("[DONE]"u8))
        {
            IsClosed = true;
            return null;
        }

        var reader = new Utf8JsonReader(data);
        using var document = JsonDocument.ParseValue(ref reader);
        var chunk = document.RootElement;
        if (chunk.ValueKind != JsonValueKind.Object)
        {
            throw ProviderErrors.Garbage(provider, "an event of the stream is not an object");
        }

        if (ErrorBody.In(chunk) is { } error)
        {
            throw ProviderErrors.Inside(provider, error);
        }

        _usage = OpenAiAnswer.Usage(chunk) ?? _usage;
        _model ??= chunk.Text("model");
        var choice = chunk.Items("choices").FirstOrDefault();
        if (choice.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        var finished = IsWhole;
        var update = ReadDelta(choice.Part("delta"));
        if (finished && update is not null)
        {
            throw ProviderErrors.Garbage(provider, "the stream goes on after its end");
        }

        _finish = OpenAiAnswer.FinishReason(choice) ?? _finish;
        return update;
    }

    public ChatResponseUpdate Complete()
    {
        if (_finish is not { } finish)
        {
            throw ProviderErrors.Cut(provider);
        }

        if (!_anything && _calls is null && !AnswerParts.MayBeMissing(finish))
        {
            throw ProviderErrors.Garbage(provider, "the answer is empty");
        }

        List<AIContent> contents = _calls is null ? [] : [.. _calls.Values.Select(call => AnswerParts.ToolCall(provider, call.Id, call.Name, call.Arguments.ToString()))];
        if (_usage is not null)
        {
            contents.Add(new UsageContent(_usage));
        }

        return new ChatResponseUpdate(ChatRole.Assistant, contents) { FinishReason = _refused ? ChatFinishReason.ContentFilter : finish, ModelId = _model };
    }

    private ChatResponseUpdate? ReadDelta(JsonElement delta)
    {
        var called = ReadCalls(delta);
        if (delta.Text("content") is { Length: > 0 } text)
        {
            _anything = true;
            return new ChatResponseUpdate(ChatRole.Assistant, text);
        }

        if (delta.Text("refusal") is { Length: > 0 } refusal)
        {
            _anything = _refused = true;
            return new ChatResponseUpdate(ChatRole.Assistant, refusal);
        }

        // Servers that show the model's reasoning use one of these names.
        var reasons = delta.Text("reasoning_content") is { Length: > 0 } || delta.Text("reasoning") is { Length: > 0 };
        return called || reasons ? IStreamedAnswer.Progress : null;
    }

    private bool ReadCalls(JsonElement delta)
    {
        var any = false;
        foreach (var call in delta.Items("tool_calls"))
        {
            any = true;
            _calls ??= [];
            var index = (int)Math.Min(call.Count("index") ?? 0, int.MaxValue);
            var known = _calls.TryGetValue(index, out var found) ? found : (Id: "", Name: "", Arguments: new StringBuilder());
            var function = call.Part("function");
            known.Arguments.Append(function.Text("arguments"));
            _calls[index] = (call.Text("id") ?? known.Id, function.Text("name") ?? known.Name, known.Arguments);
        }

        return any;
    }
}
