namespace Aspire.Npgsql;

/// <summary>Settings of a PostgreSQL data source, bound from <c>Aspire:Npgsql</c> and <c>Aspire:Npgsql:&lt;name&gt;</c>.</summary>
public class NpgsqlSettings
{
    /// <summary>The connection string; <c>ConnectionStrings:&lt;name&gt;</c> takes precedence.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>True leaves the health check out. Default: false.</summary>
    public bool DisableHealthChecks { get; set; }

    /// <summary>True leaves tracing out. Default: false.</summary>
    public bool DisableTracing { get; set; }

    /// <summary>True leaves metrics out. Default: false.</summary>
    public bool DisableMetrics { get; set; }
}
