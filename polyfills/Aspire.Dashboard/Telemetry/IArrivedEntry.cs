namespace Aspire.Dashboard.Telemetry;

/// <summary>A log entry as it arrived: perhaps still encoded.</summary>
internal interface IArrivedEntry
{
    int Severity { get; }

    string? TraceId { get; }

    TelemetrySource Source { get; }

    LogEntry Read();
}
