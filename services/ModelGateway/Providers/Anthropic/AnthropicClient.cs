using Microsoft.Extensions.AI;
using Platform.ServiceDefaults;

namespace Platform.ModelGateway.Providers.Anthropic;

/// <summary>A provider that speaks Anthropic's messages protocol. It has neither embeddings nor moderation.</summary>
internal sealed class AnthropicClient(ProviderTransport transport, string baseUrl) : IProviderClient
{
    private readonly Uri _messages = new($"{baseUrl.TrimEnd('/')}/messages");

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        transport.PostAsync(
            _messages,
            writer => AnthropicRequest.Write(writer, messages, options, stream: false),
            body => AnthropicAnswer.Read(transport.Provider, body),
            cancellationToken);

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        transport.StreamAsync(
            _messages,
            writer => AnthropicRequest.Write(writer, messages, options, stream: true),
            new AnthropicStream(transport.Provider),
            cancellationToken);

    public Task<(IReadOnlyList<float[]> Vectors, UsageDetails? Usage)> EmbedAsync(string model, IReadOnlyList<string> texts, CancellationToken cancellationToken) =>
        throw Missing("embeddings");

    public Task<(bool Flagged, IReadOnlyDictionary<string, double> Categories)> ModerateAsync(string model, string text, CancellationToken cancellationToken) =>
        throw Missing("moderations");

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is null && serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
        // The directory owns the connections.
    }

    private ProviderException Missing(string operation) => new(ExternalErrorClass.NotFound, transport.Provider, $"the protocol has no {operation}");
}
