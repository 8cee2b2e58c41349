using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.ServiceDiscovery.Http;
using Xunit;

namespace ServiceDiscovery.Tests;

public sealed class HttpClientServiceDiscoveryTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SendAsync_GrpcAddress_GoesToTheNamedEndpointWithPathAndQuery()
    {
        var server = new Recorder();
        await using var services = Services(server, new() { ["services:entity-resolution:grpc:0"] = "http://127.0.0.1:5002" });
        var client = services.GetRequiredService<IHttpClientFactory>().CreateClient("test");

        using var request = new HttpRequestMessage(HttpMethod.Post, "http://_grpc.entity-resolution/platform.Resolver/Resolve?a=b%20c");
        using var response = await client.SendAsync(request, Cancellation);

        Assert.Equal(["http://127.0.0.1:5002/platform.Resolver/Resolve?a=b%20c"], server.Addresses);
        Assert.Equal("http://_grpc.entity-resolution/platform.Resolver/Resolve?a=b%20c", request.RequestUri?.AbsoluteUri);
    }

    [Fact]
    public async Task SendAsync_SeveralAddresses_AreTakenInTurn()
    {
        var server = new Recorder();
        await using var services = Services(server, new()
        {
            ["services:memory:http:0"] = "http://127.0.0.1:5001",
            ["services:memory:http:1"] = "http://127.0.0.1:5002",
            ["services:memory:http:2"] = "http://127.0.0.1:5003",
        });
        var client = services.GetRequiredService<IHttpClientFactory>().CreateClient("test");

        for (var count = 0; count < 6; count++)
        {
            using var response = await client.GetAsync(new Uri("http://memory/"), Cancellation);
        }

        Assert.Equal([5001, 5002, 5003, 5001, 5002, 5003], server.Addresses.Select(address => new Uri(address).Port));
    }

    [Fact]
    public async Task SendAsync_SchemeList_BecomesTheSchemeOfTheAddress()
    {
        var server = new Recorder();
        await using var services = Services(server, new() { ["services:memory:http:0"] = "http://127.0.0.1:5001" });
        var client = services.GetRequiredService<IHttpClientFactory>().CreateClient("test");

        using var response = await client.GetAsync(new Uri("https+http://memory/x"), Cancellation);

        Assert.Equal(["http://127.0.0.1:5001/x"], server.Addresses);
    }

    [Fact]
    public async Task SendAsync_AddressWithPath_KeepsBothPaths()
    {
        var server = new Recorder();
        await using var services = Services(server, new() { ["services:models:https:0"] = "https://models.example/v1/" });
        var client = services.GetRequiredService<IHttpClientFactory>().CreateClient("test");

        using var response = await client.GetAsync(new Uri("https://models/chat?stream=true"), Cancellation);

        Assert.Equal(["https://models.example/v1/chat?stream=true"], server.Addresses);
    }

    [Fact]
    public async Task SendAsync_OrdinaryAddress_IsLeftAlone()
    {
        var server = new Recorder();
        await using var services = Services(server, []);
        var client = services.GetRequiredService<IHttpClientFactory>().CreateClient("test");

        using var first = await client.GetAsync(new Uri("https://api.example:8443/v1/a%2Fb"), Cancellation);
        using var second = await client.GetAsync(new Uri("http://127.0.0.1:9/"), Cancellation);

        Assert.Equal(["https://api.example:8443/v1/a%2Fb", "http://127.0.0.1:9/"], server.Addresses);
    }

    [Fact]
    public async Task SendAsync_ServerFails_TheRequestHasItsNameBack()
    {
        var server = new Recorder { Failure = new HttpRequestException("refused") };
        await using var services = Services(server, new() { ["services:memory:http:0"] = "http://127.0.0.1:5001" });
        var client = services.GetRequiredService<IHttpClientFactory>().CreateClient("test");
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://memory/");

        await Assert.ThrowsAsync<HttpRequestException>(() => client.SendAsync(request, Cancellation));

        Assert.Equal("http://memory/", request.RequestUri?.AbsoluteUri);
    }

    [Fact]
    public async Task CreateHandler_WithoutClientFactory_Resolves()
    {
        var server = new Recorder();
        await using var services = Services(server, new() { ["services:memory:http:0"] = "http://127.0.0.1:5001" });
        using var invoker = new HttpMessageInvoker(services.GetRequiredService<IServiceDiscoveryHttpMessageHandlerFactory>().CreateHandler(server));
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://memory/");

        using var response = await invoker.SendAsync(request, Cancellation);

        Assert.Equal(["http://127.0.0.1:5001/"], server.Addresses);
    }

    [Fact]
    public async Task ConfigureHttpClientDefaults_EveryClient_Resolves()
    {
        var server = new Recorder();
        var collection = new ServiceCollection();
        collection.AddSingleton<IConfiguration>(new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["services:memory:http:0"] = "http://127.0.0.1:5001" })
            .Build());
        collection.AddServiceDiscovery();
        collection.ConfigureHttpClientDefaults(http => http.AddServiceDiscovery().ConfigurePrimaryHttpMessageHandler(() => server));
        await using var services = collection.BuildServiceProvider();

        using var response = await services.GetRequiredService<IHttpClientFactory>().CreateClient("any").GetAsync(new Uri("http://memory/"), Cancellation);

        Assert.Equal(["http://127.0.0.1:5001/"], server.Addresses);
    }

    [Fact]
    public async Task AddServiceDiscovery_SocketsHandler_TellsGrpcToLeaveAddressesAlone()
    {
        var handler = new SocketsHttpHandler();
        var collection = new ServiceCollection();
        collection.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        collection.AddServiceDiscovery();
        collection.AddHttpClient("test").AddServiceDiscovery().ConfigurePrimaryHttpMessageHandler(() => handler);
        await using var services = collection.BuildServiceProvider();

        services.GetRequiredService<IHttpMessageHandlerFactory>().CreateHandler("test");

        Assert.Equal(true, handler.Properties["__GrpcLoadBalancingDisabled"]);
    }

    private static ServiceProvider Services(Recorder server, Dictionary<string, string?> values)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(values).Build());
        services.AddServiceDiscovery();
        services.AddHttpClient("test").AddServiceDiscovery().ConfigurePrimaryHttpMessageHandler(() => server);
        return services.BuildServiceProvider();
    }

    private sealed class Recorder : HttpMessageHandler
    {
        public List<string> Addresses { get; } = [];

        public Exception? Failure { get; init; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Addresses.Add(request.RequestUri!.AbsoluteUri);
            return Failure is null ? Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK)) : Task.FromException<HttpResponseMessage>(Failure);
        }
    }
}
