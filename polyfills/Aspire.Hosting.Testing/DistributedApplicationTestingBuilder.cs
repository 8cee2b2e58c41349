using System.Reflection;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Running;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Testing;

/// <summary>The builder of an application under test.</summary>
public interface IDistributedApplicationTestingBuilder : IDistributedApplicationBuilder, IAsyncDisposable, IDisposable
{
    Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken = default);
}

/// <summary>Builds applications inside of a test process: free ports only, data that is thrown away.</summary>
public static class DistributedApplicationTestingBuilder
{
    /// <summary>Builds an application that the test describes itself.</summary>
    public static IDistributedApplicationTestingBuilder Create(params string[] args) =>
        new TestingBuilder(new DistributedApplicationBuilder(new DistributedApplicationOptions { Args = args }, isolated: true), null);

    /// <inheritdoc cref="CreateAsync{TEntryPoint}(string[], CancellationToken)"/>
    public static Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(CancellationToken cancellationToken = default)
        where TEntryPoint : class => CreateAsync(typeof(TEntryPoint), [], cancellationToken);

    /// <summary>Runs the entry point of a host up to its <c>Build()</c> and hands over its builder.</summary>
    /// <typeparam name="TEntryPoint">A type of the host's assembly, such as <c>Projects.AppHost</c>.</typeparam>
    /// <param name="args">Command-line arguments for the host.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(string[] args, CancellationToken cancellationToken = default)
        where TEntryPoint : class => CreateAsync(typeof(TEntryPoint), args, cancellationToken);

    /// <inheritdoc cref="CreateAsync{TEntryPoint}(string[], CancellationToken)"/>
    public static async Task<IDistributedApplicationTestingBuilder> CreateAsync(
        Type entryPoint, string[] args, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(entryPoint);
        var assembly = entryPoint.Assembly;
        var main = assembly.EntryPoint ?? throw new ArgumentException($"Assembly '{assembly.GetName().Name}' has no entry point.", nameof(entryPoint));
        var interception = new BuilderInterception(options => options.AssemblyName = assembly.GetName().Name);
        var thread = new Thread(() => RunEntryPoint(main, args, interception)) { IsBackground = true, Name = assembly.GetName().Name };
        thread.Start();
        return new TestingBuilder(await interception.Builder.WaitAsync(cancellationToken).ConfigureAwait(false), interception);
    }

    private static void RunEntryPoint(MethodInfo main, string[] args, BuilderInterception interception)
    {
        BuilderInterception.Current = interception;
        try
        {
            main.Invoke(null, main.GetParameters().Length == 0 ? [] : [args]);
            interception.Fail(new InvalidOperationException("The entry point ended without building an application."));
        }
        catch (TargetInvocationException exception)
        {
            interception.Fail(exception.InnerException ?? exception);
        }
    }

    private sealed class TestingBuilder(DistributedApplicationBuilder inner, BuilderInterception? interception)
        : IDistributedApplicationTestingBuilder, IApplicationFolderOwner
    {
        private DistributedApplication? built;

        public ConfigurationManager Configuration => inner.Configuration;

        public string AppHostDirectory => inner.AppHostDirectory;

        public Assembly? AppHostAssembly => inner.AppHostAssembly;

        public IHostEnvironment Environment => inner.Environment;

        public IServiceCollection Services => inner.Services;

        public DistributedApplicationExecutionContext ExecutionContext => inner.ExecutionContext;

        public IResourceCollection Resources => inner.Resources;

        public ApplicationFolder Folder => inner.Folder;

        public IResourceBuilder<T> AddResource<T>(T resource)
            where T : IResource => inner.AddResource(resource);

        public IResourceBuilder<T> CreateResourceBuilder<T>(T resource)
            where T : IResource => inner.CreateResourceBuilder(resource);

        public DistributedApplication Build() => BuildAsync().GetAwaiter().GetResult();

        public async Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken = default)
        {
            if (interception is null)
            {
                return built = inner.Build();
            }

            interception.AllowBuild();
            return built = await interception.Application.WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

        public async ValueTask DisposeAsync()
        {
            if (built is not null)
            {
                await built.DisposeAsync().ConfigureAwait(false);
            }

            inner.Folder.Dispose();
        }
    }
}
