using Aspire.Dashboard.Protocol.Logs;
using Aspire.Dashboard.Protocol.Metrics;
using Aspire.Dashboard.Protocol.Trace;

namespace Aspire.Dashboard.Ingestion;

/// <summary>Keeps what a request brings and says what was rejected, the same over gRPC and HTTP.</summary>
internal static class OtlpAnswers
{
    public static ExportTraceServiceResponse OfTraces(byte[] message, TelemetryReader reader)
    {
        var rejected = reader.AddSpans(message);
        return rejected == 0 ? new ExportTraceServiceResponse() : new ExportTraceServiceResponse
        {
            PartialSuccess = new Protocol.Trace.ExportPartialSuccess
            {
                RejectedSpans = rejected,
                ErrorMessage = "trace_id must have 16 bytes and span_id 8.",
            },
        };
    }

    public static ExportLogsServiceResponse OfLogs(byte[] message, TelemetryReader reader)
    {
        reader.AddLogs(message);
        return new ExportLogsServiceResponse();
    }

    public static ExportMetricsServiceResponse OfMetrics(ExportMetricsServiceRequest request, TelemetryReader reader)
    {
        var rejected = reader.Add(request.ResourceMetrics);
        return rejected == 0 ? new ExportMetricsServiceResponse() : new ExportMetricsServiceResponse
        {
            PartialSuccess = new Protocol.Metrics.ExportPartialSuccess
            {
                RejectedDataPoints = rejected,
                ErrorMessage = "Too many series: the dashboard keeps those that it knows.",
            },
        };
    }
}
