using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Platform.ModelGateway.Providers.Anthropic;

/// <summary>
/// The events of a streamed message: <c>message_start</c>, for each block of content a start, deltas and a stop, then
/// <c>message_delta</c> with the stop reason and <c>message_stop</c>. Blocks are numbered, so that content in the wrong place
/// shows; starts and stops that come twice add nothing and are passed over.
/// </summary>
internal sealed class AnthropicStream(string provider) : IStreamedAnswer
{
    private readonly List<(string Id, string Name, StringBuilder Input)> _calls = [];
    private ChatFinishReason? _finish;
    private UsageDetails? _usage;
    private string? _model;
    private string? _block;
    private int _blocks;
    private bool _started;
    private bool _blockHasContent;
    private bool _anything;
    private bool _answersInSchema;

    public bool IsWhole => _finish is not null;

    public bool IsClosed { get; private set; }

    public ChatResponseUpdate? Read(string eventType, ReadOnlySpan<byte> data)
    {
        var reader = new Utf8JsonReader(data);
        using var document = JsonDocument.ParseValue(ref reader);
        var message = document.RootElement;
        if (ErrorBody.In(message) is { } error)
        {
            throw ProviderErrors.Inside(provider, error);
        }

        switch (message.Text("type"))
        {
            case "message_start":
                if (_started)
                {
                    return null;
                }

                _started = true;
                _model = message.Part("message").Text("model");
                _usage = AnthropicAnswer.Usage(message.Part("message").Part("usage"), null);
                return null;
            case "content_block_start" when _block is not null && !_blockHasContent && message.Count("index") == _blocks:
            case "content_block_stop" when _block is null && message.Count("index") == _blocks - 1:
                return null;
            case "content_block_start":
                Require(_started && _block is null && !IsWhole && message.Count("index") == _blocks);
                return Begin(message.Part("content_block"));
            case "content_block_delta":
                Require(_block is not null && message.Count("index") == _blocks);
                return Add(message.Part("delta"));
            case "content_block_stop":
                Require(_block is not null && message.Count("index") == _blocks);
                (_block, _blocks) = (null, _blocks + 1);
                return null;
            case "message_delta":
                Require(_started && _block is null);
                _usage = AnthropicAnswer.Usage(message.Part("usage"), _usage);
                _finish = AnthropicAnswer.FinishReason(message.Part("delta")) ?? _finish;
                return null;
            case "message_stop":
                IsClosed = true;
                return null;
            case null:
                throw ProviderErrors.Garbage(provider, "an event of the stream has no type");
            default:
                // Pings, and kinds of events that are still to come, may be passed over.
                return null;
        }
    }

    public ChatResponseUpdate Complete()
    {
        if (_finish is not { } finish)
        {
            throw ProviderErrors.Cut(provider);
        }

        if (!_anything && _calls.Count == 0 && !AnswerParts.MayBeMissing(finish))
        {
            throw ProviderErrors.Garbage(provider, "the answer is empty");
        }

        List<AIContent> contents = [.. _calls.Select(call => AnswerParts.ToolCall(provider, call.Id, call.Name, call.Input.ToString()))];
        if (_usage is not null)
        {
            contents.Add(new UsageContent(_usage));
        }

        return new ChatResponseUpdate(ChatRole.Assistant, contents)
        {
            FinishReason = _answersInSchema && finish == ChatFinishReason.ToolCalls && _calls.Count == 0 ? ChatFinishReason.Stop : finish,
            ModelId = _model,
        };
    }

    private ChatResponseUpdate? Begin(JsonElement block)
    {
        (_block, _blockHasContent) = (block.Text("type") ?? "", false);
        if (_block != "tool_use")
        {
            return block.Text("text") is { Length: > 0 } text ? Say(text) : null;
        }

        if (block.Text("name") == AnthropicRequest.AnswerTool)
        {
            _answersInSchema = true;
            _block = AnthropicRequest.AnswerTool;
            return IStreamedAnswer.Progress;
        }

        _calls.Add((block.Text("id") ?? "", block.Text("name") ?? "", new StringBuilder()));
        return IStreamedAnswer.Progress;
    }

    private ChatResponseUpdate? Add(JsonElement delta)
    {
        _blockHasContent = true;
        switch (delta.Text("type"))
        {
            case "text_delta" when _block == "text":
                return delta.Text("text") is { Length: > 0 } text ? Say(text) : null;
            case "input_json_delta" when _block == AnthropicRequest.AnswerTool:
                return delta.Text("partial_json") is { Length: > 0 } answer ? Say(answer) : null;
            case "input_json_delta" when _block == "tool_use":
                _calls[^1].Input.Append(delta.Text("partial_json"));
                return IStreamedAnswer.Progress;
            default:
                // Thinking, signatures and citations show that the model is at work.
                return IStreamedAnswer.Progress;
        }
    }

    private ChatResponseUpdate Say(string text)
    {
        _anything = true;
        return new ChatResponseUpdate(ChatRole.Assistant, text);
    }

    private void Require(bool inOrder)
    {
        if (!inOrder)
        {
            throw ProviderErrors.Garbage(provider, "the events of the stream are out of order");
        }
    }
}
