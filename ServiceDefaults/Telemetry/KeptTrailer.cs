using System.Diagnostics;
using Grpc.Core;

namespace Platform.ServiceDefaults;

/// <summary>Tells the caller of a call that something below it failed, whatever the reply is, so that it keeps the trace.</summary>
internal static class KeptTrailer
{
    internal const string Name = "x-trace-keep";

    /// <summary>On the side of the service, when its handler has ended.</summary>
    internal static void Write(ServerCallContext call, UndecidedTraces undecided)
    {
        if (Activity.Current is { Recorded: false } span && undecided.IsKept(span.TraceId))
        {
            call.ResponseTrailers.Add(Name, "1");
        }
    }

    internal static AsyncUnaryCall<T> Read<T>(AsyncUnaryCall<T> call, UndecidedTraces undecided) =>
        Activity.Current is not { Recorded: false } span ? call : new AsyncUnaryCall<T>(
            ResponseAsync(call, undecided, span.TraceId), call.ResponseHeadersAsync, call.GetStatus, call.GetTrailers, call.Dispose);

    internal static AsyncServerStreamingCall<T> Read<T>(AsyncServerStreamingCall<T> call, UndecidedTraces undecided) =>
        Activity.Current is not { Recorded: false } span ? call : new AsyncServerStreamingCall<T>(
            new Reader<T>(call, undecided, span.TraceId), call.ResponseHeadersAsync, call.GetStatus, call.GetTrailers, call.Dispose);

    private static async Task<T> ResponseAsync<T>(AsyncUnaryCall<T> call, UndecidedTraces undecided, ActivityTraceId trace)
    {
        try
        {
            var response = await call.ResponseAsync;
            Read(call.GetTrailers(), undecided, trace);
            return response;
        }
        catch (RpcException error)
        {
            Read(error.Trailers, undecided, trace);
            throw;
        }
    }

    private static void Read(Metadata trailers, UndecidedTraces undecided, ActivityTraceId trace)
    {
        if (trailers.Get(Name) is not null)
        {
            undecided.Keep(trace);
        }
    }

    private sealed class Reader<T>(AsyncServerStreamingCall<T> call, UndecidedTraces undecided, ActivityTraceId trace) : IAsyncStreamReader<T>
    {
        public T Current => call.ResponseStream.Current;

        public async Task<bool> MoveNext(CancellationToken cancellationToken)
        {
            try
            {
                var more = await call.ResponseStream.MoveNext(cancellationToken);
                if (!more)
                {
                    Read(call.GetTrailers(), undecided, trace);
                }

                return more;
            }
            catch (RpcException error)
            {
                Read(error.Trailers, undecided, trace);
                throw;
            }
        }
    }
}
