using OpenTelemetry.Instrumentation.StackExchangeRedis;
using StackExchange.Redis;

namespace Microsoft.Extensions.Hosting;

/// <summary>One connection and its recording; the container disposes both.</summary>
internal sealed class RedisConnection : IDisposable
{
    private readonly IDisposable? _recording;

    public RedisConnection(ConfigurationOptions options, StackExchangeRedisInstrumentation? instrumentation)
    {
        Multiplexer = ConnectionMultiplexer.Connect(options);
        _recording = instrumentation?.AddConnection(Multiplexer);
    }

    public ConnectionMultiplexer Multiplexer { get; }

    public void Dispose()
    {
        _recording?.Dispose();
        Multiplexer.Dispose();
    }
}
