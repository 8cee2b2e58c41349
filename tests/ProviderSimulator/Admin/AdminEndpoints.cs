using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Platform.ProviderSimulator.Faults;

namespace Platform.ProviderSimulator.Admin;

/// <summary>Scripts and records over HTTP, for tests in other processes.</summary>
internal static class AdminEndpoints
{
    private static readonly JsonSerializerOptions Shape = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) } };

    internal static void MapAdmin(this WebApplication app, Simulator simulator)
    {
        app.MapGet("/health", () => Results.Text("Healthy"));
        app.MapGet("/simulator/faults", () => Results.Json(Behaviour.Names, Shape));
        app.MapGet("/simulator/requests", () => Results.Json(simulator.Requests.All, Shape));
        app.MapDelete("/simulator/requests", () =>
        {
            simulator.Requests.Clear();
            return Results.NoContent();
        });

        // [{"behaviour": "status-429+retry-after-1", "times": 3}, …]; "otherwise": what follows when the queue is empty.
        app.MapPost("/simulator/script", async http =>
        {
            try
            {
                var script = await JsonSerializer.DeserializeAsync<ScriptRequest>(http.Request.Body, Shape, http.RequestAborted) ?? new ScriptRequest();
                var steps = script.Then.Select(step => (Behaviour.Parse(step.Behaviour), step.Times)).ToArray();
                simulator.Script.Otherwise = script.Otherwise is null ? simulator.Script.Otherwise : Behaviour.Parse(script.Otherwise);
                foreach (var (behaviour, times) in steps)
                {
                    simulator.Script.Then(behaviour, times);
                }

                http.Response.StatusCode = StatusCodes.Status204NoContent;
            }
            catch (Exception wrong) when (wrong is JsonException or FormatException)
            {
                await Results.Text(wrong.Message, statusCode: StatusCodes.Status400BadRequest).ExecuteAsync(http);
            }
        });
        app.MapDelete("/simulator/script", () =>
        {
            simulator.Script.Clear();
            return Results.NoContent();
        });
    }

    private sealed record ScriptRequest
    {
        public IReadOnlyList<Step> Then { get; init; } = [];

        public string? Otherwise { get; init; }
    }

    private sealed record Step(string Behaviour, int Times = 1);
}
