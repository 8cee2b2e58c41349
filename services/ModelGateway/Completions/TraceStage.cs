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

            usage = updates.Current.Contents.OfType<UsageContent>().LastOrDefault()?.Details ?? usage;
            yield return updates.Current;
        }

        End(span, options, usage, null);
    }

    private static Activity? Start(ChatOptions? options)
    {
        var call = ModelCall.Of(options);
        var span = ModelGatewayMetrics.Source.StartActivity($"chat {call.LogicalModel}", ActivityKind.Client);
        span?.SetTag("gen_ai.operation.name", "chat");
        span?.SetTag("platform.operation", call.Operation);
        return span;
    }

    private static void End(Activity? span, ChatOptions? options, UsageDetails? usage, ProviderException? error)
    {
        if (span is null)
        {
            return;
        }

        var call = ModelCall.Of(options);
        span.SetTag("gen_ai.provider.name", call.Provider?.Name);
        span.SetTag("gen_ai.request.model", call.ProviderModel);
        span.SetTag("platform.attempts", call.Attempts);
        if (usage is not null)
        {
            span.SetTag("gen_ai.usage.input_tokens", usage.InputTokenCount);
            span.SetTag("gen_ai.usage.output_tokens", usage.OutputTokenCount);
        }

        if (error is not null)
        {
            span.SetTag("error.type", error.Kind.Name());
            span.SetStatus(ActivityStatusCode.Error, error.Kind.Name());
        }
    }
}
