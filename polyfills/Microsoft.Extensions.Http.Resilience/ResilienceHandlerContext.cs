using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience.Pipelines;
using Microsoft.Extensions.Options;
using Polly.Registry;

namespace Microsoft.Extensions.Http.Resilience;

/// <summary>What the configuration of a pipeline may use.</summary>
public sealed class ResilienceHandlerContext
{
    private readonly ConfigureBuilderContext<PipelineKey> _context;

    internal ResilienceHandlerContext(ConfigureBuilderContext<PipelineKey> context, IServiceProvider services)
    {
        _context = context;
        ServiceProvider = services;
    }

    /// <summary>The services.</summary>
    public IServiceProvider ServiceProvider { get; }

    /// <summary>The pipeline's name.</summary>
    public string BuilderName => _context.PipelineKey.Name;

    /// <summary>The instance's name; empty when there is one instance.</summary>
    public string InstanceName => _context.PipelineKey.Instance;

    /// <summary>Builds the pipeline again whenever these options change.</summary>
    public void EnableReloads<TOptions>(string? name = null)
    {
        var changed = new CancellationTokenSource();
        var subscription = ServiceProvider.GetRequiredService<IOptionsMonitor<TOptions>>().OnChange((_, changedName) =>
        {
            if (changedName == (name ?? Options.Options.DefaultName))
            {
                changed.Cancel();
            }
        });

        _context.AddReloadToken(changed.Token);
        _context.OnPipelineDisposed(() =>
        {
            subscription?.Dispose();
            changed.Dispose();
        });
    }

    /// <summary>The current options.</summary>
    public TOptions GetOptions<TOptions>(string? name = null)
        => ServiceProvider.GetRequiredService<IOptionsMonitor<TOptions>>().Get(name);

    /// <summary>Called when the pipeline is disposed or replaced.</summary>
    public void OnPipelineDisposed(Action callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        _context.OnPipelineDisposed(callback);
    }
}
