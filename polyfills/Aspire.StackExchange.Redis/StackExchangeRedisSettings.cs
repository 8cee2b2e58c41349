namespace Aspire.StackExchange.Redis;

/// <summary>Settings of a Redis client, bound from <c>Aspire:StackExchange:Redis</c> and <c>Aspire:StackExchange:Redis:&lt;name&gt;</c>.</summary>
public sealed class StackExchangeRedisSettings
{
    /// <summary>The client's configuration string; <c>ConnectionStrings:&lt;name&gt;</c> takes precedence.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>True leaves the health check out. Default: false.</summary>
    public bool DisableHealthChecks { get; set; }

    /// <summary>True leaves tracing out. Default: false.</summary>
    public bool DisableTracing { get; set; }

    /// <summary>False connects when the host starts, not at first use. Default: true.</summary>
    public bool DisableAutoActivation { get; set; } = true;
}
