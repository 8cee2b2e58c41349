using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Running;

namespace Aspire.Hosting.Servers;

/// <summary>
/// What the runner must know to provide a server on this machine in place of its container. One annotation of this type makes a
/// container resource runnable.
/// </summary>
internal abstract class LocalServer : IResourceAnnotation
{
    /// <summary>Name for people, for example <c>PostgreSQL</c>.</summary>
    public abstract string Product { get; }

    /// <summary>Programs that must all be found in one folder.</summary>
    public abstract IReadOnlyList<string> Programs { get; }

    /// <summary>Folders to search after <c>PATH</c>, best first.</summary>
    public abstract IEnumerable<string> Folders { get; }

    /// <summary>Package of Debian and Ubuntu that contains the programs.</summary>
    public abstract string DebianPackage { get; }

    /// <summary>Formula of Homebrew that contains the programs.</summary>
    public abstract string BrewFormula { get; }

    /// <summary>Port inside of the container.</summary>
    public abstract int ContainerPort { get; }

    /// <summary>Prepares the data and says how the server is started from its programs.</summary>
    public abstract Task<ProcessPlan> PrepareAsync(LocalServerStart start, string programFolder, CancellationToken cancellationToken);

    /// <summary>Environment of the container.</summary>
    public abstract Task<IReadOnlyDictionary<string, string>> ContainerEnvironmentAsync(CancellationToken cancellationToken);

    /// <summary>Arguments behind the container's image.</summary>
    public abstract Task<IReadOnlyList<string>> ContainerArgumentsAsync(CancellationToken cancellationToken);

    /// <summary>Throws unless the server answers.</summary>
    public abstract Task ProbeAsync(string connectionString, CancellationToken cancellationToken);

    /// <summary>Creates what the model wants inside of the server, for example databases. Called after each start.</summary>
    public abstract Task InitializeAsync(CancellationToken cancellationToken);
}

/// <summary>Where and how one start of a server happens.</summary>
/// <param name="Resource">The server.</param>
/// <param name="Port">Loopback port to listen on.</param>
/// <param name="DataFolder">Folder for data; its parent exists.</param>
/// <param name="Throwaway">Whether the data goes away with the application, so durability costs nothing.</param>
/// <param name="RunTool">Runs a tool to its end: program, arguments, working directory, environment. Fails on another exit code than 0.</param>
internal sealed record LocalServerStart(
    ContainerResource Resource,
    int Port,
    string DataFolder,
    bool Throwaway,
    Func<ProcessPlan, CancellationToken, Task> RunTool);
