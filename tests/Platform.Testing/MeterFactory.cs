using System.Diagnostics.Metrics;

namespace Platform.Testing;

/// <summary>Makes meters for parts that are built without a host.</summary>
public sealed class MeterFactory : IMeterFactory
{
    public Meter Create(MeterOptions options) => new(options);

    public void Dispose()
    {
    }
}
