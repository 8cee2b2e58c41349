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

    internal ResourceCommandService(LocalRunner runner) => this.runner = runner;

    /// <summary>Executes one of <see cref="KnownResourceCommands"/>.</summary>
    /// <param name="resourceId">Resource name.</param>
    /// <param name="commandName">Command.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<ExecuteCommandResult> ExecuteCommandAsync(string resourceId, string commandName, CancellationToken cancellationToken = default)
    {
        if (runner.Find(resourceId) is not { } run)
        {
            return new ExecuteCommandResult { Success = false, Message = $"Resource '{resourceId}' not found." };
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

    /// <inheritdoc cref="ExecuteCommandAsync(string, string, CancellationToken)"/>
    public Task<ExecuteCommandResult> ExecuteCommandAsync(IResource resource, string commandName, CancellationToken cancellationToken = default) =>
        ExecuteCommandAsync(resource.Name, commandName, cancellationToken);
}
