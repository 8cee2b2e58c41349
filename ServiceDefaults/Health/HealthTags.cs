namespace Platform.ServiceDefaults;

/// <summary>What a component's health means for the service; a component without a tag only ever degrades it.</summary>
public static class HealthTags
{
    /// <summary>The service is not ready while this component is unhealthy.</summary>
    public const string Required = "ready";

    /// <summary>The service is not ready until this component was healthy once; later it answers without it, degraded.</summary>
    public const string RequiredToStart = "started";
}
