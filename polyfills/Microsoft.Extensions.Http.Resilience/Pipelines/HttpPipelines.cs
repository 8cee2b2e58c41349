using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Polly;
using Polly.Registry;

namespace Microsoft.Extensions.Http.Resilience.Pipelines;

/// <summary>The pipelines of a container, each built when it is first used.</summary>
internal sealed class HttpPipelines : IAsyncDisposable, IDisposable
{
    private readonly ResiliencePipelineRegistry<PipelineKey> _registry;
    private readonly IServiceProvider _services;
    private readonly ConcurrentDictionary<string, Action<ResiliencePipelineBuilder<HttpResponseMessage>, ResilienceHandlerContext>> _added = new();

    public HttpPipelines(IServiceProvider services, PipelineTelemetry telemetry)
    {
        _services = services;
        _registry = new(new ResiliencePipelineRegistryOptions<PipelineKey>
        {
            BuilderComparer = new PipelineKey.ByName(),
            BuilderNameFormatter = static key => key.Name,
            InstanceNameFormatter = static key => key.Instance,
            BuilderFactory = () => new ResiliencePipelineBuilder
            {
                TimeProvider = services.GetService<TimeProvider>(),
                TelemetryListener = telemetry,
            },
        });
    }

    public ResilienceHandler Handler(string name, Action<ResiliencePipelineBuilder<HttpResponseMessage>, ResilienceHandlerContext> configure)
    {
        if (_added.TryAdd(name, configure))
        {
            _registry.TryAddBuilder<HttpResponseMessage>(
                new PipelineKey(name, string.Empty),
                (builder, context) => configure(builder, new ResilienceHandlerContext(context, _services)));
        }

        return _services.GetRequiredService<IOptionsMonitor<PipelineSelection>>().Get(name).KeyOf is { } keyOf
            ? new ResilienceHandler(request => _registry.GetPipeline<HttpResponseMessage>(new PipelineKey(name, keyOf(request))))
            : new ResilienceHandler(_registry.GetPipeline<HttpResponseMessage>(new PipelineKey(name, string.Empty)));
    }

    public void Dispose() => _registry.Dispose();

    public ValueTask DisposeAsync() => _registry.DisposeAsync();
}
