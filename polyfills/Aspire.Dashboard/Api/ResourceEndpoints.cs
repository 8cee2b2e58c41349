using Aspire.Dashboard.Resources;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Aspire.Dashboard.Api;

/// <summary>Resources: state, output, health, commands.</summary>
internal static class ResourceEndpoints
{
    private const int MostLines = 5_000;

    public static void MapResources(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/resources", (IResourceBoard board) => new { application = board.ApplicationName, resources = board.List() });
        routes.MapGet("/api/resources/{name}/console", (string name, long? after, string? text, int? limit, IResourceBoard board) =>
            board.Console(name, new ConsoleQuery(after ?? 0, Filter.Text(text), Math.Clamp(limit ?? 1_000, 1, MostLines))) is { } lines
                ? Results.Ok(lines)
                : NoResource(name));
        routes.MapGet("/api/resources/{name}/console/download", (string name, IResourceBoard board) =>
            board.ConsoleFile(name) is { } file && File.Exists(file)
                ? Results.Stream(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete), "text/plain; charset=utf-8", $"{name}.log")
                : NoResource(name));
        routes.MapGet("/api/resources/{name}/health", async (string name, HealthReader health, CancellationToken cancellationToken) =>
            await health.ReadAsync(name, "", cancellationToken).ConfigureAwait(false));
        routes.MapGet("/api/resources/{name}/budgets", async (string name, HealthReader health, CancellationToken cancellationToken) =>
            await health.ReadAsync(name, "/budgets", cancellationToken).ConfigureAwait(false));
        routes.MapPost("/api/resources/{name}/commands/{command}", async (string name, string command, IResourceBoard board, CancellationToken cancellationToken) =>
        {
            var outcome = await board.ExecuteAsync(name, command, cancellationToken).ConfigureAwait(false);
            return outcome.Success ? Results.Ok(outcome) : Results.Problem(outcome.Message, statusCode: StatusCodes.Status409Conflict);
        });
    }

    private static IResult NoResource(string name) => Results.Problem($"There is no output of a resource '{name}'.", statusCode: StatusCodes.Status404NotFound);
}
