using System.Text.Json;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts.ModelGateway.V1;
using Platform.ModelGateway.Safety;
using Platform.ServiceDefaults;
using Platform.Testing;

namespace Platform.ModelGateway.Tests.Safety;

public sealed class SafetyStageTests(PlatformServers servers)
{
    private const string Card = "4111 1111 1111 1111";
    private const string Email = "ann.example@mail.example.com";
    private const string Iban = "DE89370400440532013000";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Complete_PersonalDataInEveryRole_LeavesAsPlaceholdersAndComesBack()
    {
        await using var provider = await FakeProvider.StartAsync(Token);
        provider.Reply = Echo.Answer;
        await using var gateway = await RunningGateway.StartAsync(servers, RunningGateway.Provider(provider.BaseUrl), Token);
        var request = new CompletionRequest
        {
            Messages =
            {
                new Message { Role = Role.System, Text = $"The account is {Iban}." },
                new Message { Role = Role.Assistant, ToolCalls = { new ToolCall { Id = "t", Name = "look", ArgumentsJson = $$"""{"who":{"mail":["{{Email}}"]},"card":4111111111111111}""" } } },
                new Message { Role = Role.Tool, ToolCallId = "t", Text = $"owner {Email}" },
                new Message { Role = Role.User, Text = $"Is {Card} of {Email} known?" },
            },
        };

        var response = await gateway.Models.CompleteAsync(request, cancellationToken: Token);

        var sent = Assert.Single(provider.Requests).Body.GetRawText();
        Assert.DoesNotContain(Iban, sent, StringComparison.Ordinal);
        Assert.DoesNotContain(Email, sent, StringComparison.Ordinal);
        Assert.DoesNotContain("4111", sent, StringComparison.Ordinal);
        Assert.Contains("PII_EMAIL_1_", sent, StringComparison.Ordinal);
        Assert.DoesNotContain("PII_EMAIL_2_", sent, StringComparison.Ordinal);
        Assert.Equal($"Is {Card} of {Email} known?", response.Text);
        var call = Assert.Single(response.ToolCalls);
        Assert.Equal($"Is {Card} of {Email} known?", JsonDocument.Parse(call.ArgumentsJson).RootElement.GetProperty("text").GetString());
    }

    [Fact]
    public async Task CompleteStream_PlaceholderSplitOverChunks_ComesBackWhole()
    {
        await using var provider = await FakeProvider.StartAsync(Token);
        provider.Reply = Echo.Stream;
        await using var gateway = await RunningGateway.StartAsync(servers, RunningGateway.Provider(provider.BaseUrl), Token);
        using var stream = gateway.Models.CompleteStream(new CompletionRequest { Messages = { new Message { Role = Role.User, Text = $"{Card} of {Email}" } } }, cancellationToken: Token);
        var text = "";
        CompletionResponse? completed = null;
        await foreach (var part in stream.ResponseStream.ReadAllAsync(Token))
        {
            text += part.Delta;
            completed = part.Completed ?? completed;
            Assert.DoesNotContain("PII_", part.Delta, StringComparison.Ordinal);
        }

        Assert.Equal($"{Card} of {Email}", text);
        Assert.Equal(text, completed?.Text);
        Assert.DoesNotContain(Email, Assert.Single(provider.Requests).Body.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("modelGateway:safety:types:email")]
    [InlineData("modelGateway:safety:organizations:default:email")]
    public async Task Complete_BlockedType_IsRefusedWithoutBeingSent(string key)
    {
        await using var provider = await FakeProvider.StartAsync(Token);
        await using var gateway = await RunningGateway.StartAsync(servers, [.. RunningGateway.Provider(provider.BaseUrl), (key, "block")], Token);

        var error = await gateway.RefusedAsync(new CompletionRequest { Messages = { new Message { Role = Role.User, Text = Email } } }, Token);

        Assert.Equal((StatusCode.FailedPrecondition, "BLOCKED_CONTENT"), (error.StatusCode, RpcErrors.Reason(error)));
        Assert.Contains("email", error.Status.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain(Email, error.ToString(), StringComparison.Ordinal);
        Assert.Empty(provider.Requests);
    }

    [Fact]
    public async Task Complete_AllowedAndMaskedTypes_FollowTheModes()
    {
        await using var provider = await FakeProvider.StartAsync(Token);
        provider.Reply = Echo.Answer;
        await using var gateway = await RunningGateway.StartAsync(
            servers, [.. RunningGateway.Provider(provider.BaseUrl), ("modelGateway:safety:types:iban", "mask"), ("modelGateway:safety:types:email", "block"), ("modelGateway:safety:organizations:default:email", "allow")], Token);

        var response = await gateway.Models.CompleteAsync(new CompletionRequest { Messages = { new Message { Role = Role.User, Text = $"{Email} {Iban}" } } }, cancellationToken: Token);

        Assert.Equal($"{Email} [IBAN]", response.Text);
    }

    [Fact]
    public void Apply_BrokenRecognizer_RefusesWithoutTheText()
    {
        using var services = Services(new Broken());
        var screen = services.GetRequiredService<SafetyScreen>();

        var error = Assert.Throws<RpcException>(() => screen.Apply("default", Email, null));

        Assert.Equal((StatusCode.Unavailable, "SAFETY_UNAVAILABLE"), (error.StatusCode, RpcErrors.Reason(error)));
        Assert.DoesNotContain(Email, error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Apply_SearchThatTakesTooLong_Refuses()
    {
        var time = new ManualTime();
        using var services = Services(new Slow(time), time);

        var error = Assert.Throws<RpcException>(() => services.GetRequiredService<SafetyScreen>().Apply("default", Email, null));

        Assert.Equal("SAFETY_UNAVAILABLE", RpcErrors.Reason(error));
    }

    private static ServiceProvider Services(IPiiRecognizer recognizer, TimeProvider? time = null) => Screens.Services(recognizer, time ?? TimeProvider.System);

    private sealed class Broken : IPiiRecognizer
    {
        public void Find(string text, PiiFindings findings) => throw new InvalidOperationException(text);
    }

    private sealed class Slow(ManualTime time) : IPiiRecognizer
    {
        public void Find(string text, PiiFindings findings)
        {
            time.Advance(TimeSpan.FromSeconds(3));
            findings.Look();
        }
    }
}
