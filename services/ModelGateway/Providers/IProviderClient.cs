using Microsoft.Extensions.AI;

namespace Platform.ModelGateway.Providers;

/// <summary>
/// One provider's protocol. <see cref="ChatOptions.ModelId"/> is the provider's own name of the model. Every failure is a
/// <see cref="ProviderException"/>, except the cancellation of the token that was passed. A stream that ends without one is
/// whole; an update of it without contents only tells that the model is at work.
/// </summary>
internal interface IProviderClient : IChatClient
{
    /// <summary>The vectors of the texts, in their order.</summary>
    Task<(IReadOnlyList<float[]> Vectors, UsageDetails? Usage)> EmbedAsync(string model, IReadOnlyList<string> texts, CancellationToken cancellationToken);

    /// <summary>What the provider's moderation says of the text: whether it is flagged, and the score of each category.</summary>
    Task<(bool Flagged, IReadOnlyDictionary<string, double> Categories)> ModerateAsync(string model, string text, CancellationToken cancellationToken);
}
