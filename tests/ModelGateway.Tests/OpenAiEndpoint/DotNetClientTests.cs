using System.ClientModel;
using System.Text;
using System.Text.Json;
using OpenAI.Chat;
using OpenAI.Embeddings;
using Platform.ProviderSimulator.Records;
using Platform.Testing;

namespace Platform.ModelGateway.Tests.OpenAiEndpoint;

/// <summary>The official .NET client, pointed at the endpoint and otherwise as for OpenAI.</summary>
public sealed class DotNetClientTests(SharedGatewayOverSimulator shared) : IClassFixture<SharedGatewayOverSimulator>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("primary")]
    [InlineData("model-x")]
    public async Task Chat_Whole_HasTextFinishAndUsage(string model)
    {
        var over = shared.Over;

        ChatCompletion answer = await over.Client().GetChatClient(model).CompleteChatAsync([new SystemChatMessage("Be brief."), new UserChatMessage("What does Delta owe?")], cancellationToken: Token);

        Assert.StartsWith("You asked: What does Delta owe?", answer.Content[0].Text, StringComparison.Ordinal);
        Assert.Equal((ChatFinishReason.Stop, model), (answer.FinishReason, answer.Model));
        Assert.True(answer.Usage.InputTokenCount > 0 && answer.Usage.OutputTokenCount > 5);
        Assert.Equal("model-x", over.Simulator.Requests.All[^1].Model);
    }

    [Fact]
    public async Task Chat_Streamed_HasEveryPieceTheFinishAndUsage()
    {
        var over = shared.Over;
        over.Simulator.Script.Then("tokens-50");
        var pieces = new List<string>();
        ChatFinishReason? finish = null;
        ChatTokenUsage? usage = null;

        await foreach (var update in over.Client().GetChatClient("primary").CompleteChatStreamingAsync([new UserChatMessage("Count.")], cancellationToken: Token))
        {
            pieces.AddRange(update.ContentUpdate.Select(part => part.Text).Where(text => text.Length > 0));
            finish = update.FinishReason ?? finish;
            usage = update.Usage ?? usage;
        }

        Assert.Equal(Enumerable.Range(1, 50).Select(number => number == 1 ? "word1" : $" word{number}"), pieces);
        Assert.Equal(ChatFinishReason.Stop, finish);
        Assert.Equal(50, usage!.OutputTokenCount);
    }

    [Fact]
    public async Task Chat_Tools_AreCalledAndTheirResultsUnderstood()
    {
        var over = shared.Over;
        var client = over.Client().GetChatClient("primary");
        var options = new ChatCompletionOptions
        {
            Tools = { ChatTool.CreateFunctionTool("balance", "Open balance.", BinaryData.FromString("""{"type":"object","properties":{"customer":{"type":"string"}},"required":["customer"]}""")) },
        };

        ChatCompletion called = await client.CompleteChatAsync([new UserChatMessage("What does Delta owe?")], options, Token);
        ChatCompletion told = await client.CompleteChatAsync(
            [new UserChatMessage("What does Delta owe?"), new AssistantChatMessage(called), new ToolChatMessage(called.ToolCalls[0].Id, "12 EUR")], options, Token);

        Assert.Equal((ChatFinishReason.ToolCalls, "balance"), (called.FinishReason, called.ToolCalls[0].FunctionName));
        Assert.Equal("""{"customer":"text"}""", called.ToolCalls[0].FunctionArguments.ToString());
        Assert.Equal("The tool says: 12 EUR", told.Content[0].Text);
    }

    [Fact]
    public async Task Chat_ToolsStreamed_ArriveWithTheirArguments()
    {
        var over = shared.Over;
        var options = new ChatCompletionOptions { Tools = { ChatTool.CreateFunctionTool("balance", "Open balance.", BinaryData.FromString("""{"type":"object","properties":{"year":{"type":"integer"}}}""")) } };
        var (name, arguments) = ("", new StringBuilder());
        ChatFinishReason? finish = null;

        await foreach (var update in over.Client().GetChatClient("primary").CompleteChatStreamingAsync([new UserChatMessage("?")], options, Token))
        {
            foreach (var call in update.ToolCallUpdates)
            {
                name = call.FunctionName ?? name;
                arguments.Append(call.FunctionArgumentsUpdate);
            }

            finish = update.FinishReason ?? finish;
        }

        Assert.Equal(("balance", """{"year":1}""", ChatFinishReason.ToolCalls), (name, arguments.ToString(), finish));
    }

    [Fact]
    public async Task Chat_JsonSchema_ReachesTheProvider()
    {
        var over = shared.Over;
        var options = new ChatCompletionOptions
        {
            ResponseFormat = ChatResponseFormat.CreateJsonSchemaFormat("owed", BinaryData.FromString("""{"type":"object","properties":{"amount":{"type":"number","minimum":12}},"required":["amount"],"additionalProperties":false}"""), jsonSchemaIsStrict: true),
        };

        ChatCompletion answer = await over.Client().GetChatClient("primary").CompleteChatAsync([new UserChatMessage("What does Delta owe?")], options, Token);

        Assert.Equal(12, JsonElement.Parse(answer.Content[0].Text).GetProperty("amount").GetDouble());
    }

    [Fact]
    public async Task Chat_StopAndLimit_AreKept()
    {
        var over = shared.Over;
        over.Simulator.Script.Then("tokens-50").Then("tokens-50");
        var client = over.Client().GetChatClient("primary");

        ChatCompletion stopped = await client.CompleteChatAsync([new UserChatMessage("Count.")], new ChatCompletionOptions { StopSequences = { "word4" } }, Token);
        ChatCompletion limited = await client.CompleteChatAsync([new UserChatMessage("Count.")], new ChatCompletionOptions { MaxOutputTokenCount = 3 }, Token);

        Assert.Equal("word1 word2 word3", stopped.Content[0].Text.Trim());
        Assert.Equal(("word1 word2 word3", ChatFinishReason.Length), (limited.Content[0].Text, limited.FinishReason));
    }

    [Theory]
    [InlineData("cut-mid-stream+after-3")]
    [InlineData("reset-mid-stream+after-3")]
    [InlineData("end-early+after-3")]
    [InlineData("error-mid-stream+after-3")]
    public async Task Chat_StreamBreaks_ClientGetsAnExceptionAndNoFinish(string behaviour)
    {
        var over = shared.Over;
        over.Simulator.Script.Then($"{behaviour}+tokens-20");
        var text = new StringBuilder();
        ChatFinishReason? finish = null;

        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            await foreach (var update in over.Client().GetChatClient("primary").CompleteChatStreamingAsync([new UserChatMessage("Count.")], cancellationToken: Token))
            {
                text.Append(string.Concat(update.ContentUpdate.Select(part => part.Text)));
                finish = update.FinishReason ?? finish;
            }
        });

        Assert.Equal("word1 word2 word3", text.ToString());
        Assert.Null(finish);
    }

    [Fact]
    public async Task Chat_ClientLeaves_ProviderIsLeftToo()
    {
        var over = shared.Over;
        over.Simulator.Script.Then("tokens-10000+pace-20");
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Token);

        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            await foreach (var update in over.Client().GetChatClient("primary").CompleteChatStreamingAsync([new UserChatMessage("Count.")], cancellationToken: patience.Token))
            {
                if (update.ContentUpdate.Count > 0)
                {
                    await patience.CancelAsync();
                }
            }
        });

        await Eventually.HoldsAsync(() => over.Simulator.Requests.All[^1].End == RequestEnd.ClientLeft);
    }

    [Fact]
    public async Task Embeddings_Texts_HaveTheProvidersVectors()
    {
        var over = shared.Over;

        OpenAIEmbeddingCollection vectors = await over.Client().GetEmbeddingClient("embedding").GenerateEmbeddingsAsync(["late payment", "payment late", "apples"], cancellationToken: Token);

        Assert.Equal(3, vectors.Count);
        Assert.Equal(vectors[0].ToFloats().ToArray(), vectors[1].ToFloats().ToArray());
        Assert.NotEqual(vectors[0].ToFloats().ToArray(), vectors[2].ToFloats().ToArray());
        Assert.True(vectors.Usage.InputTokenCount > 0);
    }

    [Fact]
    public async Task Moderations_Text_HasFlagAndScores()
    {
        var over = shared.Over;

        var result = (await over.Client().GetModerationClient("moderation").ClassifyTextAsync("I will kill you", Token)).Value;

        Assert.True(result.Flagged && result.Violence.Flagged);
        Assert.False(result.Hate.Flagged);
    }

    [Fact]
    public async Task Models_Listed_AreTheLogicalOnesAndTheProviders()
    {
        var over = shared.Over;

        var models = (await over.Client().GetOpenAIModelClient().GetModelsAsync(Token)).Value;

        Assert.Equal(["embed-x", "embedding", "mod-x", "model-x", "moderation", "primary"], models.Select(model => model.Id));
        Assert.Equal("fake", (await over.Client().GetOpenAIModelClient().GetModelAsync("model-x", Token)).Value.OwnedBy);
        Assert.Equal(404, (await Assert.ThrowsAsync<ClientResultException>(() => over.Client().GetOpenAIModelClient().GetModelAsync("gpt-9", Token))).Status);
    }
}
