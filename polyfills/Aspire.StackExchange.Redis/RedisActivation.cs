using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.Extensions.Hosting;

/// <summary>Connects when the host starts, beside it: the start does not wait for a server that is away.</summary>
internal sealed class RedisActivation(IServiceProvider services, string optionsName) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken)
        => Task.Run(() => services.GetRequiredKeyedService<RedisConnection>(optionsName), stoppingToken);
}
