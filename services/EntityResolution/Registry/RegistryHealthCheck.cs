using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Platform.EntityResolution.Registry;

/// <summary>Degraded while an older snapshot answers because the names cannot be read.</summary>
internal sealed class RegistryHealthCheck(RegistryCache cache) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var (stale, oldest) = cache.Condition();
        return Task.FromResult(stale == 0
            ? HealthCheckResult.Healthy("Names are current.")
            : HealthCheckResult.Degraded($"The names of {stale} organization(s) cannot be read; the oldest snapshot is {oldest.TotalSeconds:0} s old."));
    }
}
