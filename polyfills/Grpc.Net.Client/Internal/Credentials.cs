using Grpc.Core;

namespace Grpc.Net.Client.Internal;

internal sealed class ChannelCredentialsReader : ChannelCredentialsConfiguratorBase
{
    public bool? IsSecure { get; private set; }

    public CallCredentials? CallCredentials { get; private set; }

    public override void SetInsecureCredentials(object state) => IsSecure = false;

    public override void SetSslCredentials(object state, string? rootCertificates, KeyCertificatePair? keyCertificatePair, VerifyPeerCallback? verifyPeerCallback)
    {
        if (rootCertificates is not null || keyCertificatePair is not null || verifyPeerCallback is not null)
        {
            throw new InvalidOperationException("Certificates are configured on the HTTP handler, not on SslCredentials.");
        }

        IsSecure = true;
    }

    public override void SetCompositeCredentials(object state, ChannelCredentials channelCredentials, CallCredentials callCredentials)
    {
        channelCredentials.InternalPopulateConfiguration(this, state);
        CallCredentials = CallCredentials is null ? callCredentials : CallCredentials.Compose(CallCredentials, callCredentials);
    }
}

internal sealed class CallCredentialsReader : CallCredentialsConfiguratorBase
{
    public List<AsyncAuthInterceptor> Interceptors { get; } = [];

    public override void SetCompositeCredentials(object? state, IReadOnlyList<CallCredentials> credentials)
    {
        foreach (var part in credentials)
        {
            part.InternalPopulateConfiguration(this, state);
        }
    }

    public override void SetAsyncAuthInterceptorCredentials(object? state, AsyncAuthInterceptor interceptor) => Interceptors.Add(interceptor);
}
