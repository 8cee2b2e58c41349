using System.Diagnostics.Metrics;

namespace Platform.PatternAnalysis.Tests;

internal sealed class MeterFactory : IMeterFactory
{
    public Meter Create(MeterOptions options) => new(options);

    public void Dispose()
    {
    }
}
