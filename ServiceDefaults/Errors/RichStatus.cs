using Google.Protobuf;
using Grpc.Core;
using RpcStatus = Google.Rpc.Status;

namespace Platform.ServiceDefaults;

/// <summary>Carries <c>google.rpc.Status</c> in the trailer <c>grpc-status-details-bin</c>, as the gRPC richer error model defines it.</summary>
internal static class RichStatus
{
    private const string Trailer = "grpc-status-details-bin";

    internal static RpcException ToException(RpcStatus status)
    {
        var trailers = new Metadata { { Trailer, status.ToByteArray() } };
        return new RpcException(new Grpc.Core.Status((StatusCode)status.Code, status.Message), trailers, status.Message);
    }

    /// <summary>The rich status of <paramref name="error"/>; null when it carries none, or one that cannot be read.</summary>
    internal static RpcStatus? Of(RpcException error)
    {
        if (error.Trailers.GetValueBytes(Trailer) is not { } bytes)
        {
            return null;
        }

        try
        {
            return RpcStatus.Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }

    internal static TDetail? Detail<TDetail>(this RpcStatus? status)
        where TDetail : class, IMessage<TDetail>, new()
    {
        foreach (var any in status?.Details ?? [])
        {
            if (any.TryUnpack<TDetail>(out var detail))
            {
                return detail;
            }
        }

        return null;
    }
}
