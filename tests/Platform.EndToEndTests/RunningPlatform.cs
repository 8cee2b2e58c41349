using System.Net.Http.Json;
using System.Text.Json;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Dapper;
using Npgsql;
using Platform.EndToEndTests;
using Xunit;

[assembly: AssemblyFixture(typeof(RunningPlatform))]
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace Platform.EndToEndTests;

/// <summary>The whole system, started as `dotnet run --project AppHost` starts it, with ports and data of its own.</summary>
public sealed class RunningPlatform : IAsyncLifetime
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(3);

    private DistributedApplication? app;

    /// <summary>What would stand behind <c>dotnet run --project AppHost --</c>.</summary>
    internal string[] Arguments { get; init; } = [];

    public DistributedApplication App => app ?? throw new InvalidOperationException("The platform is not running.");

    public Uri GatewayUrl => App.GetEndpoint("gateway", "http");

    public async ValueTask InitializeAsync()
    {
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        IDistributedApplicationTestingBuilder builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(Arguments, cancellationToken);
        app = await builder.BuildAsync(cancellationToken);
        await app.StartAsync(cancellationToken).WaitAsync(StartLimit, cancellationToken);
        await app.ResourceNotifications.WaitForResourceHealthyAsync("gateway", cancellationToken).WaitAsync(StartLimit, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (app is not null)
        {
            await app.DisposeAsync();
        }
    }

    public HttpClient CreateClient(string user = "e2e", string organization = "default")
    {
        HttpClient http = new() { BaseAddress = GatewayUrl, Timeout = TimeSpan.FromSeconds(30) };
        http.DefaultRequestHeaders.Add("x-user-id", user);
        http.DefaultRequestHeaders.Add("x-organization-id", organization);
        return http;
    }

    public async Task<JsonElement> AskAsync(string query, string? sessionId = null, string user = "e2e", string organization = "default")
    {
        using HttpClient http = CreateClient(user, organization);
        using HttpResponseMessage response = await http.PostAsJsonAsync(
            "/api/chat", sessionId is null ? (object)new { query } : new { query, sessionId }, TestContext.Current.CancellationToken);
        string body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, $"{query}: {(int)response.StatusCode} {body}");
        return JsonElement.Parse(body);
    }

    public static string NewSession() => "e2e-" + Guid.NewGuid().ToString("N");

    /// <summary>Waits until a session has so many turns that a next question can refer to.</summary>
    public Task TurnRecordedAsync(string session, long turns) => EventuallyAsync(
        async () =>
        {
            await using NpgsqlConnection database = await OpenDatabaseAsync();
            return await database.ExecuteScalarAsync<long>("SELECT coalesce(max(turns), 0) FROM app.conversations WHERE session_id = @session", new { session }) == turns;
        },
        TimeSpan.FromSeconds(15),
        "the turn is recorded");

    public async Task<NpgsqlConnection> OpenDatabaseAsync()
    {
        string connectionString = await App.GetConnectionStringAsync("platform", TestContext.Current.CancellationToken)
            ?? throw new InvalidOperationException("The database has no connection string.");
        // Not pooled: another test may have killed the server that a pooled connection led to.
        NpgsqlConnection connection = new(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        return connection;
    }

    /// <summary>Waits for a condition that the platform reaches by itself.</summary>
    public static async Task EventuallyAsync(Func<Task<bool>> condition, TimeSpan limit, string what)
    {
        using CancellationTokenSource ends = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        ends.CancelAfter(limit);
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(200));
        while (!await condition())
        {
            try
            {
                await timer.WaitForNextTickAsync(ends.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"Not within {limit.TotalSeconds:0} s: {what}.");
            }
        }
    }
}
