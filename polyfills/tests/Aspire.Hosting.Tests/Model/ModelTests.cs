using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Xunit;

namespace Aspire.Hosting.Tests.Model;

/// <summary>What a description accepts, refuses and turns into.</summary>
public sealed class ModelTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("")]
    [InlineData("1st")]
    [InlineData("with space")]
    [InlineData("under_score")]
    [InlineData("ends-")]
    [InlineData("double--hyphen")]
    public void AddParameter_BadName_Refuses(string name) =>
        Assert.ThrowsAny<ArgumentException>(() => NewBuilder().AddParameter(name));

    [Fact]
    public void AddParameter_LongestName_IsAccepted()
    {
        Assert.Equal(64, NewBuilder().AddParameter(new string('a', 64)).Resource.Name.Length);
        Assert.Throws<ArgumentException>(() => NewBuilder().AddParameter(new string('a', 65)));
    }

    [Fact]
    public void AddResource_NameTwice_RefusesWhateverItsCase()
    {
        var builder = NewBuilder();
        builder.AddParameter("key");

        var exception = Assert.Throws<DistributedApplicationException>(() => builder.AddParameter("KEY"));

        Assert.Contains("'KEY'", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AddParameter_Configured_HasTheConfiguredValue()
    {
        var builder = NewBuilder();
        builder.Configuration["Parameters:model-key"] = "from configuration";

        Assert.Equal("from configuration", await builder.AddParameter("model-key", secret: true).Resource.GetValueAsync(Cancellation));
    }

    [Fact]
    public async Task AddParameter_VariableWithUnderscore_IsFoundForAHyphen()
    {
        var builder = NewBuilder();
        builder.Configuration["Parameters:model_key"] = "from a variable";

        Assert.Equal("from a variable", await builder.AddParameter("model-key").Resource.GetValueAsync(Cancellation));
    }

    [Fact]
    public async Task AddParameter_Missing_NamesTheKey()
    {
        var parameter = NewBuilder().AddParameter("model-key").Resource;

        var exception = await Assert.ThrowsAsync<DistributedApplicationException>(async () => await parameter.GetValueAsync(Cancellation));

        Assert.Contains("Parameters:model-key", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AddParameter_ValueGiven_IgnoresTheConfiguration()
    {
        var builder = NewBuilder();
        builder.Configuration["Parameters:fixed"] = "other";

        Assert.Equal("mine", await builder.AddParameter("fixed", "mine").Resource.GetValueAsync(Cancellation));
    }

    [Fact]
    public void AddParameter_SecretAndPublished_Refuses() =>
        Assert.Throws<ArgumentException>(() => NewBuilder().AddParameter("key", "value", publishValueAsDefault: true, secret: true));

    [Fact]
    public void WithEndpoint_NameTwice_Refuses()
    {
        var program = NewBuilder().AddExecutable("program", "true", ".").WithHttpEndpoint();

        Assert.Throws<DistributedApplicationException>(() => program.WithHttpEndpoint());
        Assert.Single(program.WithHttpEndpoint(name: "other").Resource.GetEndpoints(), e => e.EndpointName == "other");
    }

    [Fact]
    public void WithEndpoint_Callback_ChangesTheExistingOne()
    {
        var program = NewBuilder().AddExecutable("program", "true", ".").WithHttpEndpoint(name: "http");

        program.WithEndpoint("http", e => e.Port = 8123).WithEndpoint("absent", e => e.Port = 1, createIfNotExists: false);

        Assert.Equal(8123, Assert.Single(program.Resource.GetEndpoints()).EndpointAnnotation.Port);
    }

    [Fact]
    public void WithExternalHttpEndpoints_Tcp_StaysInternal()
    {
        var program = NewBuilder().AddExecutable("program", "true", ".").WithHttpEndpoint(name: "web").WithEndpoint(name: "raw").WithExternalHttpEndpoints();

        Assert.True(program.GetEndpoint("web").EndpointAnnotation.IsExternal);
        Assert.False(program.GetEndpoint("raw").EndpointAnnotation.IsExternal);
    }

    [Fact]
    public void WithHttpHealthCheck_NoHttpEndpoint_Refuses() =>
        Assert.Throws<DistributedApplicationException>(() => NewBuilder().AddExecutable("program", "true", ".").WithHttpHealthCheck("/health"));

    [Fact]
    public void WaitFor_Itself_Refuses()
    {
        var program = NewBuilder().AddExecutable("program", "true", ".");

        Assert.Throws<DistributedApplicationException>(() => program.WaitFor(program));
    }

    [Fact]
    public async Task Start_WaitsInACircle_NamesTheCircle()
    {
        await using var builder = DistributedApplicationTestingBuilder.Create();
        var first = builder.AddExecutable("first", "true", ".");
        var second = builder.AddExecutable("second", "true", ".").WaitFor(first);
        first.WaitForCompletion(second);
        await using var application = await builder.BuildAsync(Cancellation);

        var exception = await Assert.ThrowsAsync<DistributedApplicationException>(() => application.StartAsync(Cancellation));

        Assert.Contains("first → second → first", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AddProject_KestrelEndpoints_BecomeEndpoints()
    {
        var project = NewBuilder().AddProject<Projects.SampleWeb>("web").Resource;

        Assert.Equal(["grpc:http2", "http:http"], project.GetEndpoints().Select(e => $"{e.EndpointName}:{e.EndpointAnnotation.Transport}"));
    }

    [Fact]
    public void AddProject_NoKestrelEndpoints_HasNone() =>
        Assert.Empty(NewBuilder().AddProject<Projects.SampleWorker>("worker").Resource.GetEndpoints());

    [Fact]
    public async Task ReferenceExpression_Filled_KeepsBracesAndOrder()
    {
        var builder = NewBuilder();
        var user = builder.AddParameter("user", "ann");
        var host = builder.AddParameter("host", "db");
        const string literal = "x";

        var expression = ReferenceExpression.Create($"{{{user}}}@{host}/{literal}{user}");

        Assert.Equal("{ann}@db/xann", await expression.GetValueAsync(Cancellation));
        Assert.Equal("{{user.value}}@{host.value}/x{user.value}", expression.ValueExpression);
        Assert.Equal(3, expression.ValueProviders.Count);
    }

    [Fact]
    public async Task EndpointReference_Allocated_GivesEachPart()
    {
        var program = NewBuilder().AddExecutable("program", "true", ".").WithHttpEndpoint(name: "web");
        var endpoint = program.GetEndpoint("web");
        Assert.False(endpoint.IsAllocated);
        Assert.Throws<InvalidOperationException>(() => endpoint.Url);

        endpoint.EndpointAnnotation.AllocatedEndpoint = new AllocatedEndpoint(endpoint.EndpointAnnotation, "localhost", 8123);

        Assert.Equal("http://localhost:8123", endpoint.Url);
        Assert.Equal("localhost:8123", await endpoint.Property(EndpointProperty.HostAndPort).GetValueAsync(Cancellation));
        Assert.Equal("8123", await endpoint.Property(EndpointProperty.Port).GetValueAsync(Cancellation));
        Assert.Equal("{program.bindings.web.host}:{program.bindings.web.port}", endpoint.Property(EndpointProperty.HostAndPort).ValueExpression);
    }

    [Fact]
    public void EndpointReference_Unknown_NamesEndpointAndResource()
    {
        var endpoint = NewBuilder().AddExecutable("program", "true", ".").GetEndpoint("absent");

        Assert.False(endpoint.Exists);
        var exception = Assert.Throws<InvalidOperationException>(() => endpoint.Scheme);
        Assert.Contains("`absent`", exception.Message, StringComparison.Ordinal);
        Assert.Contains("`program`", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CreateBuilder_UnknownOperation_Refuses() =>
        Assert.Contains(
            "'destroy'",
            Assert.Throws<DistributedApplicationException>(() => DistributedApplicationTestingBuilder.Create("--operation", "destroy")).Message,
            StringComparison.Ordinal);

    [Theory]
    [InlineData("--operation", "publish")]
    [InlineData("--publisher", "manifest")]
    public void CreateBuilder_PublishArguments_ArePublishMode(string name, string value) =>
        Assert.True(DistributedApplicationTestingBuilder.Create(name, value).ExecutionContext.IsPublishMode);

    [Fact]
    public void CreateBuilder_NoArguments_IsRunMode() => Assert.True(NewBuilder().ExecutionContext.IsRunMode);

    private static IDistributedApplicationTestingBuilder NewBuilder() => DistributedApplicationTestingBuilder.Create();
}
