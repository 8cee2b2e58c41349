using Aspire.Dashboard.Protocol.Logs;
using Aspire.Dashboard.Protocol.Metrics;
using Aspire.Dashboard.Protocol.Trace;
using Grpc.Core;

namespace Aspire.Dashboard.Ingestion;

/// <summary>OTLP over gRPC: spans.</summary>
[BindServiceMethod(typeof(OtlpTraceGrpcService), nameof(Bind))]
internal sealed class OtlpTraceGrpcService(TelemetryReader reader)
{
    private static readonly Method<OtlpMessage, ExportTraceServiceResponse> Method = OtlpMessage.Export(TraceService.Descriptor, ExportTraceServiceResponse.Parser);

    public static void Bind(ServiceBinderBase binder, OtlpTraceGrpcService? service) =>
        binder.AddMethod(Method, service is null ? null : new UnaryServerMethod<OtlpMessage, ExportTraceServiceResponse>(service.Export));

    public Task<ExportTraceServiceResponse> Export(OtlpMessage request, ServerCallContext context) => Task.FromResult(OtlpAnswers.OfTraces(request.Bytes, reader));
}

/// <summary>OTLP over gRPC: log entries.</summary>
[BindServiceMethod(typeof(OtlpLogsGrpcService), nameof(Bind))]
internal sealed class OtlpLogsGrpcService(TelemetryReader reader)
{
    private static readonly Method<OtlpMessage, ExportLogsServiceResponse> Method = OtlpMessage.Export(LogsService.Descriptor, ExportLogsServiceResponse.Parser);

    public static void Bind(ServiceBinderBase binder, OtlpLogsGrpcService? service) =>
        binder.AddMethod(Method, service is null ? null : new UnaryServerMethod<OtlpMessage, ExportLogsServiceResponse>(service.Export));

    public Task<ExportLogsServiceResponse> Export(OtlpMessage request, ServerCallContext context) => Task.FromResult(OtlpAnswers.OfLogs(request.Bytes, reader));
}

/// <summary>OTLP over gRPC: metrics.</summary>
internal sealed class OtlpMetricsGrpcService(TelemetryReader reader) : MetricsService.MetricsServiceBase
{
    public override Task<ExportMetricsServiceResponse> Export(ExportMetricsServiceRequest request, ServerCallContext context) =>
        Task.FromResult(OtlpAnswers.OfMetrics(request, reader));
}
