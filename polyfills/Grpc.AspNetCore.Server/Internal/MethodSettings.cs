using System.IO.Compression;
using Grpc.Net.Compression;
using Grpc.Net.Wire;
using Microsoft.Extensions.Logging;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>The options of a service where it sets them, of all services where it does not.</summary>
internal sealed record MethodSettings(
    int? MaxSendMessageSize,
    int? MaxReceiveMessageSize,
    bool EnableDetailedErrors,
    ICompressionProvider? ResponseCompression,
    CompressionLevel? ResponseCompressionLevel,
    Encodings Encodings,
    IReadOnlyList<InterceptorRegistration> Interceptors,
    ILogger Logger)
{
    public TimeProvider Time { get; } = TimeProvider.System;

    public static MethodSettings Resolve(GrpcServiceOptions all, GrpcServiceOptions? service, ILoggerFactory loggers)
    {
        service ??= new GrpcServiceOptions();
        var encodings = new Encodings([.. Encodings.BuiltIn, .. all.AddedCompressionProviders, .. service.AddedCompressionProviders]);
        var algorithm = service.ResponseCompressionAlgorithm ?? all.ResponseCompressionAlgorithm;
        ICompressionProvider? compression = null;
        if (algorithm is not null and not HeaderNames.IdentityEncoding)
        {
            compression = encodings.Find(algorithm)
                ?? throw new InvalidOperationException($"The configured response compression algorithm '{algorithm}' does not have a matching compression provider.");
        }

        return new MethodSettings(
            service.MaxSendMessageSizeSpecified ? service.MaxSendMessageSize : all.MaxSendMessageSize,
            service.MaxReceiveMessageSizeSpecified ? service.MaxReceiveMessageSize
                : all.MaxReceiveMessageSizeSpecified ? all.MaxReceiveMessageSize
                : GrpcServiceOptions.DefaultReceiveMaxMessageSize,
            service.EnableDetailedErrors ?? all.EnableDetailedErrors ?? false,
            compression,
            service.ResponseCompressionLevel ?? all.ResponseCompressionLevel,
            encodings,
            [.. all.Interceptors, .. service.Interceptors],
            loggers.CreateLogger("Grpc.AspNetCore.Server.ServerCallHandler"));
    }
}
