using Grpc.Core;
using Platform.Contracts.ModelGateway.V1;
using Platform.Testing;

namespace Platform.ModelGateway.Tests.Completions;

/// <summary>Rendering and asking as one call.</summary>
public sealed class CompletionPromptTests(PlatformServers servers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Stream_WithPrompt_TellsWhatWasRenderedBeforeAnythingElse()
    {
        await using var provider = await FakeProvider.StartAsync(Token);
        provider.Then(Answers.Stream(Answers.Chunks));
        await using var gateway = await StartAsync(provider);
        var question = Question();
        question.Messages.Add(new Message { Role = Role.User, Text = "Be stricter." });

        var (events, error) = await gateway.StreamAsync(question, Token);

        Assert.Null(error);
        Assert.Equal([Role.System, Role.User], events[0].Rendered.Messages.Select(message => message.Role));
        Assert.True(events[0].Rendered.Version.BuiltIn);
        Assert.Equal("Delta owes 12.50 EUR.", events[^1].Completed.Text);
        Assert.Equal([.. events[0].Rendered.Messages.Select(message => message.Text), "Be stricter."], Texts(provider));
    }

    [Fact]
    public async Task Complete_WithPrompt_UsesWhatIsSetForItsVersion()
    {
        await using var provider = await FakeProvider.StartAsync(Token);
        provider.Then(Answers.Ok);
        provider.Then(Answers.Ok);
        await using var gateway = await StartAsync(provider, ("modelGateway:providers:0:models:large", "model-l"));
        var version = new PromptVersion { PromptName = "intent", Content = "own {{question}}", Temperature = 0.7, MaxTokens = 77, Model = "large" };
        await gateway.Prompts.CreateVersionAsync(new CreateVersionRequest { Version = version }, cancellationToken: Token);
        await gateway.Prompts.ActivateVersionAsync(new ActivateVersionRequest { PromptName = "intent", Version = 1 }, cancellationToken: Token);

        var response = await gateway.Models.CompleteAsync(Question(), cancellationToken: Token);
        var fallback = Question();
        fallback.Model = "fallback";
        var other = await gateway.RefusedAsync(fallback, Token);

        Assert.Equal((1, "own hi"), (response.Prompt.Version.Version, Assert.Single(Texts(provider))));
        var sent = Assert.Single(provider.Requests).Body;
        Assert.Equal(("model-l", 77), (sent.GetProperty("model").GetString(), sent.GetProperty("max_tokens").GetInt32()));
        Assert.Equal(0.7, sent.GetProperty("temperature").GetDouble(), 3);
        Assert.Equal(StatusCode.FailedPrecondition, other.StatusCode);
    }

    [Fact]
    public async Task Complete_ModelOfTheVersionServedByNobody_AsksThePrimaryOne()
    {
        await using var provider = await FakeProvider.StartAsync(Token);
        provider.Then(Answers.Ok);
        await using var gateway = await StartAsync(provider);
        await gateway.Prompts.CreateVersionAsync(
            new CreateVersionRequest { Version = new PromptVersion { PromptName = "intent", Content = "own {{question}}", Model = "withdrawn" } }, cancellationToken: Token);
        await gateway.Prompts.ActivateVersionAsync(new ActivateVersionRequest { PromptName = "intent", Version = 1 }, cancellationToken: Token);

        var response = await gateway.Models.CompleteAsync(Question(), cancellationToken: Token);

        Assert.Equal("model-x", response.Report.Model);
    }

    [Fact]
    public async Task Complete_PromptThatCannotBeRendered_NamesWhatIsWrongAndAsksNoModel()
    {
        await using var provider = await FakeProvider.StartAsync(Token);
        await using var gateway = await StartAsync(provider);
        var incomplete = Question();
        incomplete.Prompt.Variables.Remove("intents");
        var unknown = Question();
        unknown.Prompt.PromptName = "nothing";

        var missing = await gateway.RefusedAsync(incomplete, Token);
        var (events, error) = await gateway.StreamAsync(unknown, Token);

        Assert.Equal(StatusCode.InvalidArgument, missing.StatusCode);
        Assert.Contains("prompt.variables.intents", missing.Status.Detail, StringComparison.Ordinal);
        Assert.Empty(events);
        Assert.Equal(StatusCode.NotFound, error!.StatusCode);
        Assert.Empty(provider.Requests);
    }

    private Task<RunningGateway> StartAsync(FakeProvider provider, params (string, string?)[] settings) =>
        RunningGateway.StartAloneAsync(servers, [.. RunningGateway.Provider(provider.BaseUrl), .. settings], Token);

    private static CompletionRequest Question() => new()
    {
        Operation = "intent",
        Prompt = new RenderRequest { PromptName = "intent", Variables = { ["question"] = "hi", ["intents"] = "data" } },
    };

    private static IEnumerable<string?> Texts(FakeProvider provider) =>
        Assert.Single(provider.Requests).Body.GetProperty("messages").EnumerateArray().Select(message => message.GetProperty("content").GetString());
}
