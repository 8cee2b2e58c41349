using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Aspire.Hosting.Testing;
using Xunit;

namespace Platform.EndToEndTests;

/// <summary>One request is one trace through every service, its queue and its model call; logs and metrics tell the same story.</summary>
[Collection(PlatformWithModels.Collection)]
public sealed class TraceTests(PlatformWithModels with)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly string[] Services =
        ["gateway", "entity-resolution", "memory", "pattern-analysis", "data-questions", "context-synthesis", "response-generation", "model-gateway"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Chat_WithAModel_IsOneTraceFromEdgeToQueue()
    {
        const string Private = "jane.roe@example.com";
        double answersBefore = await CountAsync("gateway", "platform_answers_total");
        double callsBefore = await CountAsync("model-gateway", "platform_llm_calls_total");
        double storedBefore = await CountAsync("memory", "platform_memory_interactions_total");

        JsonElement answer = await with.Platform.AskAsync($"What is the status of Delta Industries? Answer to {Private}.", "trace-session", "trace-user");
        Assert.Equal("model", answer.GetProperty("method").GetString());
        IReadOnlyList<ExportedSpan> spans = await TraceAsync(RequestId(answer), trace => Services.All(service => trace.Any(s => s.Service == service)) && trace.Any(s => s.Kind == ExportedSpan.Consumer) && trace.Any(s => s["db.system.name"] == "redis" && trace.Any(send => send.Id == s.ParentId && send.Name.StartsWith("send ", StringComparison.Ordinal))) && HasWholeTree(trace));

        Assert.Single(spans.Select(s => s.TraceId).Distinct());
        ExportedSpan root = Assert.Single(spans, s => s.ParentId is null);
        Assert.Equal(("gateway", "POST /api/chat"), (root.Service, root.Name));
        Assert.Equal(("trace-user", "default", "trace-session"), (root["enduser.id"], root["platform.organization.id"], root["session.id"]));
        Assert.Equal(Services.Order(StringComparer.Ordinal), spans.Select(s => s.Service).Where(s => s != "provider-simulator").Distinct().Order(StringComparer.Ordinal));
        Assert.All((string[])["entity_resolution", "understanding", "retrieval", "facts", "patterns", "memories", "synthesis", "generation"], stage => Assert.Contains(spans, s => s.Service == "gateway" && s.Name == stage));

        // RPC: each call of a client has its server's span below it.
        ExportedSpan[] calls = [.. spans.Where(s => s["rpc.method"] is not null && s.Kind == ExportedSpan.Client)];
        Assert.True(calls.Length >= 8);

        // Databases: by operation and table, without literals. Queue: sent and processed, linked. Model: as the GenAI conventions name it.
        Assert.DoesNotContain(spans, s => s.Name == "postgresql");
        ExportedSpan[] statements = [.. spans.Where(s => s["db.system.name"] == "postgresql")];
        Assert.True(statements.Length >= 3);
        Assert.All(statements, s => Assert.Equal(s.Name, s["db.query.summary"]));
        Assert.Contains(statements, s => s is { Service: "memory", Name: "SELECT app.memories" });
        ExportedSpan sent = Assert.Single(spans, s => s.Name == "send platform:interactions");
        ExportedSpan processed = Assert.Single(spans, s => s.Name == "process platform:interactions");
        Assert.Contains(spans, s => s.ParentId == sent.Id && s["db.system.name"] == "redis");
        Assert.Equal((sent.Id, "memory"), (processed.ParentId, processed.Service));
        Assert.Contains(sent.Id, processed.Links);
        Assert.Contains(spans, s => s.Service == "memory" && s.ParentId == processed.Id && s.Name.StartsWith("INSERT app.", StringComparison.Ordinal));
        ExportedSpan model = Assert.Single(spans, s => s.Name == "chat sim-large");
        Assert.Contains(spans, s => s.Name == "attempt simulator" && s.ParentId == model.Id && !s.Failed);
        Assert.Equal(("chat", "sim-large", "simulator"), (model["gen_ai.operation.name"], model["gen_ai.request.model"], model["gen_ai.provider.name"]));
        Assert.True(int.Parse(model["gen_ai.usage.output_tokens"]!, CultureInfo.InvariantCulture) > 0);

        // No text of the question, and nothing that looks like a secret, in any attribute.
        Assert.All(spans.SelectMany(s => s.Attributes), attribute =>
        {
            Assert.DoesNotContain(Private, attribute.Value, StringComparison.Ordinal);
            Assert.DoesNotContain("status of Delta", attribute.Value, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotMatch("(?i)password=|sk-[a-z0-9]{8}|bearer ", attribute.Value);
        });

        await LogsOfAsync(root.TraceId, logs => Services.Except(["context-synthesis"]).All(service => logs.Any(log => log.Service == service)), "every service wrote a line in the trace");
        Assert.All(with.Collector.Logs.Where(log => log.TraceId == root.TraceId && log.Service == "gateway" && log.Attributes.ContainsKey("requestId")), log => Assert.Equal(RequestId(answer), log.Attributes["requestId"]));

        Assert.Equal(answersBefore + 1, await CountAsync("gateway", "platform_answers_total"));
        Assert.True(await CountAsync("model-gateway", "platform_llm_calls_total") > callsBefore);
        await RunningPlatform.EventuallyAsync(async () => await CountAsync("memory", "platform_memory_interactions_total") > storedBefore, Limit, "the interaction is counted");
    }

    [Fact]
    public async Task Chat_ProviderFails_TraceShowsWhereAndTheAnswerStillCame()
    {
        await with.ScriptAsync(new { otherwise = "status-500+latency-1" });
        JsonElement answer;
        try
        {
            answer = await with.Platform.AskAsync("What is the status of Delta Industries?", user: "failing");
        }
        finally
        {
            await with.RecoverAsync();
        }

        Assert.NotEqual("model", answer.GetProperty("method").GetString());
        IReadOnlyList<ExportedSpan> spans = await TraceAsync(RequestId(answer), trace => trace.Any(s => s.Service == "model-gateway" && s.Failed) && HasWholeTree(trace));
        Assert.Contains(spans, s => s.Name == "attempt simulator" && s.Failed && s["error.type"] == "server_error");
        Assert.Contains(spans, s => s.Service == "model-gateway" && s.Failed && s["gen_ai.operation.name"] == "chat" && s["error.type"] is not null);
        Assert.False(spans.Single(s => s.ParentId is null).Failed, "The request itself was answered.");
        await LogsOfAsync(spans[0].TraceId, logs => logs.Any(log => log.Severity >= 13), "a warning lies in the trace");
        Assert.True(await CountAsync("model-gateway", "platform_llm_attempts_total", "outcome=\"server_error\"") > 0);
    }

    [Fact]
    public async Task Request_LeftOutBySampling_IsKeptFromEveryServiceWhenSomethingFailed()
    {
        // The caller's trace header says that it is not sampled; so it is with every trace that a share leaves out. A slow one is kept too.
        string well = "";
        await RunningPlatform.EventuallyAsync(
            async () =>
            {
                long began = Stopwatch.GetTimestamp();
                well = await AskUnsampledAsync();
                return Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(4);
            },
            Limit, "a quick answer");

        // A refusal of the provider opens no breaker, which other tests would meet.
        await with.ScriptAsync(new { otherwise = "status-400+latency-1" });
        string failed;
        try
        {
            failed = await AskUnsampledAsync();
        }
        finally
        {
            await with.AnswerAsync();
        }

        await RunningPlatform.EventuallyAsync(
            () => Task.FromResult(Services.All(service => with.Collector.Spans.Any(s => s.TraceId == failed && s.Service == service))),
            Limit, "every service keeps its part of the trace that failed");
        Assert.Equal("", string.Join('\n', with.Collector.Spans.Where(s => s.TraceId == well).OrderByDescending(s => s.Failed).Select(s => $"{s.Service}: {s.Name}{(s.Failed ? " failed" : "")}")));
    }

    [Fact]
    public async Task Requests_AThousandThatFail_AreAllFoundById()
    {
        const int Count = 1000;
        ConcurrentBag<string> failed = [];
        using HttpClient http = with.Platform.CreateClient();
        await Parallel.ForAsync(0, Count, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Token }, async (i, cancellationToken) =>
        {
            string id = $"lost-{Guid.NewGuid():N}";
            using HttpRequestMessage request = Failing(new Random(i), i);
            request.Headers.Add("x-request-id", id);
            using HttpResponseMessage response = await http.SendAsync(request, cancellationToken);
            Assert.True((int)response.StatusCode >= 400, $"{request.Method} {request.RequestUri}: {response.StatusCode}");
            Assert.Contains(id, await response.Content.ReadAsStringAsync(cancellationToken), StringComparison.Ordinal);
            failed.Add(id);
        });

        Assert.Equal(Count, failed.Count);
        HashSet<string> traced = [], logged = [];
        await RunningPlatform.EventuallyAsync(
            () =>
            {
                traced.UnionWith(with.Collector.Spans.Select(span => span["platform.request.id"]).OfType<string>());
                logged.UnionWith(with.Collector.Logs.Select(log => log.Attributes.GetValueOrDefault("requestId")).OfType<string>());
                return Task.FromResult(failed.All(traced.Contains) && failed.All(logged.Contains));
            },
            Limit,
            "every failed request is in traces and logs");
    }

    private async Task<string> AskUnsampledAsync()
    {
        string trace = Guid.NewGuid().ToString("n");
        using HttpClient http = with.Platform.CreateClient("sampled");
        using HttpRequestMessage request = Post("/api/chat", JsonContent.Create(new { query = "What is the status of Delta Industries?" }));
        request.Headers.Add("traceparent", $"00-{trace}-{trace[..16]}-00");
        using HttpResponseMessage response = await http.SendAsync(request, Token);
        Assert.True(response.IsSuccessStatusCode);
        return trace;
    }

    private static HttpRequestMessage Failing(Random random, int number) => random.Next(7) switch
    {
        0 => Post("/api/chat", new StringContent("{ \"query\": ", Encoding.UTF8, "application/json")),
        1 => Post("/api/chat", JsonContent.Create(new { query = "" })),
        2 => Post("/api/chat", JsonContent.Create(new { query = new string('x', 20_000) })),
        3 => new HttpRequestMessage(HttpMethod.Get, $"/api/nothing-{number}"),
        4 => new HttpRequestMessage(HttpMethod.Get, $"/api/customers/no-such-{number}/facts"),
        5 => new HttpRequestMessage(HttpMethod.Delete, "/api/chat"),
        _ => Post("/api/chat", new StringContent("hello", Encoding.UTF8, "text/plain")),
    };

    private static HttpRequestMessage Post(string path, HttpContent content) => new(HttpMethod.Post, path) { Content = content };

    private static string RequestId(JsonElement answer) => answer.GetProperty("requestId").GetString()!;

    private static bool HasWholeTree(IReadOnlyList<ExportedSpan> spans)
    {
        HashSet<string> ids = [.. spans.Select(s => s.Id)];
        return spans.All(s => s.ParentId is null || ids.Contains(s.ParentId));
    }

    private async Task<IReadOnlyList<ExportedSpan>> TraceAsync(string requestId, Func<IReadOnlyList<ExportedSpan>, bool> isComplete)
    {
        IReadOnlyList<ExportedSpan> spans = [];
        await RunningPlatform.EventuallyAsync(
            () =>
            {
                string? trace = with.Collector.Spans.FirstOrDefault(s => s["platform.request.id"] == requestId)?.TraceId;
                spans = [.. with.Collector.Spans.Where(s => s.TraceId == trace)];
                return Task.FromResult(spans.Count > 0 && isComplete(spans));
            },
            Limit,
            $"the trace of request {requestId} is complete; missing parents: {string.Join(", ", spans.Where(s => s.ParentId is not null && spans.All(p => p.Id != s.ParentId)).Select(s => s.Service + " " + s.Name))}");
        return spans;
    }

    private Task LogsOfAsync(string traceId, Func<IReadOnlyList<ExportedLog>, bool> holds, string what) =>
        RunningPlatform.EventuallyAsync(() => Task.FromResult(holds([.. with.Collector.Logs.Where(log => log.TraceId == traceId)])), Limit, what);

    private async Task<double> CountAsync(string service, string metric, string label = "")
    {
        using HttpClient http = with.Platform.App.CreateHttpClient(service, "http");
        string metrics = await http.GetStringAsync("/metrics", Token);
        return metrics.Split('\n').Where(line => line.StartsWith(metric + "{", StringComparison.Ordinal) && line.Contains(label, StringComparison.Ordinal))
            .Sum(line => double.Parse(line[(line.LastIndexOf('}') + 1)..].Trim().Split(' ')[0], CultureInfo.InvariantCulture));
    }
}
