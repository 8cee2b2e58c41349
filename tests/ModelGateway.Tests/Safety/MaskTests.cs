using Grpc.Core;
using Platform.Contracts.ModelGateway.V1;

namespace Platform.ModelGateway.Tests.Safety;

/// <summary>Texts that other services keep, masked by the organization's rules. No database is needed.</summary>
public sealed class MaskTests : IAsyncLifetime
{
    private RunningGateway? _gateway;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _gateway = await RunningGateway.StartAsync(
        "Host=127.0.0.1;Port=9;Username=nobody;Timeout=1",
        [("modelGateway:safety:organizations:open:email", "allow"), ("modelGateway:safety:organizations:strict:email", "block")],
        Token);

    public ValueTask DisposeAsync() => _gateway?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Theory]
    [InlineData("default", "Write to [EMAIL] about the invoice")]
    [InlineData("open", "Write to ann.meyer@example.com about the invoice")]
    [InlineData("strict", "Write to [EMAIL] about the invoice")]
    public async Task Mask_TextWithAnAddress_FollowsTheOrganizationsRules(string organization, string expected)
    {
        var masked = await _gateway!.Safety.MaskAsync(
            new MaskRequest { Texts = { "Write to ann.meyer@example.com about the invoice", "", "Delta Industries owes $146,452.84" } },
            new Metadata { { "x-organization-id", organization } }, cancellationToken: Token);

        Assert.Equal([expected, "", "Delta Industries owes $146,452.84"], masked.Texts);
    }

    [Fact]
    public async Task Mask_TooMany_NamesTheField()
    {
        MaskRequest request = new();
        request.Texts.AddRange(Enumerable.Repeat("x", 1001));

        var error = await Assert.ThrowsAsync<RpcException>(() => _gateway!.Safety.MaskAsync(request, cancellationToken: Token).ResponseAsync);

        Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
        Assert.Contains("texts", error.Status.Detail, StringComparison.Ordinal);
    }
}
