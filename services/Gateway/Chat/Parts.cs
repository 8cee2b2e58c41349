using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Caching.Memory;
using Platform.Gateway.Degradation;
using Platform.Gateway.Telemetry;
using Platform.ServiceDefaults;

namespace Platform.Gateway.Chat;

/// <summary>What came of asking for one part of an answer.</summary>
/// <param name="Value">The part; absent when it failed and nothing was remembered.</param>
/// <param name="Failure">Class of the failure (G4); null when the part is fresh.</param>
internal readonly record struct Part<T>(T? Value, string? Failure)
    where T : class
{
    public bool Missing => Value is null;

    public bool Remembered => Value is not null && Failure is not null;
}

/// <summary>
/// Asks services for parts of an answer. A part that is late or fails never fails the answer: the last good reply to the
/// same request stands in where there is one, and the failure is reported to the caller.
/// </summary>
internal sealed partial class Parts(
    TimeProvider time, DegradationMonitor degradation, GatewayMetrics metrics, ILogger<Parts> logger) : IDisposable
{
    private static readonly TimeSpan KeptFor = TimeSpan.FromHours(1);

    // Bytes on the wire; as objects they take about three times that, well under the memory bar of a service (P21).
    private const long KeptBytes = 8 * 1024 * 1024;

    private readonly MemoryCache lastGood = new(new MemoryCacheOptions { SizeLimit = KeptBytes });

    public async Task<Part<TReply>> AskAsync<TRequest, TReply>(
        string part,
        string dependency,
        string organizationId,
        TRequest request,
        TimeSpan limit,
        Func<TRequest, CallOptions, AsyncUnaryCall<TReply>> call,
        CancellationToken cancellationToken,
        bool remember = false)
        where TRequest : class, IMessage<TRequest>
        where TReply : class
    {
        (string, string, ByteString)? key = remember ? (organizationId, part, request.ToByteString()) : null;
        try
        {
            TReply reply = await call(request, time.Within(limit, cancellationToken));
            degradation.Succeeded(dependency);
            if (key is not null)
            {
                using ICacheEntry entry = lastGood.CreateEntry(key);
                entry.Size = request.CalculateSize() + (reply is IMessage message ? message.CalculateSize() : 0);
                entry.AbsoluteExpirationRelativeToNow = KeptFor;
                entry.Value = reply;
            }

            return new Part<TReply>(reply, null);
        }
        catch (RpcException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        catch (RpcException failure) when (IsAboutTheRequest(failure.StatusCode))
        {
            // The service works and says that this request is wrong: the caller decides what that means.
            degradation.Succeeded(dependency);
            throw;
        }
        catch (RpcException failure)
        {
            string reason = ExternalErrors.Name(ExternalErrors.Classify(failure));
            degradation.Failed(dependency);
            metrics.StageFailed(part, reason);
            Log.PartMissing(logger, part, dependency, failure.StatusCode, reason);
            TReply? remembered = key is not null && lastGood.TryGetValue(key, out TReply? last) ? last : null;
            return new Part<TReply>(remembered, reason);
        }
    }

    public void Dispose() => lastGood.Dispose();

    private static bool IsAboutTheRequest(StatusCode status) =>
        status is StatusCode.InvalidArgument or StatusCode.NotFound or StatusCode.FailedPrecondition or StatusCode.OutOfRange
            or StatusCode.AlreadyExists or StatusCode.PermissionDenied or StatusCode.Unauthenticated;

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "{Part} is missing: {Dependency} answered {Status} ({Reason})", EventName = "PartMissing")]
        public static partial void PartMissing(ILogger logger, string part, string dependency, StatusCode status, string reason);
    }
}
