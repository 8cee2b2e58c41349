using System.Text.Json;
using Platform.ServiceDefaults;

namespace Platform.Gateway.Operations;

/// <summary>Processes of one service, in the form of Prometheus's HTTP service discovery.</summary>
/// <param name="Targets">Authorities, e.g. "127.0.0.1:5301".</param>
/// <param name="Labels">"service".</param>
internal sealed record TargetGroup(IReadOnlyList<string> Targets, IReadOnlyDictionary<string, string> Labels);

/// <summary>What one process reports; an empty list when it does not answer.</summary>
internal sealed record ProcessBudgets(string Service, string Process, bool Answered, IReadOnlyList<OperationBudgetReport> Operations);

/// <summary>The processes of the platform, as service discovery was told: each replica by itself.</summary>
internal sealed class PlatformProcesses(IConfiguration configuration, IHttpClientFactory clients, PerformanceBudgets own)
{
    private const string Own = "gateway";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    /// <param name="self">The address that this process was asked by.</param>
    public IReadOnlyList<TargetGroup> Groups(HostString self) =>
    [
        new TargetGroup([Name(self)], Labels(Own)),
        .. Others().Select(found => new TargetGroup([.. found.Processes.Select(process => process.Authority)], Labels(found.Service))),
    ];

    /// <param name="self">The address that this process was asked by.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<IReadOnlyList<ProcessBudgets>> BudgetsAsync(HostString self, CancellationToken cancellationToken) =>
    [
        new ProcessBudgets(Own, Name(self), true, own.Report()),
        .. await Task.WhenAll(Others().SelectMany(found => found.Processes.Select(process => AskAsync(found.Service, process, cancellationToken)))),
    ];

    private IEnumerable<(string Service, IReadOnlyList<Uri> Processes)> Others() => DiscoveredServices.Http(configuration).Where(found => found.Processes.Count > 0);

    private async Task<ProcessBudgets> AskAsync(string service, Uri process, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            using HttpClient client = clients.CreateClient(nameof(PlatformProcesses));
            OperationBudgetReport[]? operations = await client.GetFromJsonAsync<OperationBudgetReport[]>(new Uri(process, "/health/budgets"), limit.Token);
            return new ProcessBudgets(service, process.Authority, true, operations ?? []);
        }
        catch (Exception failure) when (failure is HttpRequestException or JsonException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return new ProcessBudgets(service, process.Authority, false, []);
        }
    }

    private static string Name(HostString self) => self.Value ?? "localhost";

    private static Dictionary<string, string> Labels(string service) => new() { ["service"] = service };
}
