using Microsoft.Extensions.Options;
using Platform.Gateway.Authentication;
using Platform.Gateway.Problems;

namespace Platform.Gateway.Operations;

/// <summary><c>/api/operations</c>: for operators and their tools. With API keys, only for keys that are marked so.</summary>
internal static class OperationsEndpoints
{
    public static void MapOperations(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder operations = routes.MapGroup("/api/operations").WithTags("Operations")
            .AddEndpointFilter(RefuseOthersAsync)
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden);

        operations.MapGet("/scrape-targets", (PlatformProcesses processes, HttpRequest request) => processes.Groups(request.Host))
            .WithName("ScrapeTargets")
            .WithSummary("Addresses of every process with /metrics, as Prometheus's HTTP service discovery reads them.");
        operations.MapGet("/budgets", (PlatformProcesses processes, HttpRequest request, CancellationToken cancellationToken) =>
                processes.BudgetsAsync(request.Host, cancellationToken))
            .WithName("Budgets")
            .WithSummary("Current percentiles of each operation against its budget, from every process.");
        operations.MapModelUsage();
        operations.MapModelProviders();
    }

    private static async ValueTask<object?> RefuseOthersAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        HttpContext http = context.HttpContext;
        string mode = http.RequestServices.GetRequiredService<IOptionsMonitor<AuthenticationOptions>>().CurrentValue.Mode;
        return mode == "none" || http.Features.Get<ApiKey>() is { Operator: true }
            ? await next(context)
            : ProblemMapping.NotAnOperator(http);
    }
}
