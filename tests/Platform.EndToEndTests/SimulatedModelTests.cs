using System.Net.Http.Json;
using System.Text.Json;
using Xunit;

namespace Platform.EndToEndTests;

/// <summary>The platform as <c>dotnet run --project AppHost -- --with-simulator</c> starts it: a model phrases its answers.</summary>
[Collection(PlatformWithModels.Collection)]
public sealed class SimulatedModelTests(PlatformWithModels with)
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
        // The simulated model says the draft again; what closes an answer is not for it to say.
        Assert.Equal(2, answer.GetProperty("answer").GetString()!.Split("Figures as of").Length);
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
        await with.ScriptAsync(new { otherwise = "invents-numbers+latency-1+pace-0" });
        try
        {
            JsonElement answer = await with.Platform.AskAsync(Question);

            Assert.DoesNotContain("1,234,567.89", answer.GetProperty("answer").GetString(), StringComparison.Ordinal);
        }
        finally
        {
            await with.AnswerAsync();
        }
    }

    private async Task AssertAskedAsync()
    {
        using HttpClient simulator = with.Simulator();
        JsonElement requests = JsonElement.Parse(await simulator.GetStringAsync("/simulator/requests", Token));
        Assert.Contains(requests.EnumerateArray(), request => request.GetProperty("path").GetString() == "/v1/chat/completions" && request.GetProperty("end").GetString() == "answered");
    }
}
