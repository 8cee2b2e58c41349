using System.Collections.Concurrent;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Platform.Contracts.ModelGateway.V1;
using Platform.ModelGateway.Completions;
using Platform.ModelGateway.OpenAiEndpoint;
using Platform.ModelGateway.Prompts;
using Platform.ModelGateway.Providers;
using Platform.ModelGateway.Safety;
using Platform.ModelGateway.Usage;
using Platform.ServiceDefaults;
using Platform.Testing;

namespace Platform.ModelGateway.Tests;

/// <summary>The service with the registrations of its Program, on a free port, over a database of its own.</summary>
internal sealed class RunningGateway : IAsyncDisposable
{
    internal const string Key = "test-key-0123456789";

    /// <summary>A Redis that is not there.</summary>
    internal const string RedisAway = "127.0.0.1:9";

    /// <summary>Where journals of tests lie; each database has its own folder within.</summary>
    internal static string LedgerFolder { get; } = Path.Combine(Path.GetTempPath(), "platform-tests", "ledger");

    private static readonly ConcurrentDictionary<PlatformServers, Lazy<Task<string>>> Shared = new();

    private readonly WebApplication _app;
    private readonly GrpcChannel _channel;

    private RunningGateway(WebApplication app, string connectionString)
    {
        (_app, ConnectionString) = (app, connectionString);
        var addresses = app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses;
        _channel = GrpcChannel.ForAddress(addresses.First());
        OpenAiUrl = new Uri($"{addresses.Last()}/v1");
        Models = new ModelGatewayService.ModelGatewayServiceClient(_channel);
        Prompts = new PromptsService.PromptsServiceClient(_channel);
        Usage = new UsageService.UsageServiceClient(_channel);
        Safety = new SafetyService.SafetyServiceClient(_channel);
    }

    internal string ConnectionString { get; }

    internal ModelGatewayService.ModelGatewayServiceClient Models { get; }

    internal PromptsService.PromptsServiceClient Prompts { get; }

    internal UsageService.UsageServiceClient Usage { get; }

    internal SafetyService.SafetyServiceClient Safety { get; }

    /// <summary>Base address of the OpenAI-compatible endpoint.</summary>
    internal Uri OpenAiUrl { get; }

    internal IServiceProvider Services => _app.Services;

    internal static CompletionRequest Question => new()
    {
        Messages = { new Message { Role = Role.System, Text = "Be brief." }, new Message { Role = Role.User, Text = "What does Delta owe?" } },
        Operation = "response_generation",
    };

    /// <summary>Settings of one provider at the address, retried quickly.</summary>
    internal static IEnumerable<(string, string?)> Provider(string baseUrl, int index = 0, int priority = 1, string name = "fake") =>
    [
        ($"modelGateway:providers:{index}:name", name),
        ($"modelGateway:providers:{index}:baseUrl", baseUrl),
        ($"modelGateway:providers:{index}:keyName", "fake-key"),
        ($"modelGateway:providers:{index}:priority", $"{priority}"),
        ($"modelGateway:providers:{index}:models:primary", "model-x"),
        ($"modelGateway:providers:{index}:models:embedding", "embed-x"),
        ($"modelGateway:providers:{index}:models:moderation", "mod-x"),
        ($"modelGateway:providers:{index}:prices:model-x:inputPerMillion", "2"),
        ($"modelGateway:providers:{index}:prices:model-x:outputPerMillion", "8"),
        ($"modelGateway:providers:{index}:prices:model-x:version", "2026-01"),
        ("FAKE_KEY", Key),
        ("modelGateway:retry:baseDelay", "00:00:00.010"),
    ];

    /// <summary>Over a database that many tests share: for tests that do not look into it.</summary>
    internal static async Task<RunningGateway> StartAsync(PlatformServers servers, IEnumerable<(string Key, string? Value)> settings, CancellationToken cancellationToken) =>
        await StartAsync(await Shared.GetOrAdd(servers, made => new Lazy<Task<string>>(() => CreateDatabaseAsync(made, cancellationToken))).Value, WithRedis(servers, settings), cancellationToken);

    /// <summary>Over a database of its own.</summary>
    internal static async Task<RunningGateway> StartAloneAsync(PlatformServers servers, IEnumerable<(string Key, string? Value)> settings, CancellationToken cancellationToken) =>
        await StartAsync(await CreateDatabaseAsync(servers, cancellationToken), WithRedis(servers, settings), cancellationToken);

