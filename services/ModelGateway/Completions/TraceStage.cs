using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Platform.ModelGateway.Providers;
using Platform.ModelGateway.Telemetry;
using Platform.ServiceDefaults;

namespace Platform.ModelGateway.Completions;

/// <summary>A span for each call, with the names of the GenAI conventions; never prompts or answers.</summary>
internal sealed class TraceStage(IChatClient inner) : DelegatingChatClient(inner)
{
    public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        using var span = Start(options);
        try
        {
            var response = await base.GetResponseAsync(messages, options, cancellationToken);
            Answered(span, response.ModelId, response.ResponseId, response.FinishReason);
            End(span, options, response.Usage, null);
            return response;
        }
        catch (ProviderException error)
        {
            End(span, options, null, error);
            throw;
        }
    }

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var span = Start(options);
        await using var updates = base.GetStreamingResponseAsync(messages, options, cancellationToken).GetAsyncEnumerator(cancellationToken);
        UsageDetails? usage = null;
        while (true)
        {
            try
            {
                if (!await updates.MoveNextAsync())
                {
                    break;
                }
            }
            catch (ProviderException error)
            {
                End(span, options, null, error);
                throw;
            }

            Answered(span, updates.Current.ModelId, updates.Current.ResponseId, updates.Current.FinishReason);
            usage = updates.Current.Contents.OfType<UsageContent>().LastOrDefault()?.Details ?? usage;
            yield return updates.Current;
        }

        End(span, options, usage, null);
    }

    private static Activity? Start(ChatOptions? options)
    {
        var call = ModelCall.Of(options);
        var span = ModelGatewayMetrics.Source.StartActivity($"chat {call.LogicalModel}", ActivityKind.Client);
        call.Span = span;
        if (span is { IsAllDataRequested: true })
        {
            span.SetTag("gen_ai.operation.name", call.Kind);
            span.SetTag("gen_ai.request.model", call.LogicalModel);
            span.SetTag("gen_ai.request.temperature", options?.Temperature);
            span.SetTag("gen_ai.request.max_tokens", options?.MaxOutputTokens);
            span.SetTag("gen_ai.output.type", options?.ResponseFormat is ChatResponseFormatJson ? "json" : "text");
            span.SetTag("platform.operation", call.Operation);
        }

        return span;
    }

    private static void Answered(Activity? span, string? model, string? id, ChatFinishReason? finish)
    {
        if (span is null)
        {
            return;
        }

        if (model is not null)
        {
            span.SetTag("gen_ai.response.model", model);
        }

        if (id is not null)
        {
            span.SetTag("gen_ai.response.id", id);
        }

        if (finish is { } reason)
        {
            span.SetTag("gen_ai.response.finish_reasons", new[] { reason.Value });
        }
    }

    private static void End(Activity? span, ChatOptions? options, UsageDetails? usage, ProviderException? error)
    {
        if (span is null)
        {
            return;
        }

        var call = ModelCall.Of(options);
        span.DisplayName = $"{call.Kind} {call.ProviderModel}";
        span.SetTag("gen_ai.provider.name", GenAiNames.Provider(call.Provider));
        span.SetTag("gen_ai.request.model", call.ProviderModel);
        span.SetTag("platform.provider", call.Provider?.Name);
        span.SetTag("platform.attempts", call.Attempts);
        if (usage is not null)
        {
            span.SetTag("gen_ai.usage.input_tokens", usage.InputTokenCount);
            span.SetTag("gen_ai.usage.output_tokens", usage.OutputTokenCount);
            span.SetTag("gen_ai.usage.cache_read.input_tokens", usage.CachedInputTokenCount);
            span.SetTag("gen_ai.usage.reasoning.output_tokens", usage.ReasoningTokenCount);
        }

        if (error is not null)
        {
            span.SetTag("error.type", error.Kind.Name());
            span.SetStatus(ActivityStatusCode.Error, error.Kind.Name());
        }
    }
}
