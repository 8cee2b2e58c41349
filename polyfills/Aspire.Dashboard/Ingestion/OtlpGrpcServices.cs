using Aspire.Dashboard.Protocol.Logs;
using Aspire.Dashboard.Protocol.Metrics;
using Aspire.Dashboard.Protocol.Trace;
using Grpc.Core;

namespace Aspire.Dashboard.Ingestion;

/// <summary>OTLP over gRPC: spans.</summary>
internal sealed class OtlpTraceGrpcService(TelemetryReader reader) : TraceService.TraceServiceBase
{
    public override Task<ExportTraceServiceResponse> Export(ExportTraceServiceRequest request, ServerCallContext context) =>
        Task.FromResult(OtlpAnswers.Of(request, reader));
}

/// <summary>OTLP over gRPC: log entries.</summary>
internal sealed class OtlpLogsGrpcService(TelemetryReader reader) : LogsService.LogsServiceBase
{
    public override Task<ExportLogsServiceResponse> Export(ExportLogsServiceRequest request, ServerCallContext context) =>
        Task.FromResult(OtlpAnswers.Of(request, reader));
}

/// <summary>OTLP over gRPC: metrics.</summary>
internal sealed class OtlpMetricsGrpcService(TelemetryReader reader) : MetricsService.MetricsServiceBase
{
    public override Task<ExportMetricsServiceResponse> Export(ExportMetricsServiceRequest request, ServerCallContext context) =>
        Task.FromResult(OtlpAnswers.Of(request, reader));
}
