using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Platform.Contracts.ModelGateway.V1;
using Platform.ModelGateway.Breakers;
using Platform.ModelGateway.Providers;
using Platform.ServiceDefaults;

namespace Platform.ModelGateway.Completions;

/// <summary>The contract's ModelGatewayService.</summary>
internal sealed class ModelGatewayGrpcService(CompletionCalls calls, CompletionPrompt prompt, ProviderDirectory directory, BreakerRegistry breakers)
    : ModelGatewayService.ModelGatewayServiceBase
{
    private const int MostTexts = 256;

    private static readonly string[] Endpoints = ["chat", "embeddings", "moderations"];

    public override async Task<CompletionResponse> Complete(CompletionRequest request, ServerCallContext context)
    {
        var rendered = await prompt.RenderAsync(request, context.CancellationToken);
        var response = await calls.CompleteAsync(request, context.CancellationToken);
        response.Prompt = rendered;
        return response;
    }

    public override async Task CompleteStream(CompletionRequest request, IServerStreamWriter<CompletionEvent> responseStream, ServerCallContext context)
    {
        if (await prompt.RenderAsync(request, context.CancellationToken) is { } rendered)
        {
            await responseStream.WriteAsync(new CompletionEvent { Rendered = rendered }, context.CancellationToken);
        }

        await foreach (var part in calls.StreamAsync(request, context.CancellationToken))
        {
            await responseStream.WriteAsync(part, context.CancellationToken);
        }
    }

    public override Task<EmbedResponse> Embed(EmbedRequest request, ServerCallContext context) =>
        request.Texts.Count is >= 1 and <= MostTexts && request.Texts.All(text => text.Length > 0)
            ? calls.EmbedAsync(request, context.CancellationToken)
            : throw RpcErrors.InvalidArgument("texts", $"must be 1 to {MostTexts} texts that are not empty");

    public override Task<ModerateResponse> Moderate(ModerateRequest request, ServerCallContext context) =>
        request.Text.Length > 0
            ? calls.ModerateAsync(request, context.CancellationToken)
            : throw RpcErrors.InvalidArgument("text", "must not be empty");

    public override Task<ListProvidersResponse> ListProviders(ListProvidersRequest request, ServerCallContext context)
    {
        var response = new ListProvidersResponse();
        response.Providers.AddRange(directory.All
            .OrderBy(provider => provider.Options.Priority)
            .ThenBy(provider => provider.Name, StringComparer.Ordinal)
            .Select(Describe));
        return Task.FromResult(response);
    }

    public override Task<ListBreakersResponse> ListBreakers(ListBreakersRequest request, ServerCallContext context)
    {
        var response = new ListBreakersResponse();
        response.Breakers.AddRange(breakers.All().Select(breaker => Describe(breaker.Provider, breaker.Endpoint, breaker.State, breaker.Local)));
        return Task.FromResult(response);
    }

    public override async Task<Breaker> SetBreaker(SetBreakerRequest request, ServerCallContext context)
    {
        if (directory.All.All(provider => provider.Name != request.Provider))
        {
            throw RpcErrors.NotFound("provider", request.Provider);
        }

        var endpoint = request.Endpoint.Length == 0 ? Endpoints[0] : request.Endpoint;
        if (!Endpoints.Contains(endpoint))
        {
            throw RpcErrors.InvalidArgument("endpoint", $"must be one of {string.Join(", ", Endpoints)}");
        }

        var breaker = breakers.For(request.Provider, endpoint);
        await breaker.ForceAsync(request.State switch
        {
            BreakerState.Open => BreakerPhase.Open,
            BreakerState.Closed => BreakerPhase.Closed,
            _ => throw RpcErrors.InvalidArgument("state", "must be OPEN or CLOSED"),
        });
        return Describe(request.Provider, endpoint, breaker.Snapshot(), breaker.IsLocal);
    }

    private Provider Describe(ModelProvider provider)
    {
        var phase = breakers.For(provider.Name, Endpoints[0]).Snapshot().Phase;
        var described = new Provider
        {
            Name = provider.Name,
            Kind = provider.Options.Kind,
            Priority = provider.Options.Priority,
            Weight = provider.Options.Weight,
            BaseUrl = provider.Options.BaseUrl,
            Available = provider.HasKey && phase != BreakerPhase.Open,
            Reason = !provider.HasKey ? provider.Reason : phase == BreakerPhase.Open ? "its breaker is open" : "",
        };
        described.Models.AddRange(provider.Options.Models.Keys.Order(StringComparer.Ordinal));
        return described;
    }

    private static Breaker Describe(string provider, string endpoint, BreakerSnapshot state, bool local) => new()
    {
        Provider = provider,
        Endpoint = endpoint,
        State = state.Phase switch
        {
            BreakerPhase.Open => BreakerState.Open,
            BreakerPhase.HalfOpen => BreakerState.HalfOpen,
            _ => BreakerState.Closed,
        },
        Failures = state.Failures,
        OpenedAt = state.OpenedAt?.ToTimestamp(),
        HalfOpenAt = state.HalfOpenAt?.ToTimestamp(),
        Forced = state.Forced,
        Local = local,
    };
}
