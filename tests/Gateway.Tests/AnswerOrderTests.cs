using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using Platform.Contracts.Memory.V1;
using Platform.Contracts.PatternAnalysis.V1;
using Xunit;

namespace Platform.Gateway.Tests;

/// <summary>The order of work of an answer (A2), read from its own trace and from the deadlines that services see.</summary>
public sealed class AnswerOrderTests : IAsyncLifetime
{
    private readonly FakePlatform platform = new();

    public ValueTask InitializeAsync() => platform.InitializeAsync();

    public ValueTask DisposeAsync() => platform.DisposeAsync();

    [Fact]
    public async Task Trace_OfAnAnswer_ShowsRetrievalsOverlappingAndTheOtherStagesInOrder()
    {
        // Each answers only when all are being asked, which never happens one after the other.
        TaskCompletionSource all = new(TaskCreationOptions.RunContinuationsAsynchronously);
        CountdownEvent begun = new(3);
        async Task<T> TogetherAsync<T>(T reply, CancellationToken stop)
        {
            if (begun.Signal())
            {
                all.SetResult();
            }

            await all.Task.WaitAsync(stop);
            return reply;
        }

        platform.GetPatterns = (_, stop) => TogetherAsync(new GetPatternsResponse(), stop);
        platform.GetFacts = (_, stop) => TogetherAsync(FakePlatform.Facts(), stop);
        platform.RetrieveMemories = (_, stop) => TogetherAsync(new RetrieveResponse(), stop);
        string trace = ActivityTraceId.CreateRandom().ToHexString();
        ConcurrentDictionary<string, (DateTime From, DateTime Until)> spans = new();
        using ActivityListener listener = new()
        {
            ShouldListenTo = source => source.Name is "Platform.Gateway" or "Microsoft.AspNetCore",
            Sample = (ref _) => ActivitySamplingResult.AllData,
            ActivityStopped = span =>
            {
                if (span.Source.Name == "Platform.Gateway" && span.TraceId.ToHexString() == trace)
                {
                    spans[span.OperationName] = (span.StartTimeUtc, span.StartTimeUtc + span.Duration);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        await using GatewayHost gateway = new(platform);
        using HttpClient http = gateway.CreateClient();
        using HttpRequestMessage request = new(HttpMethod.Post, "/api/chat") { Content = new StringContent("""{"query":"status"}""", null, "application/json") };
        request.Headers.Add("traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom().ToHexString()}-01");

        using HttpResponseMessage response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        JsonElement timings = JsonElement.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).GetProperty("timings");
        double[] times = [.. ((string[])["memories", "patterns", "facts"]).Select(part => timings.GetProperty(part).GetDouble())];

        (DateTime From, DateTime Until)[] retrievals = [spans["memories"], spans["patterns"], spans["facts"]];
        Assert.True(retrievals.Max(s => s.From) < retrievals.Min(s => s.Until), "each begins before any ends");
        Assert.True(timings.GetProperty("retrieval").GetDouble() < times.Sum(), timings.GetRawText());
        string[] order = ["entity_resolution", "understanding", "retrieval", "synthesis", "generation"];
        foreach ((string before, string after) in order.Zip(order.Skip(1)))
        {
            Assert.True(spans[before].Until <= spans[after].From, $"{before} ends before {after} begins");
        }
    }

    [Fact]
    public async Task Deadlines_OfTheCalls_NeverOutlastTheWholeAnswer()
    {
        await using GatewayHost gateway = new(platform, ("gateway:chat:total", "00:00:03"), ("gateway:chat:retrieval", "00:00:05"));
        await gateway.AskAsync(new { query = "status" });
        platform.Deadlines.Clear();
        DateTime began = TimeProvider.System.GetUtcNow().UtcDateTime;

        await gateway.AskAsync(new { query = "status", sessionId = "s-1" });

        // The retrieval alone might take five seconds and the writing three; a deadline travels as the time that is left.
        (string Method, DateTime Deadline)[] calls = [.. platform.Deadlines.Where(d => d.Method != "RecordInteraction")];
        Assert.Equal(8, calls.Length);
        Assert.All(calls, call => Assert.True(call.Deadline - began < TimeSpan.FromSeconds(4.5), $"{call.Method} has {call.Deadline - began}"));
    }

    [Fact]
    public async Task Total_UsedUpByAStage_TheAnswerComesFromWhatIsThere()
    {
        TaskCompletionSource<Contracts.ResponseGeneration.V1.GenerateResponse> never = new();
        platform.Generate = (_, stop) => never.Task.WaitAsync(stop);
        await using GatewayHost gateway = new(platform, ("gateway:chat:total", "00:00:01.500"));
        long began = TimeProvider.System.GetTimestamp();

        (_, JsonElement body) = await gateway.AskAsync(new { query = "status" });

        Assert.Equal("context", body.GetProperty("method").GetString());
        Assert.InRange(TimeProvider.System.GetElapsedTime(began).TotalSeconds, 0, 8);
    }
}
