using System.Collections.Immutable;
using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Servers;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Running;

/// <summary>The life of one resource: waits, starts, watches health, starts again what died, stops.</summary>
internal sealed class ResourceRun
{
    private static readonly TimeSpan CommandStopLimit = TimeSpan.FromSeconds(5);

    private readonly RunContext context;
    private readonly LocalServer? server;
    private readonly Replica[] replicas;
    private readonly Lock gate = new();
    private readonly string? dataFolder;
    private TaskCompletionSource resumed = Completed();
    private volatile bool suspended;

    public ResourceRun(IResource resource, RunContext context)
    {
        Resource = resource;
        this.context = context;
        server = resource.Annotations.OfType<LocalServer>().LastOrDefault();
        var count = resource.TryGetLastAnnotation<ReplicaAnnotation>(out var annotation) ? annotation.Replicas : 1;
        replicas = [.. Enumerable.Range(0, count).Select(index => new Replica(index))];
        if (server is not null && !IsExisting)
        {
            var volume = resource.Annotations.OfType<ContainerMountAnnotation>().LastOrDefault(m => m.Type == ContainerMountType.Volume)?.Source;
            dataFolder = context.Application.Folder.DataFolder(resource.Name, context.Application.Isolated ? null : volume);
            KeepsData = volume is not null && !context.Application.Isolated;
        }
    }

    public IResource Resource { get; }

    public bool IsServer => server is not null;

    /// <summary>Whether it ran to its end or could not be provided: nothing starts it again.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Variables with which the last process was started.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; private set; } = new Dictionary<string, string>();

    /// <summary>Why the server cannot be provided on this machine, or null.</summary>
    public string? Missing { get; private set; }

    private bool KeepsData { get; }

    private bool IsExisting => Resource.Annotations.OfType<ExistingServerAnnotation>().Any();

    // Somebody waits for its end, so a bad end is a result and not an accident.
    private bool RunsToCompletion => context.Application.Resources
        .SelectMany(r => r.Annotations.OfType<WaitAnnotation>())
        .Any(wait => wait.WaitType == WaitType.WaitForCompletion && ReferenceEquals(wait.Resource, Resource));

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await PublishAsync(KnownResourceStates.Waiting).ConfigureAwait(false);
            await WaitForDependenciesAsync(cancellationToken).ConfigureAwait(false);
            if (IsExisting)
            {
                await WatchExistingAsync(cancellationToken).ConfigureAwait(false);
                return;
            }

