using Aspire.Dashboard.Resources;

namespace Aspire.Dashboard.Tests;

/// <summary>Two resources; commands are written down.</summary>
internal sealed class FakeBoard : IResourceBoard
{
    public List<string> Executed { get; } = [];

    public Uri HealthAddress { get; set; } = new("http://127.0.0.1:1/health");

    public string ApplicationName => "Sample";

    public IReadOnlyList<ResourceView> List() =>
    [
        View("web", "Running", "Healthy", null),
        View("broken", "FailedToStart", null, "limits.hops is -1; allowed is 1 to 9."),
    ];

    public IReadOnlyList<ConsoleLine>? Console(string resource, ConsoleQuery query) => resource == "web"
        ? [.. new[] { new ConsoleLine(1, "started", null), new ConsoleLine(2, "12:00:00 error: it burns", "Error") }.Where(line => line.Sequence > query.After)]
        : null;

    public string? ConsoleFile(string resource) => null;

    public IReadOnlyList<Uri> HealthAddresses(string resource) => [HealthAddress];

    public Task<CommandOutcome> ExecuteAsync(string resource, string command, CancellationToken cancellationToken)
    {
        Executed.Add($"{resource} {command}");
        return Task.FromResult(command == "explode" ? new CommandOutcome(false, "Command 'explode' not available.") : new CommandOutcome(true, null));
    }

    private static ResourceView View(string name, string state, string? health, string? reason) => new(
        name, "Project", state, health, reason is null ? null : 78, reason, [42], 1, [new ResourceLink("http://localhost:5080", "Chat")],
        [new EnvironmentVariable("DOTNET_ENVIRONMENT", "Development"), new EnvironmentVariable("OPENAI_API_KEY", null)],
        [new ResourceCommand("start", "Start", reason is not null), new ResourceCommand("stop", "Stop", reason is null), new ResourceCommand("greet", "Greet", true, "Says hello", "Really?")], ["postgres"], "web.csproj");
}
