using System.Globalization;

namespace Platform.Testing;

/// <summary>A service of the platform as a process of its own, as it is deployed: own folder, own configuration, own ports, and it may be killed.</summary>
public sealed class ServiceProcess : IDisposable
{
    private ServiceProcess(ChildProcess process, Uri http) => (Process, HttpAddress) = (process, http);

    /// <summary>The process itself.</summary>
    public ChildProcess Process { get; }

    /// <summary>Where it answers gRPC.</summary>
    public Uri GrpcAddress => Process.Address;

    /// <summary>Where it answers HTTP: health, metrics.</summary>
    public Uri HttpAddress { get; }

    /// <summary>Starts the service and returns when it listens; what else it needs to be of use, the caller waits for.</summary>
    /// <param name="name">Folder below <c>services</c>, e.g. <c>EntityResolution</c>.</param>
    /// <param name="settings">Configuration, e.g. ("ConnectionStrings:platform", "Host=…") or ("PLATFORM:entityResolution:refreshInterval", "01:00:00"); null sets nothing.</param>
    /// <param name="cancellationToken">Ends the wait, and the process with it.</param>
    /// <exception cref="InvalidOperationException">It ended instead; the message holds its last lines.</exception>
    public static async Task<ServiceProcess> StartAsync(string name, IEnumerable<(string Key, string? Value)> settings, CancellationToken cancellationToken)
    {
        var (grpc, http) = (ChildProcess.FreePort(), ChildProcess.FreePort());
        var environment = new Dictionary<string, string>
        {
            ["Kestrel__Endpoints__grpc__Url"] = Address(grpc),
            ["Kestrel__Endpoints__http__Url"] = Address(http),
        };
        foreach (var (key, value) in settings)
        {
            if (value is not null)
            {
                environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
            }
        }

        var folder = BuildOutput.Of($"services/{name}");
        var process = await ChildProcess.StartAsync("dotnet", [Path.Combine(folder, $"Platform.{name}.dll")], grpc, folder, environment, cancellationToken);
        return new ServiceProcess(process, new Uri(Address(http)));
    }

    /// <inheritdoc/>
    public void Dispose() => Process.Dispose();

    private static string Address(int port) => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}");
}