            await Task.WhenAll(replicas.Select(replica => SuperviseAsync(replica, cancellationToken))).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The application stops.
        }
        catch (ServerNotAvailableException exception)
        {
            Missing = exception.Message;
            await FailAsync(exception.Message).ConfigureAwait(false);
        }
        catch (DistributedApplicationException exception)
        {
            await FailAsync(exception.Message).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // Whoever waits for this resource must learn that it will not come.
            await FailAsync(exception.ToString()).ConfigureAwait(false);
        }
        finally
        {
            HasEnded = true;
        }
    }

    public async Task StopAsync(TimeSpan limit)
    {
        await Task.WhenAll(replicas.Select(replica => replica.Process?.StopAsync(limit) ?? Task.CompletedTask)).ConfigureAwait(false);
        foreach (var replica in replicas.Where(replica => replica.Process is not null))
        {
            await replica.Process!.DisposeAsync().ConfigureAwait(false);
            replica.Process = null;
        }

        await PublishAsync(KnownResourceStates.Exited).ConfigureAwait(false);
    }

    /// <summary>Stops the processes and keeps them stopped until <see cref="Resume"/>.</summary>
    public async Task SuspendAsync(CancellationToken cancellationToken)
    {
        HoldBack();
        await Task.WhenAll(replicas.Select(replica => replica.Process?.StopAsync(CommandStopLimit) ?? Task.CompletedTask)).ConfigureAwait(false);
        await context.Notifications.WaitForResourceAsync(Resource.Name, KnownResourceStates.TerminalStates, cancellationToken).ConfigureAwait(false);
    }

    public void Resume()
    {
        lock (gate)
        {
            suspended = false;
            resumed.TrySetResult();
        }
    }

    private void HoldBack()
    {
        lock (gate)
        {
            if (!suspended)
            {
                resumed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                suspended = true;
            }
        }
    }

    private static TaskCompletionSource Completed()
    {
        var source = new TaskCompletionSource();
        source.SetResult();
        return source;
    }

    private async Task WaitForDependenciesAsync(CancellationToken cancellationToken)
    {
        await Task.WhenAll(Resource.Annotations.OfType<WaitAnnotation>().Select(wait => WaitAsync(wait, cancellationToken))).ConfigureAwait(false);
    }

    private async Task WaitAsync(WaitAnnotation wait, CancellationToken cancellationToken)
    {
        var name = wait.Resource.Name;
        if (wait.WaitType == WaitType.WaitUntilHealthy)
        {
            await context.Notifications.WaitForResourceHealthyAsync(name, cancellationToken).ConfigureAwait(false);
            return;
        }

        var ended = await context.Notifications.WaitForResourceAsync(
            name, e => KnownResourceStates.TerminalStates.Contains(e.Snapshot.State?.Text ?? string.Empty), cancellationToken).ConfigureAwait(false);
        if (ended.Snapshot.State?.Text == KnownResourceStates.FailedToStart || ended.Snapshot.ExitCode != wait.ExitCode)
        {
            throw new DistributedApplicationException(string.Create(
                CultureInfo.InvariantCulture,
                $"Resource '{name}' ended as '{ended.Snapshot.State?.Text}' with exit code {ended.Snapshot.ExitCode?.ToString(CultureInfo.InvariantCulture) ?? "none"} instead of {wait.ExitCode}."));
        }
    }

    private async Task WatchExistingAsync(CancellationToken cancellationToken)
    {
        var existing = Resource.Annotations.OfType<ExistingServerAnnotation>().Last();
        await PublishAsync(KnownResourceStates.Running).ConfigureAwait(false);
        await HealthWatch.RunAsync(
            token => server!.ProbeAsync(existing.ConnectionString, token),
            healthy => SetHealthAsync(replicas[0], healthy),
            context.Time,
            cancellationToken).ConfigureAwait(false);
    }

    private async Task SuperviseAsync(Replica replica, CancellationToken cancellationToken)
    {
        var deaths = 0;
        var wasHealthy = false;
        while (true)
        {
            await resumed.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
            replica.Health = null;
            await PublishAsync(KnownResourceStates.Starting).ConfigureAwait(false);
            var plan = await PlanAsync(replica, cancellationToken).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            var started = context.Time.GetTimestamp();
            Environment = plan.Environment;
            var process = LocalProcess.Start(plan, context.Watchdog, line => context.Output.Write(Resource.Name, line));

            // When the application stops, StopAsync ends the process that is left here.
            replica.Process = process;
            await PublishAsync(KnownResourceStates.Running).ConfigureAwait(false);

            int exitCode;
            using (var life = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken))
            {
                var health = WatchHealthAsync(replica, life.Token);
                try
                {
                    exitCode = await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
                }
                finally
                {
                    await life.CancelAsync().ConfigureAwait(false);
                    await health.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }
            }

            wasHealthy |= replica.Health == HealthStatus.Healthy;
            replica.Health = null;
            replica.Process = null;
            await process.DisposeAsync().ConfigureAwait(false);
            if (suspended)
            {
                deaths = 0;
                await PublishAsync(KnownResourceStates.Exited, exitCode).ConfigureAwait(false);
                continue;
            }

            if (RunsToCompletion || (exitCode == 0 && !IsServer))
            {
                await PublishAsync(exitCode == 0 ? KnownResourceStates.Finished : KnownResourceStates.Exited, exitCode, Explain(exitCode)).ConfigureAwait(false);
                return;
            }

            deaths = context.Time.GetElapsedTime(started) > RestartBackoff.Stable ? 1 : deaths + 1;
            if (!wasHealthy && RestartBackoff.GivesUp(deaths, exitCode))
            {
                // Nothing more happens by itself, but a person who repaired it may start it again.
                HoldBack();
                deaths = 0;
                await FailAsync(Explain(exitCode)!, exitCode).ConfigureAwait(false);
                continue;
            }

            var delay = RestartBackoff.Delay(deaths);
            context.Output.Tell(Resource.Name, string.Create(
                CultureInfo.InvariantCulture, $"ended with exit code {exitCode}; starting again in {delay.TotalSeconds:0.0} s"));
            await PublishAsync(KnownResourceStates.Starting, exitCode).ConfigureAwait(false);
            await Task.Delay(delay, context.Time, cancellationToken).ConfigureAwait(false);
        }
    }

    private string? Explain(int exitCode)
    {
        if (exitCode == 0)
        {
            return null;
        }

        var lines = string.Join(System.Environment.NewLine, context.Output.LastLines(Resource.Name).Select(line => "    " + line));
        return string.Create(CultureInfo.InvariantCulture, $"It ended with exit code {exitCode}. Last output:{System.Environment.NewLine}{lines}");
    }

    private async Task<ProcessPlan> PlanAsync(Replica replica, CancellationToken cancellationToken)
    {
        if (server is null)
        {
            return await ProcessPlanning.CreateAsync(Resource, replica.Index, context, cancellationToken).ConfigureAwait(false);
        }

        var endpoint = Resource.Annotations.OfType<EndpointAnnotation>().First();
        var start = new LocalServerStart(
            (ContainerResource)Resource, endpoint.AllocatedEndpoint!.Port, dataFolder!, !KeepsData, RunToolAsync);
        return await context.Provision.PrepareAsync(server, start, cancellationToken).ConfigureAwait(false);
    }

    private async Task RunToolAsync(ProcessPlan plan, CancellationToken cancellationToken)
    {
        var lines = new List<string>();
        await using var process = LocalProcess.Start(plan, context.Watchdog, line =>
        {
            lock (lines)
            {
                lines.Add(line);
            }
        });
        var exitCode = await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
        if (exitCode != 0)
        {
            throw new DistributedApplicationException(string.Create(
                CultureInfo.InvariantCulture,
                $"{Path.GetFileName(plan.Program)} ended with exit code {exitCode}: {string.Join(System.Environment.NewLine, lines.TakeLast(15))}"));
        }
    }

    private Task WatchHealthAsync(Replica replica, CancellationToken cancellationToken)
    {
        if (server is not null)
        {
            var initialized = false;
            return HealthWatch.RunAsync(
                async token =>
                {
                    var connectionString = await ((IResourceWithConnectionString)Resource).GetConnectionStringAsync(token).ConfigureAwait(false);
                    await server.ProbeAsync(connectionString!, token).ConfigureAwait(false);
                    if (!initialized)
                    {
                        await server.InitializeAsync(token).ConfigureAwait(false);
                        initialized = true;
                    }
                },
                healthy => SetHealthAsync(replica, healthy),
                context.Time,
                cancellationToken);
        }

        var checks = Resource.Annotations.OfType<HttpHealthAnnotation>().ToArray();
        return checks.Length == 0
            ? SetHealthAsync(replica, healthy: true)
            : HealthWatch.RunAsync(
                token => Task.WhenAll(checks.Select(check => HealthWatch.AskAsync(check, replica.Index, token))),
                healthy => SetHealthAsync(replica, healthy),
                context.Time,
                cancellationToken);
    }

    private Task SetHealthAsync(Replica replica, bool healthy)
    {
        replica.Health = healthy ? HealthStatus.Healthy : HealthStatus.Unhealthy;
        return PublishAsync(KnownResourceStates.Running);
    }

    private Task FailAsync(string reason, int? exitCode = null) => PublishAsync(KnownResourceStates.FailedToStart, exitCode, reason);

    private async Task PublishAsync(string state, int? exitCode = null, string? reason = null)
    {
        HealthStatus? health = state != KnownResourceStates.Running ? null
            : Array.TrueForAll(replicas, r => r.Health == HealthStatus.Healthy) ? HealthStatus.Healthy
            : HealthStatus.Unhealthy;
        ImmutableArray<int> processes = [.. replicas.Select(r => r.Process).OfType<LocalProcess>().Select(p => p.Id)];
        foreach (var target in context.Application.Resources.Where(r => LocalRunner.IsChild(r, Resource)).Prepend(Resource))
        {
            await context.Notifications.PublishUpdateAsync(target, snapshot => snapshot with
            {
                State = state,
                HealthStatus = health,
                ExitCode = exitCode ?? snapshot.ExitCode,
                Reason = reason,
                Properties = [.. processes.Select(id => new ResourcePropertySnapshot(ResourcePropertySnapshot.ProcessId, id))],
            }).ConfigureAwait(false);
        }
    }

    private sealed class Replica(int index)
    {
        public int Index { get; } = index;

        public LocalProcess? Process { get; set; }

        public HealthStatus? Health { get; set; }
    }
}
