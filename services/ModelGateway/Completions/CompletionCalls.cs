using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;
using Platform.Contracts.ModelGateway.V1;
using Platform.ModelGateway.Audit;
using Platform.ModelGateway.Limits;
using Platform.ModelGateway.Providers;
using Platform.ModelGateway.Telemetry;
using Platform.ModelGateway.Usage;
using Platform.ServiceDefaults;

namespace Platform.ModelGateway.Completions;

/// <summary>Runs model calls through the pipeline and accounts for them, whatever their end.</summary>
internal sealed class CompletionCalls(
    [FromKeyedServices(CompletionRegistration.Pipeline)] IChatClient pipeline,
    ProviderRouter router,
    ModelLimiter limiter,
    CallAccounts accounts,
    GuardedTexts guard,
    IRequestContextAccessor accessor,
    IOptionsMonitor<ModelGatewayOptions> options,
    TimeProvider time)
{
    internal async Task<CompletionResponse> CompleteAsync(CompletionRequest request, CancellationToken cancellationToken)
    {
        var (call, messages, chatOptions) = Begin(request);
        await using var account = accounts.Begin(call, CompletionMapping.Subject(request, chatOptions));
        try
        {
            var response = await pipeline.GetResponseAsync(messages, chatOptions, cancellationToken);
            return CompletionMapping.Response(response, await account.SuccessAsync(response.Usage, OutputLength(response)));
        }
        catch (ProviderException error)
        {
            await account.FailureAsync(error.Kind.Name());
            throw error.ToRpc();
        }
    }

    internal async IAsyncEnumerable<CompletionEvent> StreamAsync(CompletionRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (call, messages, chatOptions) = Begin(request);
        await using var account = accounts.Begin(call, CompletionMapping.Subject(request, chatOptions));
        var updates = new List<ChatResponseUpdate>();
        await using var source = pipeline.GetStreamingResponseAsync(messages, chatOptions, cancellationToken).GetAsyncEnumerator(cancellationToken);
        ProviderException? failure = null;
        while (true)
        {
            try
            {
                if (!await source.MoveNextAsync())
                {
                    break;
                }
            }
            catch (ProviderException error)
            {
                failure = error;
                break;
            }

            var update = source.Current;
            if (StreamReset.In(update) is { } reset)
            {
                updates.Clear();
                yield return new CompletionEvent { Reset = reset.Provider };
                continue;
            }

            updates.Add(update);
            account.Progress(update);
            if (update.Text.Length > 0)
            {
                yield return new CompletionEvent { Delta = update.Text };
            }

            foreach (var toolCall in update.Contents.OfType<FunctionCallContent>())
            {
                yield return new CompletionEvent { ToolCall = CompletionMapping.Call(toolCall) };
            }
        }

        var response = updates.ToChatResponse();
        if (failure is null)
        {
            yield return new CompletionEvent
            {
                Completed = CompletionMapping.Response(response, await account.SuccessAsync(response.Usage, OutputLength(response))),
            };
            yield break;
        }

        var report = await account.FailureAsync(failure.Kind.Name());
        if (updates.Count > 0)
        {
            yield return new CompletionEvent { Interrupted = CompletionMapping.Interruption(response, failure, report) };
        }

        throw failure.ToRpc();
    }

    internal async Task<EmbedResponse> EmbedAsync(EmbedRequest request, CancellationToken cancellationToken)
    {
        var model = request.Model.Length == 0 ? ModelOptions.Embedding : request.Model;
        var call = Begin(model, request.Operation, GenAiNames.Embeddings);
        await using var account = accounts.Begin(call, new CallSubject(request.Texts.Sum(text => (long)text.Length), TokenCounting.UpperEstimate(request.Texts), 0));
        try
        {
            await limiter.TakeAsync(call.Organization, model, accessor.Current.Remaining(time), cancellationToken);
            await account.BeginAsync(cancellationToken);
            var (vectors, usage) = await guard.CallAsync(call, "embed", request.Texts, texts => router.CallAsync(
                call, "embeddings", (provider, token) => provider.Client!.EmbedAsync(provider.ModelFor(model)!, texts, token), cancellationToken), cancellationToken);
            var response = new EmbedResponse { Report = await account.SuccessAsync(usage, 0) };
            foreach (var vector in vectors)
            {
                var embedding = new Contracts.ModelGateway.V1.Embedding();
                embedding.Values.AddRange(vector);
                response.Embeddings.Add(embedding);
            }

            return response;
        }
        catch (ProviderException error)
        {
            await account.FailureAsync(error.Kind.Name());
            throw error.ToRpc();
        }
    }

    internal async Task<ModerateResponse> ModerateAsync(ModerateRequest request, CancellationToken cancellationToken)
    {
        var call = Begin(ModelOptions.Moderation, request.Operation, GenAiNames.Moderation);
        await using var account = accounts.Begin(call, new CallSubject(request.Text.Length, TokenCounting.UpperEstimate([request.Text]), 0));
        try
        {
            await limiter.TakeAsync(call.Organization, ModelOptions.Moderation, accessor.Current.Remaining(time), cancellationToken);
            await account.BeginAsync(cancellationToken);
            var (flagged, categories) = await guard.CallAsync(call, "moderate", [request.Text], texts => router.CallAsync(
                call, "moderations", (provider, token) => provider.Client!.ModerateAsync(provider.ModelFor(ModelOptions.Moderation)!, texts[0], token), cancellationToken), cancellationToken);
            return new ModerateResponse { Flagged = flagged, Categories = { categories.ToDictionary() }, Report = await account.SuccessAsync(null, 0) };
        }
        catch (ProviderException error)
        {
            await account.FailureAsync(error.Kind.Name());
            throw error.ToRpc();
        }
    }

    private (ModelCall Call, List<ChatMessage> Messages, ChatOptions Options) Begin(CompletionRequest request)
    {
        CompletionValidation.Validate(request);
        var call = Begin(request.Model.Length == 0 ? ModelOptions.Primary : request.Model, request.Operation);
        var chatOptions = CompletionMapping.Options(request, options.CurrentValue.Model(call.LogicalModel), call.Organization);
        call.Attach(chatOptions);
        return (call, CompletionMapping.Messages(request), chatOptions);
    }

    private ModelCall Begin(string model, string operation, string kind = GenAiNames.Chat)
    {
        var call = new ModelCall(accessor.Current.OrganizationId, model, operation.Length == 0 ? "unspecified" : operation) { Kind = kind };
        return router.Serves(call) ? call : throw ModelErrors.NoProvider(model);
    }

    private static long OutputLength(ChatResponse response) =>
        response.Text.Length + response.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>().Sum(call => (long)CompletionMapping.Call(call).ArgumentsJson.Length);
}
