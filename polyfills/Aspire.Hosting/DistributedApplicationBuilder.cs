using System.Reflection;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Publishing;
using Aspire.Hosting.Running;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting;

internal sealed class DistributedApplicationBuilder : IDistributedApplicationBuilder, IApplicationFolderOwner
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(10);

    private static readonly Dictionary<string, string> Switches = new()
    {
        ["--publisher"] = "Publishing:Publisher",
        ["--output-path"] = "Publishing:OutputPath",
        ["--operation"] = "AppHost:Operation",
    };

    private readonly HostApplicationBuilder host;
    private readonly bool isolated;

    public DistributedApplicationBuilder(DistributedApplicationOptions options, bool isolated)
    {
        this.isolated = isolated;
        HasDashboard = !isolated && !options.DisableDashboard;
        AppHostAssembly = options.AssemblyName is { } name
            ? AppDomain.CurrentDomain.GetAssemblies().FirstOrDefault(a => a.GetName().Name == name) ?? Assembly.Load(name)
            : Assembly.GetEntryAssembly();
        host = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings
        {
            Args = [],
            ApplicationName = AppHostAssembly?.GetName().Name,
            ContentRootPath = AppHostFolder(AppHostAssembly),
            EnvironmentName = System.Environment.GetEnvironmentVariable("DOTNET_ENVIRONMENT")
                ?? System.Environment.GetEnvironmentVariable("ASPNETCORE_ENVIRONMENT")
                ?? Environments.Development,
        });
        var args = options.Args ?? [];
        Configuration.AddCommandLine(args, Switches);
        var operation = ReadOperation(Configuration);
        ExecutionContext = new DistributedApplicationExecutionContext(operation);
        Folder = new ApplicationFolder(ApplicationName, AppHostDirectory, isolated);

        host.Logging.ClearProviders();
        host.Logging.AddSimpleConsole(console => console.SingleLine = true);
        host.Logging.SetMinimumLevel(LogLevel.Warning);
        host.Services.Configure<ConsoleLifetimeOptions>(lifetime => lifetime.SuppressStatusMessages = true);
        host.Services.Configure<HostOptions>(o => o.ShutdownTimeout = StopLimit);
        host.Services.TryAddSingleton(TimeProvider.System);
        host.Services.AddSingleton(new ResourceNotificationService());
        host.Services.AddSingleton<IDistributedApplicationBuilder>(this);
        host.Services.AddSingleton(this);
        host.Services.AddSingleton<ResourceOutput>();
        if (ExecutionContext.IsPublishMode)
        {
            host.Services.AddHostedService<ManifestPublisher>();
        }
        else
        {
            host.Services.AddSingleton<LocalRunner>();
            host.Services.AddSingleton(services => new ResourceCommandService(services.GetRequiredService<LocalRunner>(), services));
            host.Services.AddHostedService(services => services.GetRequiredService<LocalRunner>());
        }
    }

    public ConfigurationManager Configuration => host.Configuration;

    public string AppHostDirectory => host.Environment.ContentRootPath;

    public Assembly? AppHostAssembly { get; }

    public IHostEnvironment Environment => host.Environment;

    public IServiceCollection Services => host.Services;

    public DistributedApplicationExecutionContext ExecutionContext { get; }

    public IResourceCollection Resources { get; } = new ResourceCollection();

    /// <summary>True for tests: free ports only, data is thrown away.</summary>
    internal bool Isolated => isolated;

    /// <summary>Whether a dashboard is wanted.</summary>
    internal bool HasDashboard { get; }

    public ApplicationFolder Folder { get; }

    internal string ApplicationName => host.Environment.ApplicationName;

    public IResourceBuilder<T> AddResource<T>(T resource)
        where T : IResource
    {
        if (Resources.FirstOrDefault(r => string.Equals(r.Name, resource.Name, StringComparison.OrdinalIgnoreCase)) is { } existing)
        {
            throw new DistributedApplicationException(
                $"Cannot add resource of type '{resource.GetType()}' with name '{resource.Name}' because resource of type '{existing.GetType()}' with that name already exists. Resource names are case-insensitive.");
        }

        Resources.Add(resource);
        return CreateResourceBuilder(resource);
    }

    public IResourceBuilder<T> CreateResourceBuilder<T>(T resource)
        where T : IResource => new ResourceBuilder<T>(this, resource);

    public DistributedApplication Build()
    {
        var interception = BuilderInterception.Current;
        interception?.WaitUntilBuildIsWanted(this);
        var application = new DistributedApplication(host.Build()) { EntryPointWaitsForStop = interception is not null };
        interception?.SetApplication(application);
        return application;
    }

    private static DistributedApplicationOperation ReadOperation(IConfiguration configuration)
    {
        var publisher = configuration["Publishing:Publisher"];
        if (publisher is not null and not "manifest")
        {
            throw new DistributedApplicationException($"Publisher '{publisher}' is unknown; this host has 'manifest'.");
        }

        return configuration["AppHost:Operation"]?.ToLowerInvariant() switch
        {
            "publish" => DistributedApplicationOperation.Publish,
            "run" => DistributedApplicationOperation.Run,
            null => publisher is null ? DistributedApplicationOperation.Run : DistributedApplicationOperation.Publish,
            var other => throw new DistributedApplicationException($"Operation '{other}' is unknown; it is 'run' or 'publish'."),
        };
    }

    private static string AppHostFolder(Assembly? assembly)
    {
        var project = assembly?.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(a => a.Key == "apphostprojectpath")?.Value;
        return project is not null && Directory.Exists(project) ? project : Directory.GetCurrentDirectory();
    }
}

/// <summary>A builder whose application keeps data.</summary>
internal interface IApplicationFolderOwner
{
    ApplicationFolder Folder { get; }
}

/// <summary>Lets a test take over an application that an entry point builds.</summary>
internal sealed class BuilderInterception(Action<DistributedApplicationOptions>? configure)
{
    private static readonly AsyncLocal<BuilderInterception?> Ambient = new();

    private readonly TaskCompletionSource<DistributedApplicationBuilder> builder = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<DistributedApplication> application = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ManualResetEventSlim buildWanted = new();

    public static BuilderInterception? Current
    {
        get => Ambient.Value;
        set => Ambient.Value = value;
    }

    public Task<DistributedApplicationBuilder> Builder => builder.Task;

    public Task<DistributedApplication> Application => application.Task;

    public void Configure(DistributedApplicationOptions options) => configure?.Invoke(options);

    public void SetApplication(DistributedApplication built) => application.TrySetResult(built);

    public void AllowBuild() => buildWanted.Set();

    /// <summary>Hands the complete description to the test and waits for its word.</summary>
    public void WaitUntilBuildIsWanted(DistributedApplicationBuilder described)
    {
        builder.TrySetResult(described);
        buildWanted.Wait();
    }

    public void Fail(Exception exception)
    {
        builder.TrySetException(exception);
        application.TrySetException(exception);
    }
}
