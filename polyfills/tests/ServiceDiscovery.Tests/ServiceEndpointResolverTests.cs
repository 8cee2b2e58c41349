using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.ServiceDiscovery;
using Xunit;

namespace ServiceDiscovery.Tests;

public sealed class ServiceEndpointResolverTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("http://memory", "http://127.0.0.1:5001/")]
    [InlineData("https://memory", "https://127.0.0.1:5443/")]
    [InlineData("https+http://memory", "https://127.0.0.1:5443/")]
    [InlineData("http+https://memory", "http://127.0.0.1:5001/")]
    [InlineData("http://_grpc.memory", "http://127.0.0.1:5002/")]
    [InlineData("https+http://_grpc.memory", "http://127.0.0.1:5002/")]
    public async Task GetEndpointsAsync_ConfiguredService_GivesTheAddressOfSchemeAndEndpoint(string name, string expected)
    {
        await using var services = Services(new()
        {
            ["services:memory:http:0"] = "http://127.0.0.1:5001",
            ["services:memory:https:0"] = "https://127.0.0.1:5443",
            ["services:memory:grpc:0"] = "http://127.0.0.1:5002",
        });

        var source = await services.GetRequiredService<ServiceEndpointResolver>().GetEndpointsAsync(name, Cancellation);

        Assert.Equal(expected, Assert.Single(source.Endpoints).ToString());
    }

    [Fact]
    public async Task GetEndpointsAsync_SchemeList_TakesOnlyTheBestSchemeThatHasAddresses()
    {
        await using var services = Services(new()
        {
            ["services:memory:default:0"] = "http://127.0.0.1:5001",
            ["services:memory:default:1"] = "https://127.0.0.1:5443",
            ["services:memory:default:2"] = "https://127.0.0.1:5444",
        });

        var source = await services.GetRequiredService<ServiceEndpointResolver>().GetEndpointsAsync("https+http://memory", Cancellation);

        Assert.Equal(["https://127.0.0.1:5443/", "https://127.0.0.1:5444/"], source.Endpoints.Select(endpoint => endpoint.ToString()));
    }

    [Fact]
    public async Task GetEndpointsAsync_SingleValue_IsAnAddress()
    {
        await using var services = Services(new() { ["services:memory:http"] = "10.0.0.7:8080" });

        var source = await services.GetRequiredService<ServiceEndpointResolver>().GetEndpointsAsync("http://memory", Cancellation);

        Assert.Equal("10.0.0.7:8080", Assert.Single(source.Endpoints).ToString());
    }

    [Theory]
    [InlineData("http://elsewhere.example:81", "http://elsewhere.example:81/")]
    [InlineData("https+http://elsewhere.example", "https://elsewhere.example/")]
    [InlineData("elsewhere.example", "elsewhere.example")]
    public async Task GetEndpointsAsync_UnknownService_PassesThrough(string name, string expected)
    {
        await using var services = Services([]);

        var source = await services.GetRequiredService<ServiceEndpointResolver>().GetEndpointsAsync(name, Cancellation);

        Assert.Equal(expected, Assert.Single(source.Endpoints).ToString());
    }

    [Fact]
    public async Task GetEndpointsAsync_ConfigurationReloaded_GivesTheNewAddress()
    {
        var values = new Dictionary<string, string?> { ["services:memory:http:0"] = "http://127.0.0.1:5001" };
        await using var services = Services(values);
        var resolver = services.GetRequiredService<ServiceEndpointResolver>();
        var before = await resolver.GetEndpointsAsync("http://memory", Cancellation);
        var again = await resolver.GetEndpointsAsync("http://memory", Cancellation);

        var configuration = (IConfigurationRoot)services.GetRequiredService<IConfiguration>();
        configuration["services:memory:http:0"] = "http://127.0.0.1:6001";
        configuration.Reload();
        var after = await resolver.GetEndpointsAsync("http://memory", Cancellation);

        Assert.Same(before, again);
        Assert.True(before.ChangeToken.HasChanged);
        Assert.Equal("http://127.0.0.1:6001/", Assert.Single(after.Endpoints).ToString());
    }

    [Fact]
    public async Task GetEndpointsAsync_ServiceAppearsLater_IsFoundAfterReload()
    {
        await using var services = Services([]);
        var resolver = services.GetRequiredService<ServiceEndpointResolver>();
        await resolver.GetEndpointsAsync("http://memory", Cancellation);

        var configuration = (IConfigurationRoot)services.GetRequiredService<IConfiguration>();
        configuration["services:memory:http:0"] = "http://127.0.0.1:6001";
        configuration.Reload();
        var after = await resolver.GetEndpointsAsync("http://memory", Cancellation);

        Assert.Equal("http://127.0.0.1:6001/", Assert.Single(after.Endpoints).ToString());
    }

    [Theory]
    [InlineData("services:memory:http:first", "http://127.0.0.1:5001", "services:memory:http:first")]
    [InlineData("services:memory:http:0", "http://", "services:memory:http:0")]
    public async Task GetEndpointsAsync_BadConfiguration_NamesTheKey(string key, string value, string named)
    {
        await using var services = Services(new() { [key] = value });
        var resolver = services.GetRequiredService<ServiceEndpointResolver>();

        var error = await Assert.ThrowsAsync<KeyNotFoundException>(async () => await resolver.GetEndpointsAsync("http://memory", Cancellation));

        Assert.Contains(named, error.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task GetEndpointsAsync_AfterDisposal_IsRefused()
    {
        await using var services = Services([]);
        var resolver = services.GetRequiredService<ServiceEndpointResolver>();
        await resolver.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await resolver.GetEndpointsAsync("http://memory", Cancellation));
    }

    [Fact]
    public async Task AllowedSchemes_OthersAreConfigured_AreLeftOut()
    {
        await using var services = Services(
            new() { ["services:memory:http:0"] = "http://127.0.0.1:5001", ["services:memory:https:0"] = "https://127.0.0.1:5443" },
            options => (options.AllowAllSchemes, options.AllowedSchemes) = (false, ["https"]));

        var source = await services.GetRequiredService<ServiceEndpointResolver>().GetEndpointsAsync("http+https://memory", Cancellation);

        Assert.Equal("https://127.0.0.1:5443/", Assert.Single(source.Endpoints).ToString());
    }

    [Fact]
    public async Task RefreshPeriod_NotPositive_IsRefused()
    {
        await using var services = Services([], options => options.RefreshPeriod = TimeSpan.Zero);

        var error = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IOptions<ServiceDiscoveryOptions>>().Value);

        Assert.Contains(nameof(ServiceDiscoveryOptions.RefreshPeriod), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task HostNameMetadata_WhenApplied_IsTheServiceName()
    {
        await using var services = new ServiceCollection()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder()
                .AddInMemoryCollection(new Dictionary<string, string?> { ["endpoints:memory:http:0"] = "http://127.0.0.1:5001" })
                .Build())
            .AddConfigurationServiceEndpointProvider(options => (options.SectionName, options.ShouldApplyHostNameMetadata) = ("endpoints", _ => true))
            .BuildServiceProvider();

        var source = await services.GetRequiredService<ServiceEndpointResolver>().GetEndpointsAsync("http://memory", Cancellation);

        Assert.Equal("memory", Assert.Single(source.Endpoints).Features.Get<IHostNameFeature>()?.HostName);
    }

    private static ServiceProvider Services(Dictionary<string, string?> values, Action<ServiceDiscoveryOptions>? configure = null)
        => new ServiceCollection()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(values).Build())
            .AddServiceDiscovery(configure ?? (_ => { }))
            .BuildServiceProvider();
}
