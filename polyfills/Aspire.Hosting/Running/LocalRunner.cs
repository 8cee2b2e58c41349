using System.Globalization;
using Aspire.Dashboard;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Servers;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Running;

/// <summary>Runs the resources of an application as processes of this machine.</summary>
internal sealed class LocalRunner(
    DistributedApplicationBuilder application,
    ResourceNotificationService notifications,
    ResourceOutput output,
    IHostApplicationLifetime lifetime,
    IServiceProvider services,
    TimeProvider time) : IHostedService, IAsyncDisposable
{
    private static readonly TimeSpan ProjectStopLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ServerStopLimit = TimeSpan.FromSeconds(2.5);

    private readonly CancellationTokenSource stopping = new();
    private readonly PortLeases ports = new();
    private readonly Watchdog watchdog = new();
    private readonly List<ResourceRun> runs = [];
    private readonly List<Task> background = [];
    private DashboardApplication? dashboard;
    private bool stopped;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        DependencyOrder.Check(application.Resources);
        output.Visible = !application.Isolated;
        output.ShownLevel = ResourceOutput.ReadLevel(application.Configuration[ResourceOutput.LevelVariable]);
        if (!application.Isolated)
        {
            output.LogFolder = ResourceLogFile.CreateFolder(Path.Combine(application.Folder.Path, "logs"), time.GetLocalNow());
        }

        output.Align(application.Resources.Where(IsRunnable).Select(r => r.Name));
        var provision = new ServerProvision(application.Configuration, output, watchdog);
        AllocateEndpoints();
        watchdog.Start();
        if (application.Isolated)
        {
            watchdog.AddFolder(application.Folder.Path);
        }

        await StartDashboardAsync(cancellationToken).ConfigureAwait(false);
        foreach (var resource in application.Resources)
        {
            if (IsRunnable(resource))
            {
                runs.Add(new ResourceRun(resource, new RunContext(application, notifications, output, watchdog, provision, time)));
            }
            else if (!application.Resources.Any(parent => IsRunnable(parent) && IsChild(resource, parent)))
            {
                background.Add(PublishValueAsync(resource));
            }
        }

        foreach (var run in runs)
        {
            background.Add(Task.Run(() => run.RunAsync(stopping.Token), CancellationToken.None));
        }

        background.Add(Task.Run(() => ReportAsync(stopping.Token), CancellationToken.None));
        background.Add(Task.Run(() => ParentProcess.WatchAsync(lifetime.StopApplication, time, stopping.Token), CancellationToken.None));
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (stopped)
        {
            return;
        }

        stopped = true;
        output.Announce("Stopping …");
        await stopping.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(background).WaitAsync(ServerStopLimit, time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.WhenAll(runs.Where(run => !run.IsServer).Select(run => run.StopAsync(ProjectStopLimit))).ConfigureAwait(false);
        await Task.WhenAll(runs.Where(run => run.IsServer).Select(run => run.StopAsync(ServerStopLimit))).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(CancellationToken.None).ConfigureAwait(false);
        if (dashboard is not null)
        {
            await dashboard.DisposeAsync().ConfigureAwait(false);
        }

        ports.Dispose();
        application.Folder.Dispose();
        await watchdog.DisposeAsync().ConfigureAwait(false);
        stopping.Dispose();
    }

    /// <summary>The run of a resource, or null when there is no such process.</summary>
    internal ResourceRun? Find(string resource) => runs.Find(run => string.Equals(run.Resource.Name, resource, StringComparison.OrdinalIgnoreCase));

    internal static bool IsRunnable(IResource resource) =>
        resource is ProjectResource or ExecutableResource || resource.Annotations.OfType<LocalServer>().Any();

    internal static bool IsChild(IResource resource, IResource parent) =>
        resource is IResourceWithParent child && ReferenceEquals(child.Parent, parent);

    private async Task StartDashboardAsync(CancellationToken cancellationToken)
    {
        if (DashboardLaunch.Settings(application) is not { } settings)
        {
            return;
        }

        dashboard = await DashboardApplication.StartAsync(
            settings, new ResourceBoard(application, notifications, output, new ResourceCommandService(this, services), services, Find), time, cancellationToken).ConfigureAwait(false);
        DashboardLaunch.SendTelemetry(application, dashboard);
    }

    private void AllocateEndpoints()
    {
        foreach (var resource in application.Resources.OfType<IResourceWithEndpoints>())
        {
            var replicas = resource.TryGetLastAnnotation<ReplicaAnnotation>(out var annotation) ? annotation.Replicas : 1;
            foreach (var endpoint in resource.Annotations.OfType<EndpointAnnotation>())
            {
                endpoint.Replicas = [.. Enumerable.Range(0, replicas).Select(replica => Allocate(resource, endpoint, replica))];
                endpoint.AllocatedEndpoint = endpoint.Replicas[0];
            }
        }
    }

    private AllocatedEndpoint Allocate(IResource resource, EndpointAnnotation endpoint, int replica)
    {
        if (replica > 0 || application.Isolated || endpoint.Port is not > 0 || !endpoint.PortIsWanted)
        {
            return new AllocatedEndpoint(endpoint, "localhost", ports.Take());
        }

        if (ports.TryTake(endpoint.Port.Value))
        {
            return new AllocatedEndpoint(endpoint, "localhost", endpoint.Port.Value);
        }

        var other = ports.Take();
        output.Announce(string.Create(
            CultureInfo.InvariantCulture, $"Port {endpoint.Port} of '{resource.Name}' ({endpoint.Name}) is taken; using {other} instead."));
        return new AllocatedEndpoint(endpoint, "localhost", other);
    }

    private async Task PublishValueAsync(IResource resource)
    {
        string? reason = null;
        try
        {
            if (resource is IValueProvider value)
            {
                await value.GetValueAsync(stopping.Token).ConfigureAwait(false);
            }
        }
        catch (DistributedApplicationException exception)
        {
            reason = exception.Message;
        }

        await notifications.PublishUpdateAsync(resource, snapshot => snapshot with
        {
            State = reason is null ? KnownResourceStates.Running : KnownResourceStates.FailedToStart,
            HealthStatus = reason is null ? HealthStatus.Healthy : null,
            Reason = reason,
        }).ConfigureAwait(false);
    }

    private async Task ReportAsync(CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var outcomes = await Task.WhenAll(runs.Select(async run => await notifications.WaitForResourceAsync(
            run.Resource.Name,
            e => e.Snapshot.HealthStatus == HealthStatus.Healthy || KnownResourceStates.TerminalStates.Contains(e.Snapshot.State?.Text ?? string.Empty),
            cancellationToken).ConfigureAwait(false))).ConfigureAwait(false);
        StartReport.Write(output, [.. outcomes.Select(o => notifications.TryGetCurrentState(o.ResourceId, out var now) ? now : o)], time.GetElapsedTime(started), dashboard?.LoginUrl);
        if (runs.Select(run => run.Missing).FirstOrDefault(missing => missing is not null) is { } message && !application.Isolated)
        {
            await Console.Error.WriteLineAsync(message).ConfigureAwait(false);
            Environment.ExitCode = 1;
            lifetime.StopApplication();
        }
    }
}

/// <summary>What every run of a resource shares.</summary>
internal sealed record RunContext(
    DistributedApplicationBuilder Application,
    ResourceNotificationService Notifications,
    ResourceOutput Output,
    Watchdog Watchdog,
    ServerProvision Provision,
    TimeProvider Time);
