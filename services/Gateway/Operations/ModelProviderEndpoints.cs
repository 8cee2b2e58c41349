using Platform.Contracts.ModelGateway.V1;
using Platform.Gateway.Chat;
using Platform.Gateway.Problems;

namespace Platform.Gateway.Operations;

/// <summary>A provider of models, and why it cannot be asked when it cannot.</summary>
public sealed record ProviderView(string Name, string Kind, int Priority, double Weight, IReadOnlyList<string> Models, bool Available, string? Reason, string BaseUrl);

/// <summary>The breaker of a provider's endpoint.</summary>
/// <param name="State">"closed", "open" or "halfOpen".</param>
/// <param name="Forced">Held by hand.</param>
/// <param name="Local">It could not be shared with the other replicas.</param>
public sealed record BreakerView(string Provider, string Endpoint, string State, int Failures, DateTimeOffset? OpenedAt, DateTimeOffset? HalfOpenAt, bool Forced, bool Local);

/// <summary>What a breaker shall be.</summary>
/// <param name="State">"open" holds until it is set again; "closed" begins afresh.</param>
public sealed record BreakerRequest(string? State);

/// <summary>Model providers and their breakers (requirement G2).</summary>
internal static class ModelProviderEndpoints
{
    private const int MostBytes = 4096;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    public static void MapModelProviders(this IEndpointRouteBuilder operations)
    {
        operations.MapGet("/providers", ProvidersAsync).WithName("ModelProviders")
            .WithSummary("Model providers in the order in which they are asked.").Produces<IReadOnlyList<ProviderView>>();
        operations.MapGet("/breakers", BreakersAsync).WithName("ModelBreakers")
            .WithSummary("The breaker of every provider and endpoint that was used.").Produces<IReadOnlyList<BreakerView>>();
        operations.MapPut("/breakers/{provider}/{endpoint}", SetAsync).WithName("SetModelBreaker").Accepts<BreakerRequest>("application/json")
            .WithSummary("Opens or closes a breaker by hand, for all replicas.").Produces<BreakerView>().ProducesValidationProblem().ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<IReadOnlyList<ProviderView>> ProvidersAsync(ModelGatewayService.ModelGatewayServiceClient models, TimeProvider time, CancellationToken cancellationToken)
    {
        ListProvidersResponse response = await models.ListProvidersAsync(new ListProvidersRequest(), time.Within(Limit, cancellationToken));
        return [.. response.Providers.Select(provider => new ProviderView(
            provider.Name, provider.Kind, provider.Priority, provider.Weight, provider.Models, provider.Available, provider.Reason.Length > 0 ? provider.Reason : null, provider.BaseUrl))];
    }

    private static async Task<IReadOnlyList<BreakerView>> BreakersAsync(ModelGatewayService.ModelGatewayServiceClient models, TimeProvider time, CancellationToken cancellationToken)
    {
        ListBreakersResponse response = await models.ListBreakersAsync(new ListBreakersRequest(), time.Within(Limit, cancellationToken));
        return [.. response.Breakers.Select(View)];
    }

    private static async Task<IResult> SetAsync(
        HttpContext http, string provider, string endpoint, ModelGatewayService.ModelGatewayServiceClient models, TimeProvider time, CancellationToken cancellationToken)
    {
        (BreakerRequest? change, IResult? problem) = await RequestBody.ReadAsync(http, GatewayJson.Default.BreakerRequest, MostBytes, cancellationToken);
        if (change is null)
        {
            return problem!;
        }

        BreakerState state = change.State switch { "open" => BreakerState.Open, "closed" => BreakerState.Closed, _ => BreakerState.Unspecified };
        return state == BreakerState.Unspecified
            ? ProblemMapping.Invalid(http, "state", "must be open or closed")
            : Results.Ok(View(await models.SetBreakerAsync(new SetBreakerRequest { Provider = provider, Endpoint = endpoint, State = state }, time.Within(Limit, cancellationToken))));
    }

    private static BreakerView View(Breaker breaker) => new(
        breaker.Provider, breaker.Endpoint, breaker.State switch { BreakerState.Open => "open", BreakerState.HalfOpen => "halfOpen", _ => "closed" },
        breaker.Failures, ChatViews.Moment(breaker.OpenedAt), ChatViews.Moment(breaker.HalfOpenAt), breaker.Forced, breaker.Local);
}
