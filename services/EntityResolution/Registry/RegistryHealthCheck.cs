using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Platform.EntityResolution.Registry;

/// <summary>Degraded while older names answer because the database cannot be read; its data say how old they are.</summary>
internal sealed class RegistryHealthCheck(RegistryCache cache, RegistryChanges changes) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var condition = cache.Condition();
        var age = Math.Round(condition.Oldest.TotalSeconds, 1);
        var data = new Dictionary<string, object>
        {
            ["organizations"] = condition.Organizations,
            ["names"] = condition.Names,
            ["oldestSnapshotSeconds"] = age,
            ["changesHeard"] = changes.Connected,
        };
        return Task.FromResult(condition.Stale == 0
            ? HealthCheckResult.Healthy($"{condition.Names} names of {condition.Organizations} organization(s), confirmed {age:0} s ago at the latest.", data)
            : HealthCheckResult.Degraded($"The names of {condition.Stale} organization(s) cannot be read; answers come from a snapshot that is {age:0} s old.", data: data));
    }
}
