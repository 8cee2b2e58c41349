using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Platform.Testing;

namespace Platform.ServiceDefaults.Tests.Health;

public sealed class ServiceHealthTests : IDisposable
{
    private readonly ConfigurationFolder _folder = new();
    private readonly ManualTime _time = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Health_EveryComponent_HasStatusMessageLatencyTimeAndDetails()
    {
        await using var service = await StartAsync(checks => checks
            .AddCheck("good", () => HealthCheckResult.Healthy("fine", new Dictionary<string, object> { ["replicas"] = 2 }))
            .AddCheck("poor", () => HealthCheckResult.Degraded("slow"))
            .AddCheck("bad", () => HealthCheckResult.Unhealthy("gone")));

        var (status, health) = await GetAsync(service, "/health");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("degraded", health.GetProperty("status").GetString());
        Assert.True(health.GetProperty("ready").GetBoolean());
        var components = health.GetProperty("components");
        Assert.Equal(["bad", "configuration", "good", "poor", "process"], components.EnumerateObject().Select(component => component.Name));
        Assert.Equal(("unhealthy", "gone"), (Text(components, "bad", "status"), Text(components, "bad", "message")));
        Assert.Equal(("degraded", "slow"), (Text(components, "poor", "status"), Text(components, "poor", "message")));
        Assert.Equal("healthy", Text(components, "good", "status"));
        Assert.Equal(2, components.GetProperty("good").GetProperty("details").GetProperty("replicas").GetInt32());
        Assert.True(components.GetProperty("good").GetProperty("latencyMs").GetDouble() >= 0);
        Assert.Equal(_time.GetUtcNow(), components.GetProperty("good").GetProperty("lastChecked").GetDateTimeOffset());
    }

    [Fact]
    public async Task Health_ManyProbes_RunTheChecksOnceASecond()
    {
        var runs = 0;
        await using var service = await StartAsync(checks => checks.AddCheck("counted", () =>
        {
            Interlocked.Increment(ref runs);
            return HealthCheckResult.Healthy();
        }));

        await Task.WhenAll(Enumerable.Range(0, 50).Select(probe => GetAsync(service, probe % 2 == 0 ? "/health" : "/health/ready")));
        Assert.Equal(1, runs);

        _time.Advance(TimeSpan.FromSeconds(1.1));
        await GetAsync(service, "/health");
        Assert.Equal(2, runs);
    }

    [Fact]
    public async Task Health_Checks_RunAtTheSameTime()
    {
        using var both = new Barrier(2);
        await using var service = await StartAsync(checks => checks
            .AddCheck("one", new Meet(both))
            .AddCheck("two", new Meet(both)));

        var (_, health) = await GetAsync(service, "/health");

        Assert.Equal("healthy", Text(health.GetProperty("components"), "one", "status"));
        Assert.Equal("healthy", Text(health.GetProperty("components"), "two", "status"));
    }

    [Fact]
    public async Task Health_CheckThatHangs_IsUnknownAndHoldsUpNothing()
    {
        await using var service = await StartAsync(checks => checks
            .Add(new HealthCheckRegistration("hangs", new Hang(), HealthStatus.Unhealthy, null, TimeSpan.FromMilliseconds(100))));

        var (status, health) = await GetAsync(service, "/health");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("unknown", Text(health.GetProperty("components"), "hangs", "status"));
    }

    [Fact]
    public async Task Ready_RequiredComponentUnhealthy_Is503()
    {
        var result = HealthCheckResult.Unhealthy("no");
        await using var service = await StartAsync(checks => checks.AddCheck("needed", () => result, [HealthTags.Required]));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await GetAsync(service, "/health/ready")).Status);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await GetAsync(service, "/health")).Status);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(service, "/health/live")).Status);

        result = HealthCheckResult.Healthy();
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(service, "/health/ready")).Status);
    }

    [Fact]
    public async Task Ready_NeededToStart_BlocksOnlyUntilItWasThere()
    {
        var result = HealthCheckResult.Unhealthy("not yet");
        await using var service = await StartAsync(checks => checks.AddCheck("database", () => result, [HealthTags.RequiredToStart]));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await GetAsync(service, "/health/ready")).Status);

        result = HealthCheckResult.Healthy();
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(service, "/health/ready")).Status);

        result = HealthCheckResult.Unhealthy("gone");
        _time.Advance(TimeSpan.FromSeconds(2));
        var (status, health) = await GetAsync(service, "/health");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("degraded", health.GetProperty("status").GetString());
        Assert.Equal("unhealthy", Text(health.GetProperty("components"), "database", "status"));
    }

    [Fact]
    public async Task Health_GrpcEndpoint_HidesTheProbes()
    {
        await using var service = await StartAsync(_ => { });
        using var client = new HttpClient();

        foreach (var path in new[] { "/health", "/health/live", "/health/ready", "/metrics" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(service.GrpcAddress, path))
            {
                Version = HttpVersion.Version20,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            };
            using var response = await client.SendAsync(request, Token);
            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        }
    }

    private Task<RunningService> StartAsync(Action<IHealthChecksBuilder> add)
    {
        var builder = RunningService.Builder(_folder);
        builder.Services.AddSingleton<TimeProvider>(_time);
        add(builder.Services.AddHealthChecks());
        return RunningService.StartAsync(builder, cancellationToken: Token);
    }

    private static async Task<(HttpStatusCode Status, JsonElement Body)> GetAsync(RunningService service, string path)
    {
        using var response = await service.Http.GetAsync(path, Token);
        return (response.StatusCode, JsonDocument.Parse(await response.Content.ReadAsStringAsync(Token)).RootElement);
    }

    private static string? Text(JsonElement components, string component, string property) =>
        components.GetProperty(component).GetProperty(property).GetString();

    private sealed class Meet(Barrier both) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
            Task.Run(() => both.SignalAndWait(TimeSpan.FromSeconds(10), cancellationToken) ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy(), cancellationToken);
    }

    private sealed class Hang : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            return HealthCheckResult.Healthy();
        }
    }
}
