using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Platform.Contracts.ModelGateway.V1;
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
    UsageLedger ledger,
    ModelGatewayMetrics metrics,
    IRequestContextAccessor accessor,
    IOptionsMonitor<ModelGatewayOptions> options,
    TimeProvider time)
{
    internal async Task<CompletionResponse> CompleteAsync(CompletionRequest request, CancellationToken cancellationToken)
    {
        var (call, messages, chatOptions) = Begin(request);
        var account = new Account(this, call, request, messages);
        try
        {
            var response = await pipeline.GetResponseAsync(messages, chatOptions, cancellationToken);
            return CompletionMapping.Response(response, account.Success(response.Usage, OutputLength(response)));
        }
        catch (ProviderException error)
        {
            account.Failure(error.Kind.Name());
            throw error.ToRpc();
        }
        catch (OperationCanceledException)
        {
            account.Failure("cancelled");
            throw;
        }
    }

    internal async IAsyncEnumerable<CompletionEvent> StreamAsync(CompletionRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (call, messages, chatOptions) = Begin(request);
        var account = new Account(this, call, request, messages);
        var updates = new List<ChatResponseUpdate>();
        await using var source = pipeline.GetStreamingResponseAsync(messages, chatOptions, cancellationToken).GetAsyncEnumerator(cancellationToken);
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
                account.Failure(error.Kind.Name());
                throw error.ToRpc();
            }
            catch (OperationCanceledException)
            {
                account.Failure("cancelled");
                throw;
            }

            var update = source.Current;
            updates.Add(update);
            account.Progress();
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
        yield return new CompletionEvent
        {
            Completed = CompletionMapping.Response(response, account.Success(response.Usage, OutputLength(response))),
        };
    }

    internal async Task<EmbedResponse> EmbedAsync(EmbedRequest request, CancellationToken cancellationToken)
    {
        var model = request.Model.Length == 0 ? ModelOptions.Embedding : request.Model;
        var call = Begin(model, request.Operation);
        var account = new Account(this, call, request.Texts.Sum(text => (long)text.Length));
        try
        {
            await limiter.TakeAsync(call.Organization, model, accessor.Current.Remaining(time), cancellationToken);
            var (vectors, usage) = await router.CallAsync(
                call, "embeddings", (provider, token) => provider.Client!.EmbedAsync(provider.ModelFor(model)!, request.Texts, token), cancellationToken);
            var response = new EmbedResponse { Report = account.Success(usage, 0) };
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
            account.Failure(error.Kind.Name());
            throw error.ToRpc();
        }
    }

    internal async Task<ModerateResponse> ModerateAsync(ModerateRequest request, CancellationToken cancellationToken)
    {
        var call = Begin(ModelOptions.Moderation, request.Operation);
        var account = new Account(this, call, request.Text.Length);
        try
        {
            await limiter.TakeAsync(call.Organization, ModelOptions.Moderation, accessor.Current.Remaining(time), cancellationToken);
            var (flagged, categories) = await router.CallAsync(
                call, "moderations", (provider, token) => provider.Client!.ModerateAsync(provider.ModelFor(ModelOptions.Moderation)!, request.Text, token), cancellationToken);
            return new ModerateResponse { Flagged = flagged, Categories = { categories.ToDictionary() }, Report = account.Success(null, 0) };
        }
        catch (ProviderException error)
        {
            account.Failure(error.Kind.Name());
            throw error.ToRpc();
        }
    }

    private (ModelCall Call, List<ChatMessage> Messages, ChatOptions Options) Begin(CompletionRequest request)
    {
        CompletionMapping.Validate(request);
        var call = Begin(request.Model.Length == 0 ? ModelOptions.Primary : request.Model, request.Operation);
        var chatOptions = CompletionMapping.Options(request, options.CurrentValue.Model(call.LogicalModel));
        call.Attach(chatOptions);
        return (call, CompletionMapping.Messages(request), chatOptions);
    }

    private ModelCall Begin(string model, string operation)
    {
        var call = new ModelCall(accessor.Current.OrganizationId, model, operation.Length == 0 ? "unspecified" : operation);
        return router.Candidates(call).Count > 0 ? call : throw ModelErrors.NoProvider(model);
    }

    private static long OutputLength(ChatResponse response) =>
        response.Text.Length + response.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>().Sum(call => (long)CompletionMapping.Call(call).ArgumentsJson.Length);

    /// <summary>The accounting of one call: metrics always, a usage row once a provider was asked.</summary>
    private sealed class Account
    {
        private readonly CompletionCalls _owner;
        private readonly ModelCall _call;
        private readonly CompletionRequest? _request;
        private readonly long _inputLength;
        private readonly long _began;
        private TimeSpan _firstToken;

        internal Account(CompletionCalls owner, ModelCall call, CompletionRequest request, List<ChatMessage> messages)
            : this(owner, call, messages.Sum(message => (long)message.Text.Length)) => _request = request;

        internal Account(CompletionCalls owner, ModelCall call, long inputLength) =>
            (_owner, _call, _inputLength, _began) = (owner, call, inputLength, owner.time.GetTimestamp());

        internal void Progress()
        {
            if (_firstToken == TimeSpan.Zero)
            {
                _firstToken = _owner.time.GetElapsedTime(_began);
                _owner.metrics.FirstToken(_call.ProviderModel, _firstToken);
            }
        }

        internal CallReport Success(UsageDetails? usage, long outputLength)
        {
            var tokens = Pricing.Count(usage, _inputLength, outputLength);
            var price = Pricing.Cost(_call.Provider?.Options, _call.ProviderModel, tokens);
            var duration = Close("success", tokens, price);
            return CompletionMapping.Report(_call, tokens, price, duration, _firstToken);
        }

        internal void Failure(string outcome) => Close(outcome, TokenCount.None, Pricing.Cost(null, "", TokenCount.None));

        private TimeSpan Close(string outcome, TokenCount tokens, Price price)
        {
            var duration = _owner.time.GetElapsedTime(_began);
            _owner.metrics.Called(_call.ProviderModel, _call.Operation, _request?.Complexity ?? "", outcome, duration);
            _owner.metrics.Used(_call.ProviderModel, _call.Organization, tokens.Input, tokens.Output, price.Amount, price.Currency);
            if (_call.Provider is { } provider)
            {
                _owner.ledger.Add(new UsageRow(
                    _call.Organization, CallId(outcome), _owner.accessor.Current.RequestId, _call.Operation, provider.Name, _call.ProviderModel,
                    _request?.PromptName is { Length: > 0 } prompt ? prompt : null, _request?.PromptVersion is > 0 and var version ? version : null,
                    tokens, price, outcome, duration, _owner.time.GetUtcNow()));
            }

            return duration;
        }

        // A failure must not take the key, or the repetition that succeeds would not be charged.
        private string CallId(string outcome) =>
            outcome == "success" && _request?.IdempotencyKey is { Length: > 0 } key ? key : $"call-{Guid.NewGuid():n}";
    }
}
