namespace Platform.ResponseGeneration.Models;

/// <summary>Takes the text of an answer while it is written.</summary>
internal interface IAnswerSink
{
    ValueTask TextAsync(string text, CancellationToken cancellationToken);

    /// <summary>What was taken so far is withdrawn.</summary>
    ValueTask WithdrawAsync(CancellationToken cancellationToken);
}

/// <summary>For answers that are sent whole.</summary>
internal sealed class NoSink : IAnswerSink
{
    public static readonly NoSink Instance = new();

    public ValueTask TextAsync(string text, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask WithdrawAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;
}