    private static IEnumerable<(string Key, string? Value)> WithRedis(PlatformServers servers, IEnumerable<(string Key, string? Value)> settings) =>
        settings.Prepend(("ConnectionStrings:redis", servers.RedisConnectionString));

    /// <summary>Another replica of the gateway: the same database and the same keys in Redis.</summary>
    internal static Task<RunningGateway> StartBesideAsync(RunningGateway other, PlatformServers servers, IEnumerable<(string Key, string? Value)> settings, CancellationToken cancellationToken) =>
        StartAsync(other.ConnectionString, WithRedis(servers, settings.Append(("modelGateway:limits:keyPrefix", other._app.Configuration["modelGateway:limits:keyPrefix"]))), cancellationToken);

    private static async Task<string> CreateDatabaseAsync(PlatformServers servers, CancellationToken cancellationToken)
    {
        var connectionString = await servers.CreateDatabaseAsync("model_gateway_tests", cancellationToken);
        await using (var database = NpgsqlDataSource.Create(connectionString))
        {
            await PlatformSchema.CreateAsync(database, cancellationToken);
        }

        return connectionString;
    }

    internal static async Task<RunningGateway> StartAsync(string connectionString, IEnumerable<(string Key, string? Value)> settings, CancellationToken cancellationToken)
    {
        // First calls wait so long for Redis to be connected: where there is none, nothing comes of it.
        var patience = settings.LastOrDefault(setting => setting.Key == "ConnectionStrings:redis").Value is null or RedisAway ? "00:00:00.005" : "00:00:05";
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Testing", ApplicationName = "Platform.ModelGateway", ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddInMemoryCollection(settings
            .Prepend(("modelGateway:ledger:folder", LedgerFolder))
            .Prepend(("modelGateway:limits:keyPrefix", $"tests-{Guid.NewGuid():n}"))
            .Prepend(("modelGateway:limits:sharedTimeout", patience))
            .Prepend(("modelGateway:budgets:sharedTimeout", patience))
            .Prepend(("ConnectionStrings:redis", RedisAway))
            .Append(("ConnectionStrings:platform", connectionString))
            .Append(("PLATFORM_CONFIG", Path.Combine(AppContext.BaseDirectory, "config")))
            .Append(("Kestrel:Endpoints:grpc:Url", "http://127.0.0.1:0"))
            .Append(("Kestrel:Endpoints:grpc:Protocols", "Http2"))
            .Append(("Kestrel:Endpoints:http:Url", "http://127.0.0.1:0"))
            .Append(("Kestrel:Endpoints:http:Protocols", "Http1"))
            .GroupBy(setting => setting.Item1, setting => setting.Item2, StringComparer.OrdinalIgnoreCase)
            .Select(setting => KeyValuePair.Create(setting.Key, setting.Last())));
        builder.AddServiceDefaults();
        builder.AddPlatformDatabase();
        builder.AddPlatformRedis();
        builder.AddProviders();
        builder.AddUsage();
        builder.AddSafety();
        builder.AddCompletions();
        builder.AddPrompts();
        builder.AddOpenAiEndpoint();
        var app = builder.Build();
        app.MapDefaultEndpoints();
        app.MapGrpcServices();
        app.MapOpenAiEndpoint();
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }

        return new RunningGateway(app, connectionString);
    }

    internal async Task<RpcException> RefusedAsync(CompletionRequest request, CancellationToken cancellationToken) =>
        await Assert.ThrowsAsync<RpcException>(async () => await Models.CompleteAsync(request, cancellationToken: cancellationToken));

    /// <summary>Reads a stream to its end.</summary>
    internal async Task<(List<CompletionEvent> Events, RpcException? Error)> StreamAsync(CompletionRequest request, CancellationToken cancellationToken)
    {
        var events = new List<CompletionEvent>();
        using var call = Models.CompleteStream(request, cancellationToken: cancellationToken);
        try
        {
            while (await call.ResponseStream.MoveNext(cancellationToken))
            {
                events.Add(call.ResponseStream.Current);
            }

            return (events, null);
        }
        catch (RpcException error)
        {
            return (events, error);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
