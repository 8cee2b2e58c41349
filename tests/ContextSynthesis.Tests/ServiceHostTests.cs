using System.Net;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Platform.ContextSynthesis.Synthesis;
using Platform.Contracts.ContextSynthesis.V1;
using Xunit;

namespace Platform.ContextSynthesis.Tests;

/// <summary>The whole service over gRPC.</summary>
public sealed class ServiceHostTests : IAsyncDisposable
{
    private readonly WebApplicationFactory<SynthesisOptions> _factory = new WebApplicationFactory<SynthesisOptions>().WithWebHostBuilder(host => host.UseEnvironment("Testing"));
    private GrpcChannel? _channel;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private ContextSynthesisService.ContextSynthesisServiceClient Client =>
        new(_channel ??= GrpcChannel.ForAddress(_factory.Server.BaseAddress, new GrpcChannelOptions { HttpHandler = _factory.Server.CreateHandler() }));

    public async ValueTask DisposeAsync()
    {
        _channel?.Dispose();
        await _factory.DisposeAsync();
    }

    [Fact]
    public async Task Decision_FromQuestionToRecommendation_WorksOverTheWire()
    {
        const string query = "Should we extend payment terms to Delta Industries?";
        var understand = new UnderstandRequest { Query = query };
        understand.Mentions.Add(Samples.Named(query, "Delta Industries", Samples.Delta));

        var understanding = await Client.UnderstandAsync(understand, cancellationToken: Token);
        var request = Samples.Request(query, new Behaviour { LateRate = 0.6, AverageDaysLate = 15, Overdue = 9_000, Shift = 12 });
        request.Understanding = understanding;
        var context = await Client.SynthesizeAsync(request, cancellationToken: Token);
        var decision = await Client.AnalyzeDecisionAsync(new AnalyzeDecisionRequest { Context = context }, cancellationToken: Token);

        Assert.Equal("extend_payment_terms", decision.Framework);
        Assert.NotEqual("extend", decision.Recommended);
        Assert.NotEmpty(decision.EvidenceAgainst);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    public async Task Understand_EmptyQuestion_IsRefused(string query) =>
        await RefusedAsync(StatusCode.InvalidArgument, Client.UnderstandAsync(new UnderstandRequest { Query = query }, cancellationToken: Token));

    [Fact]
    public async Task Understand_TooLongQuestion_IsRefused() =>
        await RefusedAsync(StatusCode.InvalidArgument, Client.UnderstandAsync(new UnderstandRequest { Query = new string('x', 8_001) }, cancellationToken: Token));

    [Fact]
    public async Task Synthesize_NegativeBudget_IsRefused() =>
        await RefusedAsync(StatusCode.InvalidArgument, Client.SynthesizeAsync(new SynthesizeRequest { Query = "x", TokenBudget = -1 }, cancellationToken: Token));

    [Fact]
    public async Task AnalyzeDecision_UnknownFramework_IsNotFound() =>
        await RefusedAsync(StatusCode.NotFound, Client.AnalyzeDecisionAsync(new AnalyzeDecisionRequest { Framework = "toss_a_coin", Context = new SynthesizedContext() }, cancellationToken: Token));

    [Fact]
    public async Task AnalyzeDecision_WithoutContext_IsRefused() =>
        await RefusedAsync(StatusCode.InvalidArgument, Client.AnalyzeDecisionAsync(new AnalyzeDecisionRequest(), cancellationToken: Token));

    [Fact]
    public async Task AnalyzeDecision_NoFrameworkForTheQuestion_SaysWhatCanBeWeighed()
    {
        var context = new SynthesizedContext { Query = "Should we send flowers?", Understanding = new Understanding { Intent = Intent.Decision } };

        var decision = await Client.AnalyzeDecisionAsync(new AnalyzeDecisionRequest { Context = context }, cancellationToken: Token);

        Assert.Empty(decision.Recommended);
        Assert.Contains("extend payment terms", Assert.Single(decision.Missing), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ListFrameworks_All_NameWhatTheyNeed()
    {
        var frameworks = (await Client.ListFrameworksAsync(new ListFrameworksRequest(), cancellationToken: Token)).Frameworks;

        Assert.Equal(6, frameworks.Count);
        Assert.All(frameworks, f => Assert.NotEmpty(f.NeedsFacts));
        Assert.Contains("payment_timing_shift", frameworks.Single(f => f.Name == "extend_payment_terms").NeedsPatterns);
        Assert.Contains("Delta Industries", frameworks[0].ExampleQuestion, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_Service_IsReady()
    {
        using var http = _factory.CreateClient();

        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/health/ready", Token)).StatusCode);
    }

    [Fact]
    public void Start_InvalidSetting_IsRefusedNamingIt()
    {
        using var broken = _factory.WithWebHostBuilder(host => host.UseSetting("synthesis:tokenBudget", "5"));

        var error = Assert.ThrowsAny<Exception>(() => broken.Server);

        Assert.Contains("TokenBudget", error.ToString(), StringComparison.OrdinalIgnoreCase);
    }

    private static async Task RefusedAsync<T>(StatusCode expected, AsyncUnaryCall<T> call)
    {
        var error = await Assert.ThrowsAsync<RpcException>(async () => await call);
        Assert.Equal(expected, error.StatusCode);
    }
}
