using System.Text.Json.Serialization;

namespace Platform.ServiceDefaults;

/// <summary>How a component, or the whole service, is.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ComponentStatus>))]
public enum ComponentStatus
{
    [JsonStringEnumMemberName("healthy")]
    Healthy,

    [JsonStringEnumMemberName("degraded")]
    Degraded,

    [JsonStringEnumMemberName("unhealthy")]
    Unhealthy,

    /// <summary>The check itself gave no verdict in time.</summary>
    [JsonStringEnumMemberName("unknown")]
    Unknown,
}

/// <summary>One component in <c>/health</c>.</summary>
/// <param name="Message">One sentence for an operator.</param>
/// <param name="LatencyMs">How long the check took.</param>
/// <param name="Details">What the check adds; empty when it adds nothing.</param>
public sealed record ComponentHealth(
    ComponentStatus Status,
    string Message,
    double LatencyMs,
    DateTimeOffset LastChecked,
    IReadOnlyDictionary<string, object> Details);

/// <summary>The body of <c>/health</c>.</summary>
/// <param name="Status">Unhealthy when <paramref name="Ready"/> is false, degraded when any component is not healthy.</param>
/// <param name="Ready">Whether the service can do its work, perhaps degraded.</param>
public sealed record ServiceHealth(
    ComponentStatus Status,
    bool Ready,
    string Service,
    DateTimeOffset LastChecked,
    IReadOnlyDictionary<string, ComponentHealth> Components);
