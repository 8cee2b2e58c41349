using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace Platform.Testing;

/// <summary>A server that belongs to one test, which may take it away and bring it back. It keeps its address; Redis loses its keys.</summary>
public sealed class ControlledServer : IAsyncDisposable
{
    private readonly IDistributedApplicationTestingBuilder builder;
    private readonly DistributedApplication application;
    private readonly string name;

    private ControlledServer(IDistributedApplicationTestingBuilder builder, DistributedApplication application, string name, string connectionString)
    {
        this.builder = builder;
        this.application = application;
        this.name = name;
        ConnectionString = connectionString;
    }

    public string ConnectionString { get; }

    /// <summary>Stops the server; returns when it is gone.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await ExecuteAsync(KnownResourceCommands.StopCommand, cancellationToken);
        await application.ResourceNotifications.WaitForResourceAsync(name, KnownResourceStates.TerminalStates, cancellationToken);
    }

    /// <summary>Starts the stopped server again; returns when it answers.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await ExecuteAsync(KnownResourceCommands.StartCommand, cancellationToken);
        await application.ResourceNotifications.WaitForResourceAsync(name, KnownResourceStates.Running, cancellationToken);
        await application.ResourceNotifications.WaitForResourceHealthyAsync(name, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await application.DisposeAsync();
        await builder.DisposeAsync();
    }

    internal static async Task<ControlledServer> StartAsync(
        string name, Action<IDistributedApplicationBuilder> describe, CancellationToken cancellationToken)
    {
        var builder = DistributedApplicationTestingBuilder.Create();
        describe(builder);
        var application = await builder.BuildAsync(cancellationToken);
        await application.StartAsync(cancellationToken);
        await application.ResourceNotifications.WaitForResourceHealthyAsync(name, cancellationToken);
        var connectionString = await application.GetConnectionStringAsync(name, cancellationToken);
        return new ControlledServer(builder, application, name, connectionString!);
    }

    private async Task ExecuteAsync(string command, CancellationToken cancellationToken)
    {
        var result = await application.ResourceCommands.ExecuteCommandAsync(name, command, cancellationToken);
        if (!result.Success)
        {
            throw new InvalidOperationException(result.Message);
        }
    }
}
