using Grpc.Core;

namespace Grpc.AspNetCore.Server;

/// <summary>On each endpoint of a service: which method it serves.</summary>
public sealed class GrpcMethodMetadata
{
    public GrpcMethodMetadata(Type serviceType, IMethod method)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        ArgumentNullException.ThrowIfNull(method);
        ServiceType = serviceType;
        Method = method;
    }

    public Type ServiceType { get; }

    public IMethod Method { get; }
}

/// <summary>On the HttpContext of each call: its gRPC side.</summary>
public interface IServerCallContextFeature
{
    ServerCallContext ServerCallContext { get; }
}
