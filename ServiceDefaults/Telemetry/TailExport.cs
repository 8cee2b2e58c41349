using System.Diagnostics;
using OpenTelemetry;

namespace Platform.ServiceDefaults;

/// <summary>Exports spans that were chosen at once, and the others when <see cref="UndecidedTraces"/> keeps them.</summary>
internal sealed class TailExport : BatchActivityExportProcessor
{
    internal const int UsualDelayMilliseconds = 5000;

    private readonly UndecidedTraces _undecided;

    internal TailExport(BaseExporter<Activity> exporter, UndecidedTraces undecided, int scheduledDelayMilliseconds)
        : base(exporter, scheduledDelayMilliseconds: scheduledDelayMilliseconds)
    {
        _undecided = undecided;
        undecided.Kept = base.OnEnd;
    }

    public override void OnEnd(Activity data)
    {
        if (data.Recorded)
        {
            base.OnEnd(data);
        }
        else
        {
            _undecided.Ended(data);
        }
    }
}
