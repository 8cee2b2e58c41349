using System.Runtime.CompilerServices;
using System.Text.Json;
using Grpc.Core;
using Microsoft.Extensions.AI;
using Platform.ModelGateway.Audit;
using Platform.ModelGateway.Completions;
using Platform.ModelGateway.Safety.Placeholders;
using Platform.ServiceDefaults;

namespace Platform.ModelGateway.Safety;

/// <summary>Nothing personal goes further than this stage, and what was taken out is put back into the answer.</summary>
internal sealed class SafetyStage(IChatClient inner, SafetyScreen screen, AuditTrail trail) : DelegatingChatClient(inner)
{
    public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        if (!screen.Enabled)
        {
            return await base.GetResponseAsync(messages, options, cancellationToken);
        }

        var safe = await ScreenAsync(messages, options, cancellationToken);
        var response = await base.GetResponseAsync(safe.Messages, safe.Options, cancellationToken);
        foreach (var message in response.Messages)
        {
            message.Contents = [.. message.Contents.Select(content => Restored(content, safe.Placeholders))];
        }

        return response;
    }

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (!screen.Enabled)
        {
            await foreach (var update in base.GetStreamingResponseAsync(messages, options, cancellationToken))
            {
                yield return update;
            }

            yield break;
        }

        var safe = await ScreenAsync(messages, options, cancellationToken);
        var restorer = new StreamRestorer(safe.Placeholders);
        await foreach (var update in base.GetStreamingResponseAsync(safe.Messages, safe.Options, cancellationToken))
        {
            if (StreamReset.In(update) is not null)
            {
                restorer = new StreamRestorer(safe.Placeholders);
            }

            Restore(update, restorer, safe.Placeholders);
            yield return update;
        }

        if (restorer.Finish() is { Length: > 0 } rest)
        {
            yield return new ChatResponseUpdate(ChatRole.Assistant, rest);
        }
    }

    private async Task<ScreenedCall> ScreenAsync(IEnumerable<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken)
    {
        var call = ModelCall.Of(options);
        try
        {
            return ScreenedCall.From(screen, call.Organization, messages, options);
        }
        catch (RpcException error)
        {
            await trail.Begin(call, "chat").RefusedAsync(RpcErrors.Reason(error) ?? "", error.Status.Detail, cancellationToken);
            throw;
        }
    }

    private static void Restore(ChatResponseUpdate update, StreamRestorer restorer, PlaceholderSet placeholders)
    {
        var contents = new List<AIContent>(update.Contents.Count + 1);
        foreach (var content in update.Contents)
        {
            if (content is not TextContent text)
            {
                contents.Add(Restored(content, placeholders));
            }
            else if (restorer.Push(text.Text) is { Length: > 0 } passed)
            {
                contents.Add(new TextContent(passed));
            }
        }

        // The text before the end of the answer is whole.
        if (update.FinishReason is not null && restorer.Finish() is { Length: > 0 } rest)
        {
            contents.Insert(0, new TextContent(rest));
        }

        update.Contents = contents;
    }

    private static AIContent Restored(AIContent content, PlaceholderSet placeholders) => content switch
    {
        TextContent text => new TextContent(StreamRestorer.Restore(placeholders, text.Text)),
        TextReasoningContent reasoning => new TextReasoningContent(StreamRestorer.Restore(placeholders, reasoning.Text)),
        FunctionCallContent call => new FunctionCallContent(
            call.CallId, call.Name, call.Arguments is null ? null : JsonTexts.Map(call.Arguments, text => StreamRestorer.Restore(placeholders, text))),
        _ => content,
    };
}

/// <summary>A call as it may leave, and what was taken out of it.</summary>
internal sealed record ScreenedCall(List<ChatMessage> Messages, ChatOptions? Options, PlaceholderSet Placeholders)
{
    internal static ScreenedCall From(SafetyScreen screen, string organization, IEnumerable<ChatMessage> messages, ChatOptions? options)
    {
        var all = messages as IReadOnlyList<ChatMessage> ?? [.. messages];
        var placeholders = PlaceholderSet.For(all.SelectMany(Texts));
        string Apply(string text) => screen.Apply(organization, text, placeholders);
        var safe = all.Select(message => new ChatMessage(message.Role, [.. message.Contents.Select(content => Safe(content, Apply))])
        {
            AuthorName = message.AuthorName is null ? null : Apply(message.AuthorName),
        }).ToList();
        return new ScreenedCall(safe, Safe(options, Apply), placeholders);
    }

    private static AIContent Safe(AIContent content, Func<string, string> apply) => content switch
    {
        TextContent text => new TextContent(apply(text.Text)),
        TextReasoningContent reasoning => new TextReasoningContent(apply(reasoning.Text)),
        FunctionCallContent call => new FunctionCallContent(call.CallId, call.Name, call.Arguments is null ? null : JsonTexts.Map(call.Arguments, apply)),
        FunctionResultContent result => new FunctionResultContent(result.CallId, result.Result is null ? null : apply(result.Result as string ?? JsonSerializer.Serialize(result.Result))),
        UsageContent => content,
        _ => throw new NotSupportedException($"{content.GetType().Name} cannot be searched for personal data."),
    };

    private static ChatOptions? Safe(ChatOptions? options, Func<string, string> apply)
    {
        if (options is null || (options.Tools is null && options.StopSequences is null && options.Instructions is null && options.ResponseFormat is not ChatResponseFormatJson { Schema: not null }))
        {
            return options;
        }

        var safe = options.Clone();
        safe.Instructions = options.Instructions is null ? null : apply(options.Instructions);
        safe.StopSequences = options.StopSequences is null ? null : [.. options.StopSequences.Select(apply)];
        safe.ResponseFormat = options.ResponseFormat is ChatResponseFormatJson { Schema: { } form } format
            ? ChatResponseFormat.ForJsonSchema(JsonTexts.Map(form, apply), format.SchemaName, format.SchemaDescription is null ? null : apply(format.SchemaDescription))
            : options.ResponseFormat;
        safe.Tools = options.Tools is null ? null : [.. options.Tools.Select(tool => tool is AIFunctionDeclaration declared ? Safe(declared, apply) : tool)];
        return safe;
    }

    private static AIFunctionDeclaration Safe(AIFunctionDeclaration tool, Func<string, string> apply)
    {
        var description = apply(tool.Description);
        var schema = JsonTexts.Map(tool.JsonSchema, apply);
        return new ToolDeclaration(tool.Name, description, schema, (tool as ToolDeclaration)?.Strict);
    }

    private static IEnumerable<string> Texts(ChatMessage message) => message.Contents.Select(content => content switch
    {
        TextContent text => text.Text,
        TextReasoningContent reasoning => reasoning.Text,
        FunctionCallContent call => JsonSerializer.Serialize(call.Arguments),
        FunctionResultContent result => result.Result as string ?? JsonSerializer.Serialize(result.Result),
        _ => "",
    });
}
