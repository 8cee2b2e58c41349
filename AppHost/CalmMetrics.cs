/// <summary>
/// In development the host has metrics exported every second; each time every series of every service is written, sent and read. Every 5 s is often enough
/// for the charts of the dashboard.
/// </summary>
internal static class CalmMetrics
{
    private const string Interval = "OTEL_METRIC_EXPORT_INTERVAL";
    private const string Milliseconds = "5000";

    public static IResourceBuilder<ProjectResource> WithCalmMetrics(this IResourceBuilder<ProjectResource> service) => service.WithEnvironment(context =>
    {
        if (context.EnvironmentVariables.ContainsKey(Interval))
        {
            context.EnvironmentVariables[Interval] = Milliseconds;
        }
    });
}
