using Platform.ServiceDefaults;
using Platform.Testing;

namespace Platform.ModelGateway.Tests.Providers;

public sealed class AzureOpenAiTests(PlatformServers servers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("", "2024-10-21")]
    [InlineData("2025-01-01-preview", "2025-01-01-preview")]
    public async Task Complete_Answer_GoesToTheDeployment(string configured, string version)
    {
        await using var provider = await FakeProvider.StartAsync(Token);
        provider.Then(Answers.Ok);
        await using var gateway = await StartAsync(provider, ("modelGateway:providers:0:apiVersion", configured));

        var response = await gateway.Models.CompleteAsync(RunningGateway.Question, cancellationToken: Token);

        Assert.Equal("Delta owes 12.50 EUR.", response.Text);
        var request = Assert.Single(provider.Requests);
        Assert.Equal(("/v1/openai/deployments/model-x/chat/completions", $"?api-version={version}"), (request.Path, request.Query));
        Assert.Equal((RunningGateway.Key, ""), (request.Headers["api-key"], request.Authorization));
        Assert.Equal(1024, request.Body.GetProperty("max_completion_tokens").GetInt32());
    }

    [Fact]
    public async Task Embed_Texts_GoToTheirDeployment()
    {
        await using var provider = await FakeProvider.StartAsync(Token);
        provider.Then(Answers.Json("""{"data":[{"index":0,"embedding":[0.25]}],"usage":{"prompt_tokens":7}}"""));
        await using var gateway = await StartAsync(provider);

        await gateway.Models.EmbedAsync(new Contracts.ModelGateway.V1.EmbedRequest { Texts = { "a" } }, cancellationToken: Token);

        Assert.Equal("/v1/openai/deployments/embed-x/embeddings", Assert.Single(provider.Requests).Path);
    }

    [Fact]
    public async Task Stream_BeginsWithTheFiltersResults_PassesThemOver()
    {
        await using var provider = await FakeProvider.StartAsync(Token);
        provider.Then(Answers.Stream(["""{"choices":[],"prompt_filter_results":[{"prompt_index":0,"content_filter_results":{}}]}""", .. Answers.Chunks]));
        await using var gateway = await StartAsync(provider);

        var (events, error) = await gateway.StreamAsync(RunningGateway.Question, Token);

        Assert.Null(error);
        Assert.Equal("Delta owes 12.50 EUR.", events[^1].Completed.Text);
    }

    [Fact]
    public async Task Complete_FilteredPrompt_IsBlockedContentAndAsksNobodyElse()
    {
        await using var first = await FakeProvider.StartAsync(Token);
        await using var second = await FakeProvider.StartAsync(Token);
        first.Otherwise = async http =>
        {
            http.Response.StatusCode = 400;
            await Answers.Json("""{"error":{"code":"content_filter","message":"secret question","innererror":{"code":"ResponsibleAIPolicyViolation","content_filter_result":{"hate":{"filtered":true}}}}}""")(http);
        };
        await using var gateway = await StartAsync(first, [.. RunningGateway.Provider(second.BaseUrl, 1, 2, "second")]);

        var error = await gateway.RefusedAsync(RunningGateway.Question, Token);

        Assert.Equal("BLOCKED_CONTENT", RpcErrors.Reason(error));
        Assert.Empty(second.Requests);
        Assert.DoesNotContain("secret question", error.ToString(), StringComparison.Ordinal);
    }

    private Task<RunningGateway> StartAsync(FakeProvider provider, params (string, string?)[] more) =>
        RunningGateway.StartAsync(servers, [.. RunningGateway.Provider(provider.BaseUrl), ("modelGateway:providers:0:kind", "azure-openai"), .. more], Token);
}
