using Platform.Testing;

namespace Platform.ModelGateway.Tests;

/// <summary>
/// One gateway in front of one provider for all tests of a class that need nothing but the defaults: a start for each would take most of their
/// time. Failures of one test keep no later one out.
/// </summary>
public abstract class GatewayOfAClass(PlatformServers servers) : IAsyncLifetime
{
    private FakeProvider _provider = null!;

    internal RunningGateway Gateway { get; private set; } = null!;

    protected virtual IEnumerable<(string Key, string? Value)> Settings(string baseUrl) => RunningGateway.Provider(baseUrl);

    public async ValueTask InitializeAsync()
    {
        _provider = await FakeProvider.StartAsync(CancellationToken.None);
        Gateway = await RunningGateway.StartAsync(
            servers,
            [
                .. Settings(_provider.BaseUrl), ("modelGateway:breaker:failures", "1000"), ("modelGateway:retry:budgetReserve", "10000"),
                ("modelGateway:models:primary:requestsPerMinute", "100000"),
            ],
            CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await _provider.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>The provider without what tests before scripted and asked.</summary>
    internal FakeProvider Fresh()
    {
        _provider.Forget();
        return _provider;
    }
}

/// <summary>With a provider that speaks OpenAI's protocol.</summary>
public sealed class SharedGateway(PlatformServers servers) : GatewayOfAClass(servers);

/// <summary>The same with a provider that speaks Anthropic's protocol, which has no embeddings and no moderation.</summary>
public sealed class SharedAnthropicGateway(PlatformServers servers) : GatewayOfAClass(servers)
{
    protected override IEnumerable<(string Key, string? Value)> Settings(string baseUrl) => base.Settings(baseUrl)
        .Where(setting => !setting.Key.EndsWith("embedding", StringComparison.Ordinal) && !setting.Key.EndsWith("moderation", StringComparison.Ordinal))
        .Append(("modelGateway:providers:0:kind", "anthropic"));
}
