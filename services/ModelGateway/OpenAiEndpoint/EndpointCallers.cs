using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Platform.ModelGateway.Providers;
using Platform.ServiceDefaults;

namespace Platform.ModelGateway.OpenAiEndpoint;

/// <summary>Settles for whom a request is made.</summary>
internal sealed class EndpointCallers : IDisposable
{
    private const string Bearer = "Bearer ";

    private readonly IDisposable? _changes;
    private volatile Known _known;

    public EndpointCallers(IOptionsMonitor<ModelGatewayOptions> options)
    {
        _known = new Known(options.CurrentValue.Endpoint);
        _changes = options.OnChange((changed, _) => _known = new Known(changed.Endpoint));
    }

    internal int MaximumRequestBytes => _known.Options.MaximumRequestBytes;

    /// <summary>The context of the request with its organization and user.</summary>
    /// <exception cref="EndpointRefusedException">The key is missing or not known, or the header that names the organization is broken.</exception>
    internal RequestContext Identify(HttpRequest request, RequestContext current)
    {
        var known = _known;
        if (known.Options.Authentication == "none")
        {
            // A broken organization replaced in silence would be charged to somebody else.
            return request.Headers.TryGetValue(RequestHeaders.OrganizationId, out var organization) && !RequestHeaders.IsValid(organization)
                ? throw EndpointRefusedException.Invalid(RequestHeaders.OrganizationId, $"The header {RequestHeaders.OrganizationId} must have 1 to {RequestHeaders.MaximumLength} of A-Z a-z 0-9 . _ - @ :.")
                : current;
        }

        var authorization = request.Headers.Authorization.ToString();
        var presented = authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? authorization[Bearer.Length..].Trim() : "";
        if (presented.Length == 0)
        {
            throw Unauthorized("Send a key in the header Authorization: Bearer.", null);
        }

        // Looked up by hash: how long that takes tells nothing about a key.
        return known.Keys.TryGetValue(Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(presented))), out var key)
            ? current with { OrganizationId = key.OrganizationId, UserId = key.UserId }
            : throw Unauthorized("The key is not known.", "invalid_api_key");
    }

    public void Dispose() => _changes?.Dispose();

    private static EndpointRefusedException Unauthorized(string message, string? code) =>
        new(new EndpointRefusal(StatusCodes.Status401Unauthorized, "invalid_request_error", code, message));

    private sealed record Known(EndpointOptions Options)
    {
        internal FrozenDictionary<string, EndpointKey> Keys { get; } = Options.Keys.ToFrozenDictionary(key => key.Sha256.ToUpperInvariant(), StringComparer.Ordinal);
    }
}
