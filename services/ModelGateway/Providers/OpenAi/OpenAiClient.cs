using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Platform.ModelGateway.Providers.OpenAi;

/// <summary>A provider that speaks OpenAI's protocol: OpenAI, Azure OpenAI, and servers that are compatible with it.</summary>
internal sealed class OpenAiClient(ProviderTransport transport, OpenAiAddresses addresses) : IProviderClient
{
    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        transport.PostAsync(
            addresses.Chat(options?.ModelId ?? ""),
            writer => OpenAiRequest.Write(writer, addresses.Kind, messages, options, stream: false),
            body => OpenAiAnswer.Read(transport.Provider, body),
            cancellationToken);

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        transport.StreamAsync(
            addresses.Chat(options?.ModelId ?? ""),
            writer => OpenAiRequest.Write(writer, addresses.Kind, messages, options, stream: true),
            new OpenAiStream(transport.Provider),
            cancellationToken);

    public Task<(IReadOnlyList<float[]> Vectors, UsageDetails? Usage)> EmbedAsync(string model, IReadOnlyList<string> texts, CancellationToken cancellationToken) =>
        transport.PostAsync(addresses.Embeddings(model), writer => WriteEmbedding(writer, model, texts), body => ReadVectors(body, texts.Count), cancellationToken);

    public Task<(bool Flagged, IReadOnlyDictionary<string, double> Categories)> ModerateAsync(string model, string text, CancellationToken cancellationToken) =>
        transport.PostAsync(addresses.Moderations(model), writer => WriteModeration(writer, model, text), ReadModeration, cancellationToken);

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is null && serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
        // The directory owns the connections.
    }

    private static void WriteEmbedding(Utf8JsonWriter writer, string model, IReadOnlyList<string> texts)
    {
        writer.WriteStartObject();
        writer.WriteString("model", model);
        writer.WriteStartArray("input");
        foreach (var text in texts)
        {
            writer.WriteStringValue(text);
        }

        writer.WriteEndArray();
        writer.WriteString("encoding_format", "float");
        writer.WriteEndObject();
    }

    private static void WriteModeration(Utf8JsonWriter writer, string model, string text)
    {
        writer.WriteStartObject();
        writer.WriteString("model", model);
        writer.WriteString("input", text);
        writer.WriteEndObject();
    }

    private (IReadOnlyList<float[]>, UsageDetails?) ReadVectors(JsonElement body, int texts)
    {
        var vectors = new float[texts][];
        var found = 0;
        foreach (var item in body.GetProperty("data").EnumerateArray())
        {
            var index = item.GetProperty("index").GetInt32();
            if (index < 0 || index >= texts || vectors[index] is not null)
            {
                throw ProviderErrors.Garbage(transport.Provider, "a vector belongs to no text");
            }

            vectors[index] = [.. item.GetProperty("embedding").EnumerateArray().Select(value => value.GetSingle())];
            found += vectors[index].Length > 0 ? 1 : 0;
        }

        return found == texts ? (vectors, OpenAiAnswer.Usage(body)) : throw ProviderErrors.Garbage(transport.Provider, "not every text got a vector");
    }

    private (bool, IReadOnlyDictionary<string, double>) ReadModeration(JsonElement body)
    {
        var result = body.Items("results").FirstOrDefault();
        return (
            result.GetProperty("flagged").GetBoolean(),
            result.GetProperty("category_scores").EnumerateObject().ToDictionary(score => score.Name, score => score.Value.GetDouble(), StringComparer.Ordinal));
    }
}
