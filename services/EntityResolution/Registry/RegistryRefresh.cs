using Microsoft.Extensions.Options;
using Platform.EntityResolution.Resolution;

namespace Platform.EntityResolution.Registry;

/// <summary>Reads the names of the configured organizations at start, then compares those in use whenever they are due.</summary>
internal sealed class RegistryRefresh(RegistryCache cache, IOptionsMonitor<ResolutionOptions> options, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(500);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        foreach (var organization in options.CurrentValue.WarmOrganizations)
        {
            await cache.WarmAsync(organization, stoppingToken);
        }

        using var timer = new PeriodicTimer(Step, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            cache.NoteDue();
        }
    }
}
