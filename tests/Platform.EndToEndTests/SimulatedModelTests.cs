using System.Net.Http.Json;
using System.Text.Json;
using Aspire.Hosting.Testing;
using Xunit;

namespace Platform.EndToEndTests;

/// <summary>The platform as <c>dotnet run --project AppHost -- --with-simulator</c> starts it: a model phrases its answers.</summary>
public sealed class SimulatedModelTests(SimulatedModelTests.PlatformWithModels with) : IClassFixture<SimulatedModelTests.PlatformWithModels>
{
    private const string Question = "What is the status of Delta Industries?";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Chat_Whole_WasPhrasedByTheModelAndPassedTheGates()
    {
        JsonElement answer = await with.Platform.AskAsync(Question);

        Assert.Equal("model", answer.GetProperty("method").GetString());
        Assert.Equal("simulator", answer.GetProperty("model").GetProperty("provider").GetString());
        Assert.Equal("sim-large", answer.GetProperty("model").GetProperty("model").GetString());
        Assert.True(answer.GetProperty("model").GetProperty("outputTokens").GetInt64() > 0);
        Assert.Contains("Delta Industries", answer.GetProperty("answer").GetString(), StringComparison.Ordinal);
        await AssertAskedAsync();
    }

    [Fact]
    public async Task Chat_Streamed_CompletesWithTheModelsAnswer()
    {
        using HttpClient http = with.Platform.CreateClient();
        using HttpResponseMessage response = await http.PostAsJsonAsync("/api/chat/stream", new { query = Question }, Token);
        string events = await response.Content.ReadAsStringAsync(Token);

        Assert.True(response.IsSuccessStatusCode, events);
        Assert.Contains("\"method\":\"model\"", events, StringComparison.Ordinal);
        Assert.Contains("\"provider\":\"simulator\"", events, StringComparison.Ordinal);
        await AssertAskedAsync();
    }

    [Fact]
    public async Task Chat_ModelInventsNumbers_AnswersWithoutThem()
    {
        await ScriptAsync(new { otherwise = "invents-numbers+latency-1+pace-0" });
        try
        {
            JsonElement answer = await with.Platform.AskAsync(Question);

            Assert.DoesNotContain("1,234,567.89", answer.GetProperty("answer").GetString(), StringComparison.Ordinal);
        }
        finally
        {
            await ScriptAsync(new { otherwise = "grounded" });
        }
    }

    private async Task ScriptAsync(object script)
    {
        using HttpClient simulator = with.Simulator();
        using HttpResponseMessage response = await simulator.PostAsJsonAsync("/simulator/script", script, Token);
        response.EnsureSuccessStatusCode();
    }

    private async Task AssertAskedAsync()
    {
        using HttpClient simulator = with.Simulator();
        JsonElement requests = JsonElement.Parse(await simulator.GetStringAsync("/simulator/requests", Token));
        Assert.Contains(requests.EnumerateArray(), request => request.GetProperty("path").GetString() == "/v1/chat/completions" && request.GetProperty("end").GetString() == "answered");
    }

    /// <summary>A system of its own beside the one that the other tests share.</summary>
    public sealed class PlatformWithModels : IAsyncLifetime
    {
        internal RunningPlatform Platform { get; } = new() { Arguments = ["--with-simulator"] };

        internal HttpClient Simulator() => new() { BaseAddress = Platform.App.GetEndpoint("provider-simulator", "http") };

        public ValueTask InitializeAsync() => Platform.InitializeAsync();

        public ValueTask DisposeAsync() => Platform.DisposeAsync();
    }
}
