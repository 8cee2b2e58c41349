using System.Text.Json;
using Platform.Gateway.Authentication;
using Platform.ServiceDefaults;

namespace Platform.Gateway.Operations;

/// <summary>Processes of one service, in the form of Prometheus's HTTP service discovery.</summary>
/// <param name="Targets">Authorities, e.g. "127.0.0.1:5301".</param>
/// <param name="Labels">"service".</param>
internal sealed record TargetGroup(IReadOnlyList<string> Targets, IReadOnlyDictionary<string, string> Labels);

/// <summary>What one process reports; an empty list when it does not answer.</summary>
internal sealed record ProcessBudgets(string Service, string Process, bool Answered, IReadOnlyList<JsonElement> Operations);

/// <summary>The processes of the platform, as service discovery was told: each replica by itself.</summary>
internal sealed class PlatformProcesses(IConfiguration configuration, IHttpClientFactory clients)
{
    private const string Own = "gateway";
    private static readonly string[] KeyHeaders = [AuthenticationMiddleware.KeyHeader, "Authorization"];
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    /// <param name="self">The address that this process was asked by.</param>
    public IReadOnlyList<TargetGroup> Groups(HostString self) =>
    [
        Group(Own, [self.Value ?? "localhost"]),
        .. DiscoveredServices.Http(configuration).Where(found => found.Processes.Count > 0).Select(found => Group(found.Service, [.. found.Processes.Select(process => process.Authority)])),
    ];

    /// <param name="asked">The operator's request; its key is what this process asks itself with.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<IReadOnlyList<ProcessBudgets>> BudgetsAsync(HttpRequest asked, CancellationToken cancellationToken) =>
        await Task.WhenAll(Groups(asked.Host).SelectMany(group => group.Targets.Select(process => AskAsync(group.Labels["service"], process, asked, cancellationToken))));

    private async Task<ProcessBudgets> AskAsync(string service, string process, HttpRequest asked, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            using HttpClient client = clients.CreateClient(nameof(PlatformProcesses));
            using HttpRequestMessage request = new(HttpMethod.Get, $"http://{process}/health/budgets");
            foreach (string name in KeyHeaders.Where(name => service == Own && asked.Headers.ContainsKey(name)))
            {
                request.Headers.TryAddWithoutValidation(name, asked.Headers[name].ToString());
            }

            using HttpResponseMessage response = await client.SendAsync(request, limit.Token);
            response.EnsureSuccessStatusCode();
            JsonElement[]? operations = await response.Content.ReadFromJsonAsync<JsonElement[]>(limit.Token);
            return new ProcessBudgets(service, process, true, operations ?? []);
        }
        catch (Exception failure) when (failure is HttpRequestException or JsonException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return new ProcessBudgets(service, process, false, []);
        }
    }

    private static TargetGroup Group(string service, IReadOnlyList<string> targets) => new(targets, new Dictionary<string, string> { ["service"] = service });
}
