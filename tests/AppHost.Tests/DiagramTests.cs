using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Xunit;

namespace Platform.AppHost.Tests;

/// <summary>What the host describes, without starting it.</summary>
public sealed class DiagramTests
{
    private static readonly string[] Services =
    [
        "model-gateway", "entity-resolution", "pattern-analysis", "memory", "data-questions", "context-synthesis", "response-generation", "gateway",
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Services_All_WaitForMigrationsDatabaseAndRedis()
    {
        await using var builder = await CreateAsync();

        foreach (var service in Services)
        {
            var waits = Find(builder, service).Annotations.OfType<WaitAnnotation>().ToDictionary(wait => wait.Resource.Name, wait => wait.WaitType);
            Assert.Equal(WaitType.WaitForCompletion, waits["migrations"]);
            Assert.Equal(WaitType.WaitUntilHealthy, waits["platform"]);
            Assert.Equal(WaitType.WaitUntilHealthy, waits["redis"]);
        }
    }

    [Fact]
    public async Task Gateway_Described_WaitsForEveryServiceAndIsTheOnlyExternalOne()
    {
        await using var builder = await CreateAsync();

        var waited = Find(builder, "gateway").Annotations.OfType<WaitAnnotation>().Select(wait => wait.Resource.Name);
        var external = builder.Resources.OfType<ProjectResource>()
            .Where(project => project.Annotations.OfType<EndpointAnnotation>().Any(endpoint => endpoint.IsExternal));

        Assert.Empty(Services.Except(waited).Except(["gateway"]));
        Assert.Equal(["gateway"], external.Select(project => project.Name));
    }

    [Fact]
    public async Task Endpoints_Services_SpeakGrpcAndPlainHttp()
    {
        await using var builder = await CreateAsync();

        foreach (var service in Services)
        {
            var endpoints = Find(builder, service).Annotations.OfType<EndpointAnnotation>().Select(e => $"{e.Name}:{e.Transport}").Order();
            Assert.Equal(service == "gateway" ? ["http:http"] : ["grpc:http2", "http:http"], endpoints);
        }
    }

    [Fact]
    public async Task ModelKey_NotConfigured_IsEmptyAndSecret()
    {
        await using var builder = await CreateAsync();
        var key = Assert.IsType<ParameterResource>(Find(builder, "openai-api-key"));

        Assert.True(key.Secret);
        Assert.Equal(string.Empty, await key.GetValueAsync(Cancellation));
    }

    [Fact]
    public async Task ModelKey_Configured_HasThatValue()
    {
        await using var builder = await CreateAsync("--Parameters:openai-api-key=given");

        Assert.Equal("given", await Assert.IsType<ParameterResource>(Find(builder, "openai-api-key")).GetValueAsync(Cancellation));
    }

    [Theory]
    [InlineData]
    [InlineData("--with-simulator")]
    public async Task Simulator_Flag_DecidesAboutTheResourceAndTheWait(params string[] arguments)
    {
        await using var builder = await CreateAsync(arguments);
        var wanted = arguments.Length > 0;

        Assert.Equal(wanted, builder.Resources.Any(resource => resource.Name == "provider-simulator"));
        Assert.Equal(wanted, Find(builder, "model-gateway").Annotations.OfType<WaitAnnotation>().Any(wait => wait.Resource.Name == "provider-simulator"));
    }

    [Fact]
    public async Task GatewayPort_Configured_IsUsed()
    {
        await using var builder = await CreateAsync("--PLATFORM_GATEWAY_PORT=6123");

        Assert.Equal(6123, Find(builder, "gateway").Annotations.OfType<EndpointAnnotation>().Single().Port);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("65536")]
    [InlineData("http")]
    public async Task GatewayPort_NotAPort_StopsTheStartAndSaysWhatIsAllowed(string port)
    {
        var exception = await Assert.ThrowsAsync<DistributedApplicationException>(() => CreateAsync($"--PLATFORM_GATEWAY_PORT={port}"));

        Assert.Equal($"PLATFORM_GATEWAY_PORT is '{port}'; allowed is a port from 1 to 65535.", exception.Message);
    }

    private static Task<IDistributedApplicationTestingBuilder> CreateAsync(params string[] arguments) =>
        DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(arguments, Cancellation);

    private static IResource Find(IDistributedApplicationTestingBuilder builder, string name) => builder.Resources.Single(r => r.Name == name);
}
