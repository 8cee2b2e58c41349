using System.Text.RegularExpressions;
using Aspire.Dashboard.Resources;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Running;

/// <summary>The resources of the running application for the dashboard.</summary>
internal sealed partial class ResourceBoard(
    DistributedApplicationBuilder application,
    ResourceNotificationService notifications,
    ResourceOutput output,
    ResourceCommandService commands,
    IServiceProvider services,
    Func<string, ResourceRun?> find) : IResourceBoard
{
    // Shorter ones would be found by chance in values that have nothing to do with them.
    private const int ShortSecret = 4;

    public string ApplicationName => application.ApplicationName;

    public IReadOnlyList<ResourceView> List() => [.. application.Resources.Select(View)];

    public IReadOnlyList<ConsoleLine>? Console(string resource, ConsoleQuery query)
    {
        if (output.LinesAfter(resource, query.After) is not { } lines)
        {
            return find(resource) is null ? null : [];
        }

        return [.. lines.Where(line => query.Text is null || line.Text.Contains(query.Text, StringComparison.OrdinalIgnoreCase))
            .TakeLast(query.Limit)
            .Select(Read)];
    }

    public string? ConsoleFile(string resource) =>
        output.LogFolder is { } folder && find(resource) is { } run ? Path.Combine(folder, run.Resource.Name + ".log") : null;

    public IReadOnlyList<Uri> HealthAddresses(string resource) =>
        find(resource) is not { } run ? [] : [.. run.Resource.Annotations.OfType<HttpHealthAnnotation>().Take(1)
            .SelectMany(check => check.Endpoint.EndpointAnnotation.Replicas.Select(replica => new Uri(new Uri(replica.UriString), HealthPath(check.Path))))];

    public async Task<CommandOutcome> ExecuteAsync(string resource, string command, CancellationToken cancellationToken)
    {
        var result = await commands.ExecuteCommandAsync(resource, command, cancellationToken).ConfigureAwait(false);
        return new CommandOutcome(result.Success, result.Message);
    }

    private static ConsoleLine Read(OutputLine line)
    {
        var read = LogLine.Read(line.Text);
        return new ConsoleLine(line.Sequence, read.Text, read.Level?.ToString());
    }

    // The readiness check says only yes or no; the report lies beside it.
    private static string HealthPath(string path) => path.EndsWith("/ready", StringComparison.Ordinal) ? path[..^"/ready".Length] : path;

    private static string TypeOf(IResource resource) => resource switch
    {
        ProjectResource => "Project",
        ContainerResource => "Server",
        ExecutableResource => "Executable",
        ParameterResource => "Parameter",
        IResourceWithParent => "Database",
        IResourceWithConnectionString => "Connection string",
        _ => resource.GetType().Name,
    };

    private ResourceView View(IResource resource)
    {
        var snapshot = notifications.TryGetCurrentState(resource.Name, out var current) ? current.Snapshot : null;
        var run = find(resource.Name);
        var state = snapshot?.State?.Text ?? KnownResourceStates.NotStarted;
        return new ResourceView(
            resource.Name,
            TypeOf(resource),
            state,
            snapshot?.HealthStatus?.ToString(),
            snapshot?.ExitCode,
            snapshot?.Reason,
            [.. snapshot?.Properties.Where(property => property.Name == ResourcePropertySnapshot.ProcessId).Select(property => (int)property.Value!) ?? []],
            resource.TryGetLastAnnotation<ReplicaAnnotation>(out var replicas) ? replicas.Replicas : 1,
            [.. StartReport.Urls(resource).Select(url => new ResourceLink(url.Url, url.DisplayText ?? url.Url))],
            Environment(run),
            run is null or { HasEnded: true } ? [] : [.. Commands(state), .. Custom(resource, current)],
            [.. resource.Annotations.OfType<WaitAnnotation>().Select(wait => wait.Resource.Name).Distinct()],
            resource.Annotations.OfType<IProjectMetadata>().LastOrDefault()?.ProjectPath ?? (resource as ExecutableResource)?.Command);
    }

    private static ResourceCommand[] Commands(string state)
    {
        var stopped = KnownResourceStates.TerminalStates.Contains(state);
        return
        [
            new ResourceCommand(KnownResourceCommands.StartCommand, "Start", stopped),
            new ResourceCommand(KnownResourceCommands.StopCommand, "Stop", !stopped),
            new ResourceCommand(KnownResourceCommands.RestartCommand, "Restart", state == KnownResourceStates.Running),
        ];
    }

    private IEnumerable<ResourceCommand> Custom(IResource resource, ResourceEvent? current)
    {
        foreach (var command in resource.Annotations.OfType<CustomCommandAnnotation>())
        {
            var state = current is null ? ResourceCommandState.Disabled
                : command.Options.UpdateState?.Invoke(new UpdateCommandStateContext { ResourceSnapshot = current.Snapshot, ServiceProvider = services })
                ?? (current.Snapshot.State?.Text == KnownResourceStates.Running ? ResourceCommandState.Enabled : ResourceCommandState.Disabled);
            if (state != ResourceCommandState.Hidden)
            {
                yield return new ResourceCommand(command.Name, command.DisplayName, state == ResourceCommandState.Enabled, command.Options.Description, command.Options.ConfirmationMessage);
            }
        }
    }

    private EnvironmentVariable[] Environment(ResourceRun? run)
    {
        if (run is null)
        {
            return [];
        }

        var secrets = run.Environment.Values.Select(value => PasswordOf().Match(value)).Where(match => match.Success).Select(match => match.Groups[1].Value)
            .Concat(application.Resources.OfType<ParameterResource>().Where(parameter => parameter.Secret).Select(parameter => parameter.KnownValue).OfType<string>())
            .Where(secret => secret.Length > 0).ToHashSet();
        return [.. run.Environment.OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => new EnvironmentVariable(pair.Key, IsSecret(pair.Key, pair.Value, secrets) ? null : pair.Value))];
    }

    private static bool IsSecret(string name, string value, HashSet<string> secrets) =>
        value.Length > 0 && (SecretName().IsMatch(name) || PasswordOf().IsMatch(value) || secrets.Any(secret => secret.Length < ShortSecret ? value == secret : value.Contains(secret, StringComparison.Ordinal)));

    [GeneratedRegex("KEY|SECRET|PASSWORD|PWD|TOKEN|OTLP_HEADERS|CREDENTIAL|ConnectionStrings__", RegexOptions.IgnoreCase)]
    private static partial Regex SecretName();

    [GeneratedRegex(@"(?:password|pwd)\s*=\s*([^;,]+)", RegexOptions.IgnoreCase)]
    private static partial Regex PasswordOf();
}
