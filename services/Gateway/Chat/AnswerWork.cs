using Platform.ServiceDefaults;

namespace Platform.Gateway.Chat;

/// <summary>One question while it is being answered.</summary>
/// <param name="request">The question.</param>
/// <param name="context">Who asks, and until when.</param>
/// <param name="limits">Limits of the stages.</param>
/// <param name="observer">Hears of what happens.</param>
/// <param name="asOf">Day as of which it is answered when the question names none; null: now.</param>
internal sealed class AnswerWork(ChatRequest request, RequestContext context, ChatOptions limits, IAnswerObserver observer, DateOnly? asOf = null)
{
    public ChatRequest Request => request;

    public RequestContext Context => context;

    public ChatOptions Limits => limits;

    public IAnswerObserver Observer => observer;

    public DateOnly? AsOf => asOf;

    /// <summary>Parts that the answer has to do without, or has an older copy of.</summary>
    public List<string> Without { get; } = [];
}
