namespace Grpc.Net.Wire;

/// <summary>Names of headers, trailers and media type in gRPC over HTTP/2.</summary>
internal static class HeaderNames
{
    public const string Status = "grpc-status";
    public const string Message = "grpc-message";
    public const string Timeout = "grpc-timeout";
    public const string Encoding = "grpc-encoding";
    public const string AcceptEncoding = "grpc-accept-encoding";
    public const string StatusDetails = "grpc-status-details-bin";

    /// <summary>Set in the metadata of a call to choose the encoding of what this side sends. Never sent itself.</summary>
    public const string RequestedEncoding = "grpc-internal-encoding-request";

    public const string IdentityEncoding = "identity";
    public const string ContentType = "application/grpc";

    public static bool IsGrpcContentType(string? contentType)
    {
        if (contentType is null || !contentType.StartsWith(ContentType, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        // "application/grpc", "application/grpc+proto" and "application/grpc; …", but not "application/grpc-web".
        return contentType.Length == ContentType.Length || contentType[ContentType.Length] is '+' or ';';
    }

    /// <summary>Headers of the protocol itself, which are not shown as metadata.</summary>
    public static bool IsReserved(string name)
    {
        if (name.Length == 0 || name[0] == ':')
        {
            return true;
        }

        return name[0] switch
        {
            'g' or 'G' => name.Equals(Status, StringComparison.OrdinalIgnoreCase)
                || name.Equals(Message, StringComparison.OrdinalIgnoreCase)
                || name.Equals(Timeout, StringComparison.OrdinalIgnoreCase)
                || name.Equals(Encoding, StringComparison.OrdinalIgnoreCase)
                || name.Equals(AcceptEncoding, StringComparison.OrdinalIgnoreCase)
                || name.Equals(RequestedEncoding, StringComparison.OrdinalIgnoreCase),
            'c' or 'C' => name.Equals("content-type", StringComparison.OrdinalIgnoreCase)
                || name.Equals("content-encoding", StringComparison.OrdinalIgnoreCase),
            't' or 'T' => name.Equals("te", StringComparison.OrdinalIgnoreCase),
            'h' or 'H' => name.Equals("host", StringComparison.OrdinalIgnoreCase),
            _ => false,
        };
    }
}
