using System.Collections.Concurrent;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Platform.ServiceDefaults;

/// <summary>
/// Runs all checks at once, each under its own limit, and keeps the result for a second, so that no number of probes
/// can load what is probed.
/// </summary>
internal sealed class ServiceHealthReports(
    HealthCheckService checks,
    IOptions<HealthCheckServiceOptions> registrations,
    IHostEnvironment environment,
    TimeProvider time)
{
    internal static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<string, byte> _started = new(StringComparer.Ordinal);
    private Task<ServiceHealth>? _latest;
    private long _latestAt;

    internal Task<ServiceHealth> CurrentAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_latest is null || (_latest.IsCompleted && (!_latest.IsCompletedSuccessfully || time.GetElapsedTime(_latestAt) >= Lifetime)))
            {
                // Neither the caller's token nor its trace: others wait for the same run, and every check has its own limit.
                using var suppressed = ExecutionContext.SuppressFlow();
                _latestAt = time.GetTimestamp();
                _latest = Task.Run(() => RunAsync(CancellationToken.None), CancellationToken.None);
            }

            return _latest.WaitAsync(cancellationToken);
        }
    }

    private async Task<ServiceHealth> RunAsync(CancellationToken cancellationToken)
    {
        var report = await checks.CheckHealthAsync(cancellationToken);
        var now = time.GetUtcNow();
        var tags = registrations.Value.Registrations.ToDictionary(check => check.Name, check => check.Tags, StringComparer.OrdinalIgnoreCase);
        var components = new SortedDictionary<string, ComponentHealth>(StringComparer.Ordinal);
        var ready = true;
        foreach (var (name, entry) in report.Entries)
        {
            var component = new ComponentHealth(
                StatusOf(entry),
                entry.Description ?? (entry.Exception is null ? entry.Status.ToString() : ExternalErrors.Classify(entry.Exception).Name()),
                Math.Round(entry.Duration.TotalMilliseconds, 2),
                now,
                entry.Data);
            components[name] = component;
            ready &= !Blocks(name, tags[name], component.Status);
        }

        var status = !ready ? ComponentStatus.Unhealthy
            : components.Values.All(component => component.Status == ComponentStatus.Healthy) ? ComponentStatus.Healthy
            : ComponentStatus.Degraded;
        return new ServiceHealth(status, ready, environment.ApplicationName, now, components);
    }

    private bool Blocks(string name, ICollection<string> tags, ComponentStatus status)
    {
        if (status is ComponentStatus.Healthy or ComponentStatus.Degraded)
        {
            _started[name] = 0;
            return false;
        }

        return tags.Contains(HealthTags.Required) || (tags.Contains(HealthTags.RequiredToStart) && !_started.ContainsKey(name));
    }

    private static ComponentStatus StatusOf(HealthReportEntry entry) => entry switch
    {
        { Status: HealthStatus.Healthy } => ComponentStatus.Healthy,
        { Exception: OperationCanceledException or TimeoutException } => ComponentStatus.Unknown,
        { Status: HealthStatus.Degraded } => ComponentStatus.Degraded,
        _ => ComponentStatus.Unhealthy,
    };
}
