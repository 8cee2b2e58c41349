using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Platform.Memory.Interactions;

/// <summary>What the consumer of queued interactions is doing.</summary>
internal sealed class ConsumerState : IHealthCheck
{
    private volatile string _trouble = "The stream of interactions has not been read yet.";

    /// <summary>Null while the stream is being read, else what keeps it from being read.</summary>
    public string? Trouble => _trouble.Length == 0 ? null : _trouble;

    public void Reading() => _trouble = "";

    public void Stopped(string trouble) => _trouble = trouble;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(Trouble is { } trouble ? HealthCheckResult.Degraded(trouble) : HealthCheckResult.Healthy("Queued interactions are being read."));
}
