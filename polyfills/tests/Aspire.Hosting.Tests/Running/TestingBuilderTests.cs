using System.Net.Http.Json;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Running;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Xunit;

namespace Aspire.Hosting.Tests.Running;

/// <summary>Applications inside of the test process.</summary>
public sealed class TestingBuilderTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task CreateAsync_EntryPoint_StartsTheSameSystemOnItsOwnData()
    {
        string folder;
        int process;
        await using (var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.SampleHost>(["--SAMPLE_PORT=20001"], Cancellation))
        {
            Assert.Equal(Projects.SampleHost.ProjectPath, builder.AppHostDirectory);
            await using var application = await builder.BuildAsync(Cancellation);
            await application.StartAsync(Cancellation);
            await application.ResourceNotifications.WaitForResourceHealthyAsync("front", Cancellation);

            using var front = application.CreateHttpClient("front");
            Assert.Equal("ready", await front.GetStringAsync("/health/ready", Cancellation));
            Assert.NotEqual(20001, front.BaseAddress!.Port);
            Assert.Equal(application.GetEndpoint("inner-service", "grpc"), new Uri(await front.GetStringAsync("/environment/services__inner-service__grpc__0", Cancellation)));

            var connectionString = await application.GetConnectionStringAsync("platform", Cancellation);
            await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
            await connection.OpenAsync(Cancellation);
            Assert.Equal("platform", connection.Database);

            folder = application.Services.GetRequiredService<DistributedApplicationBuilder>().Folder.Path;
            process = await front.GetFromJsonAsync<int>("/id", Cancellation);
            Assert.True(Directory.Exists(folder));
        }

        Assert.False(Directory.Exists(folder));
        Assert.False(Directory.Exists($"/proc/{process}"));
    }

    [Fact]
    public async Task CreateAsync_EntryPointFails_GivesItsException()
    {
        var exception = await Assert.ThrowsAsync<DistributedApplicationException>(
            () => DistributedApplicationTestingBuilder.CreateAsync<Projects.SampleHost>(["--publisher", "other"], Cancellation));

        Assert.Contains("'other'", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WithReplicas_Two_CallersSeeBoth()
    {
        await using var builder = DistributedApplicationTestingBuilder.Create();
        var inner = Web(builder, "inner").WithReplicas(2);
        Web(builder, "outer").WithReference(inner).WaitFor(inner);
        await using var application = await StartAsync(builder, "outer");
        using var outer = application.CreateHttpClient("outer", "http");

        var ids = new List<int>();
        foreach (var index in (int[])[0, 1])
        {
            using var replica = new HttpClient { BaseAddress = new Uri(await outer.GetStringAsync($"/environment/services__inner__http__{index}", Cancellation)) };
            ids.Add(await replica.GetFromJsonAsync<int>("/id", Cancellation));
        }

        Assert.NotEqual(ids[0], ids[1]);
        Assert.True(application.ResourceNotifications.TryGetCurrentState("inner", out var state));
        Assert.Equal(ids.Order(), state.Snapshot.Properties.Where(p => p.Name == "executable.pid").Select(p => (int)p.Value!).Order());
        Assert.Equal(string.Empty, await outer.GetStringAsync("/environment/services__inner__http__2", Cancellation));
    }

    [Fact]
    public async Task Environment_AllForms_ArriveInTheProcess()
    {
        await using var builder = DistributedApplicationTestingBuilder.Create();
        builder.Configuration["ConnectionStrings:warehouse"] = "Host=far";
        builder.Configuration["Parameters:word"] = "spoken";
        var word = builder.AddParameter("word");
        var warehouse = builder.AddConnectionString("warehouse");
        var absent = builder.AddConnectionString("absent");
        var web = Web(builder, "web");
        web.WithEnvironment("PLAIN", "text")
            .WithEnvironment("LATE", () => "called")
            .WithEnvironment("WORD", word)
            .WithEnvironment("MIXED", $"<{word}>{web.GetEndpoint("http")}")
            .WithEnvironment("OWN", web.GetEndpoint("http"))
            .WithReference(warehouse)
            .WithReference(warehouse, "renamed")
            .WithReference(absent, optional: true)
            .WithArgs("--one", "two words");
        await using var application = await StartAsync(builder, "web");
        using var client = application.CreateHttpClient("web", "http");

        foreach (var (name, value) in new Dictionary<string, string>
        {
            ["PLAIN"] = "text",
            ["LATE"] = "called",
            ["WORD"] = "spoken",
            ["MIXED"] = "<spoken>" + client.BaseAddress!.ToString().TrimEnd('/'),
            ["OWN"] = client.BaseAddress!.ToString().TrimEnd('/'),
            ["ConnectionStrings__warehouse"] = "Host=far",
            ["ConnectionStrings__renamed"] = "Host=far",
        })
        {
            Assert.Equal(value, await client.GetStringAsync($"/environment/{name}", Cancellation));
        }

        Assert.DoesNotContain("ConnectionStrings__absent", await client.GetFromJsonAsync<string[]>("/environment", Cancellation) ?? []);
        Assert.Equal(["--one", "two words"], await client.GetFromJsonAsync<string[]>("/arguments", Cancellation) ?? []);
    }

    [Fact]
    public async Task WithReference_RequiredConnectionStringMissing_NamesTheKey()
    {
        await using var builder = DistributedApplicationTestingBuilder.Create();
        Web(builder, "web").WithReference(builder.AddConnectionString("warehouse"));
        await using var application = await builder.BuildAsync(Cancellation);
        await application.StartAsync(Cancellation);

        var exception = await Assert.ThrowsAsync<DistributedApplicationException>(
            () => application.ResourceNotifications.WaitForResourceHealthyAsync("web", Cancellation));

        Assert.Contains("ConnectionStrings__warehouse", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_DiesAtOnceEveryTime_GivesUpAndShowsItsLastWords()
    {
        await using var builder = DistributedApplicationTestingBuilder.Create();
        Web(builder, "web").WithEnvironment("SAMPLE_FAIL", "limits.hops is -1; allowed is 1 to 9.");
        await using var application = await builder.BuildAsync(Cancellation);
        await application.StartAsync(Cancellation);

        await application.ResourceNotifications.WaitForResourceAsync("web", KnownResourceStates.FailedToStart, Cancellation);

        Assert.True(application.ResourceNotifications.TryGetCurrentState("web", out var state));
        Assert.Equal(3, state.Snapshot.ExitCode);
        Assert.Contains("limits.hops is -1; allowed is 1 to 9.", state.Snapshot.Reason, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Start_SaysThatItsConfigurationIsWrong_GivesUpAtOnceAndCanBeStartedByHand()
    {
        var file = Path.Combine(Path.GetTempPath(), $"platform-configuration-{Guid.NewGuid():N}");
        try
        {
            await using var builder = DistributedApplicationTestingBuilder.Create();
            Web(builder, "web").WithEnvironment("SAMPLE_CONFIGURATION", file);
            await using var application = await builder.BuildAsync(Cancellation);
            await application.StartAsync(Cancellation);

            await application.ResourceNotifications.WaitForResourceAsync("web", KnownResourceStates.FailedToStart, Cancellation);
            Assert.True(application.ResourceNotifications.TryGetCurrentState("web", out var state));
            Assert.Equal(78, state.Snapshot.ExitCode);
            Assert.Single(state.Snapshot.Reason!.Split('\n'), line => line.Contains(file, StringComparison.Ordinal));

            await File.WriteAllTextAsync(file, string.Empty, Cancellation);
            Assert.True((await application.ResourceCommands.ExecuteCommandAsync("web", KnownResourceCommands.StartCommand, Cancellation)).Success);
            await application.ResourceNotifications.WaitForResourceAsync("web", e => e.Snapshot.HealthStatus == HealthStatus.Healthy, Cancellation);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task Commands_StopAndStart_TakeAServiceAwayAndBringItBack()
    {
        await using var builder = DistributedApplicationTestingBuilder.Create();
        Web(builder, "web");
        await using var application = await StartAsync(builder, "web");
        using var client = application.CreateHttpClient("web", "http");
        var before = await client.GetFromJsonAsync<int>("/id", Cancellation);

        Assert.True((await application.ResourceCommands.ExecuteCommandAsync("web", KnownResourceCommands.StopCommand, Cancellation)).Success);
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync("/id", Cancellation));

        Assert.True((await application.ResourceCommands.ExecuteCommandAsync("web", KnownResourceCommands.StartCommand, Cancellation)).Success);
        await application.ResourceNotifications.WaitForResourceAsync("web", KnownResourceStates.Running, Cancellation);
        await application.ResourceNotifications.WaitForResourceHealthyAsync("web", Cancellation);
        Assert.NotEqual(before, await client.GetFromJsonAsync<int>("/id", Cancellation));
    }

    [Theory]
    [InlineData("absent", "stop")]
    [InlineData("web", "explode")]
    public async Task Commands_UnknownResourceOrCommand_FailWithAMessage(string resource, string command)
    {
        await using var builder = DistributedApplicationTestingBuilder.Create();
        Web(builder, "web");
        await using var application = await StartAsync(builder, "web");

        var result = await application.ResourceCommands.ExecuteCommandAsync(resource, command, Cancellation);

        Assert.False(result.Success);
        Assert.Contains($"'{resource}'", result.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Commands_DeclaredByTheHost_AreShownAndExecuted()
    {
        List<string> executed = [];
        await using var builder = DistributedApplicationTestingBuilder.Create();
        var phrase = builder.AddParameter("phrase", () => "open sesame", secret: true);
        Web(builder, "web")
            .WithEnvironment("DOOR", phrase)
            .WithEnvironment("SIGN", "say open sesame")
            .WithEnvironment("PLACE", "cave")
            .WithCommand("greet", "Hello", _ => Task.FromResult(CommandResults.Failure("replaced")))
            .WithCommand(
                "greet", "Greet",
                context =>
                {
                    executed.Add(context.ResourceName);
                    return Task.FromResult(CommandResults.Success());
                },
                new CommandOptions { Description = "Says hello", ConfirmationMessage = "Really?" })
            .WithCommand("burn", "Burn", _ => throw new InvalidOperationException("It burns."), new CommandOptions { UpdateState = _ => ResourceCommandState.Hidden });
        await using var application = await StartAsync(builder, "web");

        Assert.True((await application.ResourceCommands.ExecuteCommandAsync("web", "greet", Cancellation)).Success);
        var failed = await application.ResourceCommands.ExecuteCommandAsync("web", "burn", Cancellation);

        Assert.Equal(["web"], executed);
        Assert.Equal((false, "It burns."), (failed.Success, failed.Message));
        var services = application.Services;
        var board = new ResourceBoard(
            services.GetRequiredService<DistributedApplicationBuilder>(), application.ResourceNotifications, services.GetRequiredService<ResourceOutput>(),
            application.ResourceCommands, services, services.GetRequiredService<LocalRunner>().Find);
        var web = board.List().Single(resource => resource.Name == "web");
        var command = Assert.Single(web.Commands, command => command.Name == "greet");
        Assert.Equal(("Greet", true, "Says hello", "Really?"), (command.DisplayName, command.Enabled, command.Description, command.Confirmation));
        Assert.DoesNotContain(web.Commands, hidden => hidden.Name == "burn");

        // The value of a secret parameter is hidden wherever it stands.
        Assert.All((string[])["DOOR", "SIGN"], name => Assert.Null(web.Environment.Single(variable => variable.Name == name).Value));
        Assert.Equal("cave", web.Environment.Single(variable => variable.Name == "PLACE").Value);
    }

    [Fact]
    public async Task AddPostgres_UserNamedTheDatabase_StartsNoServer()
    {
        await using var theirs = DistributedApplicationTestingBuilder.Create();
        theirs.AddPostgres("postgres").AddDatabase("platform");
        theirs.AddRedis("redis");
        await using var server = await StartAsync(theirs, "postgres");
        var connectionString = await server.GetConnectionStringAsync("platform", Cancellation);
        var cache = await server.GetConnectionStringAsync("redis", Cancellation);

        await using var builder = DistributedApplicationTestingBuilder.Create($"--ConnectionStrings:platform={connectionString}", $"--ConnectionStrings:redis={cache}");
        var database = builder.AddPostgres("postgres").AddDatabase("platform");
        var redis = builder.AddRedis("redis");
        Web(builder, "web").WithReference(database).WithReference(redis).WaitFor(database).WaitFor(redis);
        await using var application = await StartAsync(builder, "web");
        using var client = application.CreateHttpClient("web", "http");

        Assert.Equal(connectionString, await client.GetStringAsync("/environment/ConnectionStrings__platform", Cancellation));
        Assert.Equal(cache, await client.GetStringAsync("/environment/ConnectionStrings__redis", Cancellation));
        foreach (var name in (string[])["postgres", "redis"])
        {
            Assert.True(application.ResourceNotifications.TryGetCurrentState(name, out var state));
            Assert.Empty(state.Snapshot.Properties);
        }
    }

    [Fact]
    public async Task AddExecutable_WithEnvEndpoint_ListensOnThePortItIsTold()
    {
        await using var builder = DistributedApplicationTestingBuilder.Create();
        builder.AddExecutable("program", "sh", ".", "-c", "echo \"port is $LISTEN\"; exec sleep 60").WithHttpEndpoint(env: "LISTEN");
        await using var application = await builder.BuildAsync(Cancellation);
        var heard = new TaskCompletionSource<string>();
        application.Services.GetRequiredService<ResourceOutput>().Line += (_, line) => heard.TrySetResult(line);

        await application.StartAsync(Cancellation);

        Assert.Equal($"port is {application.GetEndpoint("program").Port}", await heard.Task.WaitAsync(TimeSpan.FromSeconds(10), Cancellation));
    }

    [Fact]
    public async Task GetEndpoint_Unknown_NamesIt()
    {
        await using var builder = DistributedApplicationTestingBuilder.Create();
        Web(builder, "web");
        await using var application = await builder.BuildAsync(Cancellation);

        Assert.Throws<ArgumentException>(() => application.GetEndpoint("absent"));
        Assert.Contains("'other'", Assert.Throws<ArgumentException>(() => application.GetEndpoint("web", "other")).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentException>(async () => await application.GetConnectionStringAsync("web", Cancellation));
    }

    private static IResourceBuilder<ProjectResource> Web(IDistributedApplicationBuilder builder, string name) =>
        builder.AddProject<Projects.SampleWeb>(name).WithHttpHealthCheck("/health/ready", endpointName: "http");

    private static async Task<DistributedApplication> StartAsync(IDistributedApplicationTestingBuilder builder, string resource)
    {
        var application = await builder.BuildAsync(Cancellation);
        await application.StartAsync(Cancellation);
        await application.ResourceNotifications.WaitForResourceHealthyAsync(resource, Cancellation);
        return application;
    }
}
