using Aspire.Hosting.Running;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Commands that every process of an application has.</summary>
public static class KnownResourceCommands
{
    public static readonly string StartCommand = "start";
    public static readonly string StopCommand = "stop";
    public static readonly string RestartCommand = "restart";
}

/// <summary>How a command went.</summary>
public sealed class ExecuteCommandResult
{
    public required bool Success { get; init; }

    /// <summary>Why it failed, or null.</summary>
    public string? Message { get; init; }
}

/// <summary>Executes commands on resources of the running application.</summary>
public class ResourceCommandService
{
    private readonly LocalRunner runner;
    private readonly IServiceProvider services;

    internal ResourceCommandService(LocalRunner runner, IServiceProvider services) => (this.runner, this.services) = (runner, services);

    /// <summary>Executes one of <see cref="KnownResourceCommands"/>, or one that the application host declared.</summary>
    /// <param name="resourceId">Resource name.</param>
    /// <param name="commandName">Command.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<ExecuteCommandResult> ExecuteCommandAsync(string resourceId, string commandName, CancellationToken cancellationToken = default)
    {
        if (runner.Find(resourceId) is not { } run)
        {
            return new ExecuteCommandResult { Success = false, Message = $"Resource '{resourceId}' not found." };
        }

        if (run.Resource.Annotations.OfType<CustomCommandAnnotation>().LastOrDefault(command => command.Name == commandName) is { } custom)
        {
            return await ExecuteAsync(custom, resourceId, cancellationToken).ConfigureAwait(false);
        }

        if (commandName != KnownResourceCommands.StartCommand && commandName != KnownResourceCommands.StopCommand && commandName != KnownResourceCommands.RestartCommand)
        {
            return new ExecuteCommandResult { Success = false, Message = $"Command '{commandName}' not available for resource '{resourceId}'." };
        }

        if (commandName != KnownResourceCommands.StartCommand)
        {
            await run.SuspendAsync(cancellationToken).ConfigureAwait(false);
        }

        if (commandName != KnownResourceCommands.StopCommand)
        {
            run.Resume();
        }

        return new ExecuteCommandResult { Success = true };
    }

    private async Task<ExecuteCommandResult> ExecuteAsync(CustomCommandAnnotation command, string resource, CancellationToken cancellationToken)
    {
        try
        {
            return await command.Execute(new ExecuteCommandContext { ServiceProvider = services, ResourceName = resource, CancellationToken = cancellationToken }).ConfigureAwait(false);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // A command is somebody else's code; whatever it throws is told to the one who executed it.
            return CommandResults.Failure(exception);
        }
    }

    /// <inheritdoc cref="ExecuteCommandAsync(string, string, CancellationToken)"/>
    public Task<ExecuteCommandResult> ExecuteCommandAsync(IResource resource, string commandName, CancellationToken cancellationToken = default) =>
        ExecuteCommandAsync(resource.Name, commandName, cancellationToken);
}
