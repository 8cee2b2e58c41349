using System.Text.Json;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;
using Platform.Gateway.Chat;
using Platform.Gateway.Problems;
using Platform.ServiceDefaults;

namespace Platform.Gateway.Idempotency;

/// <summary>
/// The header Idempotency-Key (draft-ietf-httpapi-idempotency-key-header): a question that is sent again with its key gets the
/// answer of the first time. Keys are a user's own, shared by all instances through Redis; while Redis is away each
/// instance knows those that it was sent itself.
/// </summary>
internal sealed class IdempotencyKeys(SharedKeys shared, IOptionsMonitor<IdempotencyOptions> options, IOptionsMonitor<ChatOptions> chat) : IDisposable
{
    public const string Header = "Idempotency-Key";

    /// <summary>Tells that the answer is the one of an earlier request.</summary>
    public const string ReplayedHeader = "Idempotent-Replayed";

    // An attempt ends by its own limit; a key is held a little longer, so that only a crash leaves it to time out.
    private static readonly TimeSpan HeldLonger = TimeSpan.FromSeconds(10);

    private readonly MemoryCache local = new(new MemoryCacheOptions { SizeLimit = options.CurrentValue.LocalBytes });
    private readonly Lock gate = new();

    /// <summary>Begins a request: with the header, only once for each key at a time.</summary>
    public async Task<IdempotentRequest> BeginAsync(HttpContext http, RequestContext context, ChatRequest request, CancellationToken cancellationToken)
    {
        if (!http.Request.Headers.TryGetValue(Header, out var values))
        {
            return IdempotentRequest.WithoutKey;
        }

        // The draft has a quoted string; most clients send the bare one.
        string name = values.ToString().Trim();
        name = name is ['"', .. var quoted, '"'] ? quoted : name;
        if (!Identifiers.IsValid(name))
        {
            return IdempotentRequest.Refused(ProblemMapping.Invalid(http, Header, Identifiers.Allowed));
        }

        string key = $"platform:{Uri.EscapeDataString(context.OrganizationId)}:idempotency:{Uri.EscapeDataString(context.UserId)}:{Uri.EscapeDataString(name)}";
        KeyState mine = KeyState.Begin(JsonSerializer.SerializeToUtf8Bytes(request, ChatJson.Default.ChatRequest));
        TimeSpan heldFor = chat.CurrentValue.Total + HeldLonger;
        KeyState? held = ClaimLocally(key, mine, heldFor);
        if (held is null)
        {
            held = await shared.ClaimAsync(key, mine, heldFor, cancellationToken);
            if (held is not null)
            {
                local.Remove(key);
            }
        }

        return held is null ? new IdempotentRequest(this, key, mine) : Judge(http, mine, held);
    }

    public void Dispose() => local.Dispose();

    internal async Task CompleteAsync(string key, KeyState mine, byte[] answer, CancellationToken cancellationToken)
    {
        KeyState done = mine with { Answer = answer };
        TimeSpan keptFor = options.CurrentValue.Retention;
        if (await shared.CompleteAsync(key, mine, done, keptFor, cancellationToken))
        {
            local.Remove(key);
        }
        else
        {
            Keep(key, done, keptFor);
        }
    }

    internal async Task ReleaseAsync(string key, KeyState mine)
    {
        local.Remove(key);
        // The caller may have left already; the key must be given back all the same, within the limit for Redis.
        await shared.ReleaseAsync(key, mine, CancellationToken.None);
    }

    private static IdempotentRequest Judge(HttpContext http, KeyState mine, KeyState held)
    {
        if (held.Fingerprint != mine.Fingerprint)
        {
            return IdempotentRequest.Refused(ProblemMapping.Problem(
                http, StatusCodes.Status422UnprocessableEntity, "The key stands for another request",
                $"This {Header} was sent with another body before. Send a new key with a new request.",
                new Dictionary<string, string[]> { [Header] = ["was used with another body"] }));
        }

        if (held.Answer is not null)
        {
            http.Response.Headers[ReplayedHeader] = "true";
            return IdempotentRequest.Answered(JsonSerializer.Deserialize(held.Answer, ReadableJson.Chat.ChatResponse)!);
        }

        http.Response.Headers.RetryAfter = "1";
        return IdempotentRequest.Refused(ProblemMapping.Problem(
            http, StatusCodes.Status409Conflict, "The request is being answered",
            $"A request with this {Header} is being answered now. Send it again in a moment to get that answer."));
    }

    private KeyState? ClaimLocally(string key, KeyState mine, TimeSpan heldFor)
    {
        lock (gate)
        {
            if (local.TryGetValue(key, out KeyState? held))
            {
                return held;
            }

            Keep(key, mine, heldFor);
            return null;
        }
    }

    private void Keep(string key, KeyState state, TimeSpan keptFor)
    {
        using ICacheEntry entry = local.CreateEntry(key);
        entry.Size = key.Length + 256 + (state.Answer?.Length ?? 0);
        entry.AbsoluteExpirationRelativeToNow = keptFor;
        entry.Value = state;
    }
}
