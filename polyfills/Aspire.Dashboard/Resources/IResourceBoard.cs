namespace Aspire.Dashboard.Resources;

/// <summary>What the application host tells of its resources and lets people do with them.</summary>
internal interface IResourceBoard
{
    string ApplicationName { get; }

    IReadOnlyList<ResourceView> List();

    /// <summary>Lines that a resource printed, or null when there is no such resource.</summary>
    IReadOnlyList<ConsoleLine>? Console(string resource, ConsoleQuery query);

    /// <summary>File with everything that a resource printed in this run, or null when none is kept.</summary>
    string? ConsoleFile(string resource);

    /// <summary>Addresses of the health reports of a resource's processes.</summary>
    IReadOnlyList<Uri> HealthAddresses(string resource);

    Task<CommandOutcome> ExecuteAsync(string resource, string command, CancellationToken cancellationToken);
}

/// <summary>A resource as the page shows it.</summary>
internal sealed record ResourceView(
    string Name,
    string Type,
    string State,
    string? Health,
    int? ExitCode,
    string? Reason,
    IReadOnlyList<int> Processes,
    int Replicas,
    IReadOnlyList<ResourceLink> Links,
    IReadOnlyList<EnvironmentVariable> Environment,
    IReadOnlyList<ResourceCommand> Commands,
    IReadOnlyList<string> WaitsFor,
    string? Source);

internal sealed record ResourceLink(string Url, string Text);

/// <summary>An environment variable; a secret one comes without its value.</summary>
internal sealed record EnvironmentVariable(string Name, string? Value);

/// <param name="Name">What is sent back.</param>
/// <param name="DisplayName">The button.</param>
/// <param name="Enabled">Whether it can be executed now.</param>
/// <param name="Description">What it does, or null.</param>
/// <param name="Confirmation">Asked before it is executed, or null.</param>
internal sealed record ResourceCommand(string Name, string DisplayName, bool Enabled, string? Description = null, string? Confirmation = null);

/// <summary>One line of a resource's output.</summary>
internal sealed record ConsoleLine(long Sequence, string Text, string? Level);

/// <param name="After">Only lines newer than this.</param>
/// <param name="Text">Part of the line, or null.</param>
/// <param name="Limit">Most lines, the newest.</param>
internal sealed record ConsoleQuery(long After, string? Text, int Limit);

internal sealed record CommandOutcome(bool Success, string? Message);
