using System.Collections.Concurrent;
using System.Net;
using Grpc.Core;
using Grpc.Net.Client.Internal;
using Grpc.Net.Wire;

namespace Grpc.Net.Client;

/// <summary>Calls to one address. Expensive to make, cheap to call through: share it.</summary>
public sealed class GrpcChannel : ChannelBase, IDisposable
{
    private readonly ConcurrentDictionary<string, Uri> _methodAddresses = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<IDisposable, byte> _activeCalls = new();
    private readonly HttpMessageInvoker _invoker;
    private readonly bool _ownsInvoker;
    private volatile bool _disposed;

    private GrpcChannel(Uri address, GrpcChannelOptions options)
        : base(address.Authority)
    {
        if (options is { HttpClient: not null, HttpHandler: not null })
        {
            throw new ArgumentException($"Only one of {nameof(options.HttpClient)} and {nameof(options.HttpHandler)} can be set.", nameof(options));
        }

        Address = address;
        MaxSendMessageSize = options.MaxSendMessageSize;
        MaxReceiveMessageSize = options.MaxReceiveMessageSize;
        ThrowOperationCanceled = options.ThrowOperationCanceledOnCancellation;
        Encodings = options.CompressionProviders is null ? Encodings.Default : new Encodings(options.CompressionProviders);
        HttpVersion = options.HttpVersion ?? System.Net.HttpVersion.Version20;
        HttpVersionPolicy = options.HttpVersionPolicy
            ?? (address.Scheme == Uri.UriSchemeHttps && options.HttpVersion is null ? System.Net.Http.HttpVersionPolicy.RequestVersionOrHigher : System.Net.Http.HttpVersionPolicy.RequestVersionExact);

        var secure = address.Scheme == Uri.UriSchemeHttps;
        if (options.Credentials is not null)
        {
            var found = new ChannelCredentialsReader();
            options.Credentials.InternalPopulateConfiguration(found, this);
            if (found.IsSecure is bool wanted && wanted != secure && address.Scheme is "http" or "https")
            {
                throw new InvalidOperationException(
                    $"Channel is configured with {(wanted ? "secure" : "insecure")} channel credentials and can't use an address of scheme '{address.Scheme}'.");
            }

            ChannelCallCredentials = found.CallCredentials;
        }

        SendsCallCredentials = secure || options.UnsafeUseInsecureChannelCallCredentials;
        _ownsInvoker = options.DisposeHttpClient || options is { HttpClient: null, HttpHandler: null };
        _invoker = options.HttpClient ?? new HttpMessageInvoker(options.HttpHandler ?? CreateHandler(), disposeHandler: _ownsInvoker);
    }

    internal Uri Address { get; }

    internal int? MaxSendMessageSize { get; }

    internal int? MaxReceiveMessageSize { get; }

    internal bool ThrowOperationCanceled { get; }

    internal bool SendsCallCredentials { get; }

    internal CallCredentials? ChannelCallCredentials { get; }

    internal Encodings Encodings { get; }

    internal Version HttpVersion { get; }

    internal HttpVersionPolicy HttpVersionPolicy { get; }

    internal TimeProvider Time { get; init; } = TimeProvider.System;

    public static GrpcChannel ForAddress(string address) => ForAddress(address, new GrpcChannelOptions());

    public static GrpcChannel ForAddress(string address, GrpcChannelOptions channelOptions) => ForAddress(new Uri(address), channelOptions);

    public static GrpcChannel ForAddress(Uri address) => ForAddress(address, new GrpcChannelOptions());

    public static GrpcChannel ForAddress(Uri address, GrpcChannelOptions channelOptions)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(channelOptions);
        return new GrpcChannel(address, channelOptions);
    }

    public override CallInvoker CreateCallInvoker()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return new HttpCallInvoker(this);
    }

    /// <summary>Cancels the streaming calls that still run and closes the connections that the channel owns.</summary>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        foreach (var call in _activeCalls.Keys)
        {
            call.Dispose();
        }

        if (_ownsInvoker)
        {
            _invoker.Dispose();
        }
    }

    protected override Task ShutdownAsyncCore()
    {
        Dispose();
        return Task.CompletedTask;
    }

    internal Uri AddressOf(IMethod method)
        => _methodAddresses.TryGetValue(method.FullName, out var known)
            ? known
            : _methodAddresses.GetOrAdd(method.FullName, static (path, address) => new Uri(address, path), Address);

    internal Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);

        // HttpClient would buffer the whole response unless told otherwise.
        return _invoker is HttpClient client
            ? client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken)
            : _invoker.SendAsync(request, cancellationToken);
    }

    internal void CallStarted(IDisposable call) => _activeCalls.TryAdd(call, 0);

    internal void CallEnded(IDisposable call) => _activeCalls.TryRemove(call, out _);

    private static SocketsHttpHandler CreateHandler() => new()
    {
        EnableMultipleHttp2Connections = true,
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
    };
}
