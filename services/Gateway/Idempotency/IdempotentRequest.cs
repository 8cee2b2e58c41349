using System.Text.Json;
using Platform.Gateway.Chat;

namespace Platform.Gateway.Idempotency;

/// <summary>A request that may carry a key. Disposed without an answer, the key is free again.</summary>
internal sealed class IdempotentRequest : IAsyncDisposable
{
    private readonly IdempotencyKeys? keys;
    private readonly string key = "";
    private readonly KeyState? mine;
    private bool kept;

    public IdempotentRequest(IdempotencyKeys keys, string key, KeyState mine) => (this.keys, this.key, this.mine) = (keys, key, mine);

    private IdempotentRequest()
    {
    }

    public static IdempotentRequest WithoutKey { get; } = new();

    /// <summary>Why it is not answered.</summary>
    public IResult? Problem { get; private init; }

    /// <summary>The answer of the first time.</summary>
    public ChatResponse? Earlier { get; private init; }

    public static IdempotentRequest Refused(IResult problem) => new() { Problem = problem };

    public static IdempotentRequest Answered(ChatResponse earlier) => new() { Earlier = earlier };

    /// <summary>Keeps the answer for repeats, before it is sent: a caller who does not get it asks again.</summary>
    public async Task KeepAsync(ChatResponse response, CancellationToken cancellationToken)
    {
        if (keys is not null && mine is not null)
        {
            await keys.CompleteAsync(key, mine, JsonSerializer.SerializeToUtf8Bytes(response, ReadableJson.Chat.ChatResponse), cancellationToken);
            kept = true;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (keys is not null && mine is not null && !kept)
        {
            await keys.ReleaseAsync(key, mine);
        }
    }
}
