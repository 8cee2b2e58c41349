using Grpc.Core;
using Grpc.Net.Compression;
using Microsoft.Extensions.Logging;

namespace Grpc.Net.Client;

/// <summary>How a <see cref="GrpcChannel"/> makes its calls.</summary>
public sealed class GrpcChannelOptions
{
    public GrpcChannelOptions()
    {
    }

    /// <summary>Null: cleartext for http, TLS for https.</summary>
    public ChannelCredentials? Credentials { get; set; }

    /// <summary>In bytes. Null, the default: no limit.</summary>
    public int? MaxSendMessageSize { get; set; }

    /// <summary>In bytes. Default 4 MB; null: no limit.</summary>
    public int? MaxReceiveMessageSize { get; set; } = 4 * 1024 * 1024;

    /// <summary>Null: gzip and deflate.</summary>
    public IList<ICompressionProvider>? CompressionProviders { get; set; }

    public ILoggerFactory? LoggerFactory { get; set; }

    /// <summary>Not together with <see cref="HttpHandler"/>.</summary>
    public HttpClient? HttpClient { get; set; }

    /// <summary>Not together with <see cref="HttpClient"/>. Null: a handler of the channel's own.</summary>
    public HttpMessageHandler? HttpHandler { get; set; }

    /// <summary>Whether disposing the channel disposes the client or handler that was given.</summary>
    public bool DisposeHttpClient { get; set; }

    /// <summary>A call that is cancelled, or past its deadline, throws <see cref="OperationCanceledException"/> instead of <see cref="RpcException"/>.</summary>
    public bool ThrowOperationCanceledOnCancellation { get; set; }

    /// <summary>Sends call credentials over cleartext too.</summary>
    public bool UnsafeUseInsecureChannelCallCredentials { get; set; }

    public IServiceProvider? ServiceProvider { get; set; }

    /// <summary>Null: 2.0.</summary>
    public Version? HttpVersion { get; set; }

    /// <summary>Null: exactly the version for http, that version or higher otherwise.</summary>
    public HttpVersionPolicy? HttpVersionPolicy { get; set; }
}
