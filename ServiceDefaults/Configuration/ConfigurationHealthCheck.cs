using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Platform.ServiceDefaults;

/// <summary>Degraded while a broken edit waits to be corrected.</summary>
internal sealed class ConfigurationHealthCheck(ConfigurationReport report) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var problems = report.Problems;
        return Task.FromResult(problems.Count == 0
            ? HealthCheckResult.Healthy("The newest configuration is in use")
            : HealthCheckResult.Degraded(
                "The newest configuration is not valid; the last good values are in use",
                data: problems.ToDictionary(problem => problem.Key, problem => (object)problem.Value)));
    }
}
