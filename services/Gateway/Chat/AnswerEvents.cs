namespace Platform.Gateway.Chat;

/// <summary>Hears what happens while an answer is made. The JSON endpoint ignores it, the stream passes it on.</summary>
internal interface IAnswerObserver
{
    /// <summary>Whether text should be streamed.</summary>
    bool Streams { get; }

    ValueTask StageStartedAsync(string stage, CancellationToken cancellationToken);

    ValueTask EntitiesResolvedAsync(IReadOnlyList<EntityView> entities, CancellationToken cancellationToken);

    ValueTask TextAsync(string delta, CancellationToken cancellationToken);

    ValueTask TextWithdrawnAsync(CancellationToken cancellationToken);
}

/// <summary>For answers that are sent whole.</summary>
internal sealed class SilentObserver : IAnswerObserver
{
    public static readonly SilentObserver Instance = new();

    public bool Streams => false;

    public ValueTask StageStartedAsync(string stage, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask EntitiesResolvedAsync(IReadOnlyList<EntityView> entities, CancellationToken cancellationToken) =>
        ValueTask.CompletedTask;

    public ValueTask TextAsync(string delta, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask TextWithdrawnAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;
}
