using Microsoft.Extensions.DependencyInjection;

namespace HttpResilience.Tests;

/// <summary>A client with a pipeline in front of a fake server.</summary>
internal sealed class Host : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    public Host(FakeServer server, Action<IHttpClientBuilder> configure, Action<IServiceCollection>? services = null)
    {
        var collection = new ServiceCollection();
        collection.AddSingleton<TimeProvider>(Time);
        services?.Invoke(collection);
        var http = collection.AddHttpClient("client");
        configure(http);
        http.ConfigurePrimaryHttpMessageHandler(() => server);
        _services = collection.BuildServiceProvider();
    }

    public FakeTime Time { get; } = new();

    public IServiceProvider Services => _services;

    public HttpClient Client => _services.GetRequiredService<IHttpClientFactory>().CreateClient("client");

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
