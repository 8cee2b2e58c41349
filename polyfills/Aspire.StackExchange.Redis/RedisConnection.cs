using OpenTelemetry.Instrumentation.StackExchangeRedis;
using StackExchange.Redis;

namespace Microsoft.Extensions.Hosting;

/// <summary>One connection and its recording; the container disposes both.</summary>
internal sealed class RedisConnection : IDisposable
{
    private readonly ConnectionMultiplexer _client;
    private readonly CommandRecorder? _recorder;

    public RedisConnection(ConfigurationOptions options, StackExchangeRedisInstrumentation? instrumentation)
    {
        _client = ConnectionMultiplexer.Connect(options);
        _recorder = instrumentation?.Record(Options.Options.DefaultName, _client);
        Multiplexer = _recorder?.Connection ?? _client;
    }

    public IConnectionMultiplexer Multiplexer { get; }

    public void Dispose()
    {
        _recorder?.Dispose();
        _client.Dispose();
    }
}
