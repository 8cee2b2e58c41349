using Aspire.Dashboard.Resources;

namespace Platform.Benchmarks.DashboardLoad;

/// <summary>A host without resources: what is measured is telemetry.</summary>
internal sealed class NoResources : IResourceBoard
{
    public string ApplicationName => "dashboard-load";

    public IReadOnlyList<ResourceView> List() => [];

    public IReadOnlyList<ConsoleLine>? Console(string resource, ConsoleQuery query) => null;

    public string? ConsoleFile(string resource) => null;

    public IReadOnlyList<Uri> HealthAddresses(string resource) => [];

    public Task<CommandOutcome> ExecuteAsync(string resource, string command, CancellationToken cancellationToken) => Task.FromResult(new CommandOutcome(false, null));
}
