using Microsoft.Extensions.ServiceDiscovery;
using Xunit;

namespace ServiceDiscovery.Tests;

public sealed class ServiceEndpointQueryTests
{
    [Theory]
    [InlineData("memory", "memory", null, "")]
    [InlineData("http://memory", "memory", null, "http")]
    [InlineData("https+http://memory", "memory", null, "https,http")]
    [InlineData("http://_grpc.memory", "memory", "grpc", "http")]
    [InlineData("_grpc.memory", "memory", "grpc", "")]
    [InlineData("https+http://_grpc.entity-resolution", "entity-resolution", "grpc", "https,http")]
    [InlineData("http://memory.platform.svc", "memory.platform.svc", null, "http")]
    [InlineData("memory:8080", "memory", null, "")]
    public void TryParse_KnownForms_AreTakenApart(string input, string service, string? endpoint, string schemes)
    {
        Assert.True(ServiceEndpointQuery.TryParse(input, out var query));

        Assert.Equal(service, query.ServiceName);
        Assert.Equal(endpoint, query.EndpointName);
        Assert.Equal(schemes, string.Join(',', query.IncludedSchemes));
        Assert.Equal(input, query.ToString());
    }

    [Theory]
    [InlineData("http://")]
    [InlineData("not a name")]
    public void TryParse_NoName_IsRefused(string input)
        => Assert.False(ServiceEndpointQuery.TryParse(input, out _));

    [Theory]
    [InlineData("10.0.0.1:80", "10.0.0.1:80")]
    [InlineData("localhost:8080", "localhost:8080")]
    [InlineData("localhost", "localhost")]
    [InlineData("http://localhost:8080/", "http://localhost:8080/")]
    public void ServiceEndpointTryParse_Addresses_AreRead(string input, string expected)
    {
        Assert.True(ServiceEndpoint.TryParse(input, out var endpoint));

        Assert.Equal(expected, endpoint.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData(null)]
    [InlineData("http://")]
    public void ServiceEndpointTryParse_NoAddress_IsRefused(string? input)
        => Assert.False(ServiceEndpoint.TryParse(input, out _));

    [Fact]
    public void ApplyAllowedSchemes_NotAllAllowed_KeepsTheOrderOfTheRequest()
    {
        var options = new ServiceDiscoveryOptions { AllowAllSchemes = false, AllowedSchemes = ["http", "HTTPS"] };

        Assert.Equal(["https", "http"], options.ApplyAllowedSchemes(["https", "ftp", "http"]));
        Assert.Equal(["http", "HTTPS"], options.ApplyAllowedSchemes([]));
    }
}
