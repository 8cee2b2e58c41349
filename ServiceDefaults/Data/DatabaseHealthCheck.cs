using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace Platform.ServiceDefaults;

internal sealed class DatabaseHealthCheck(NpgsqlDataSource database) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await using var command = database.CreateCommand("SELECT 1");
            await command.ExecuteScalarAsync(cancellationToken);
            return HealthCheckResult.Healthy("The database answers");
        }
        catch (NpgsqlException error)
        {
            var kind = ExternalErrors.Classify(error).Name();
            return HealthCheckResult.Unhealthy("The database does not answer", data: new Dictionary<string, object> { ["error"] = kind });
        }
    }
}
