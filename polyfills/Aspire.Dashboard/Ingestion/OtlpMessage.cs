using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;

namespace Aspire.Dashboard.Ingestion;

/// <summary>The bytes of an OTLP request.</summary>
internal sealed record OtlpMessage(byte[] Bytes)
{
    private static readonly Marshaller<OtlpMessage> Requests = Marshallers.Create<OtlpMessage>(
        static (message, context) => context.Complete(message.Bytes), static context => new OtlpMessage(context.PayloadAsNewBuffer()));

    /// <summary>The only method of an OTLP service, with its request left as it is.</summary>
    public static Method<OtlpMessage, TResponse> Export<TResponse>(ServiceDescriptor service, MessageParser<TResponse> responses)
        where TResponse : class, IMessage<TResponse> =>
        new(MethodType.Unary, service.FullName, "Export", Requests, Marshallers.Create(static response => response.ToByteArray(), responses.ParseFrom));
}
