using System.Diagnostics;
using System.Diagnostics.Metrics;
using Grpc.Core;

namespace Platform.ServiceDefaults;

/// <summary>Duration and status of served gRPC calls: HTTP's own metric cannot tell them apart, because a refused call is a 200 too.</summary>
internal sealed class RpcServerMetrics
{
    internal const string MeterName = "Platform.ServiceDefaults";

    private readonly Histogram<double> _duration;

    public RpcServerMetrics(IMeterFactory meters) => _duration = meters.Create(MeterName).CreateHistogram<double>(
        "rpc.server.call.duration", "s", "Duration of served gRPC calls. Labels: rpc.system.name, rpc.method, rpc.response.status_code, error.type.");

    internal void Served(string method, StatusCode status, TimeSpan took)
    {
        var tags = new TagList
        {
            { "rpc.system.name", "grpc" },
            { "rpc.method", method.TrimStart('/') },
            { "rpc.response.status_code", status.ToString() },
        };
        if (IsFault(status))
        {
            tags.Add("error.type", status.ToString());
        }

        _duration.Record(took.TotalSeconds, tags);
    }

    // As the conventions say for servers: a refusal of what the caller asked for is no fault of the service.
    private static bool IsFault(StatusCode status) => status is StatusCode.Unknown or StatusCode.DeadlineExceeded or StatusCode.Unimplemented
        or StatusCode.Internal or StatusCode.Unavailable or StatusCode.DataLoss;
}
