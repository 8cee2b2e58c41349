using System.Diagnostics.Metrics;

namespace Platform.Testing;

/// <summary>Makes meters for parts that are built without a host. As a host's factory does, it is their scope.</summary>
public sealed class MeterFactory : IMeterFactory
{
    public Meter Create(MeterOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new Meter(options.Name, options.Version, options.Tags, scope: this);
    }

    public void Dispose()
    {
    }
}
