using Platform.ResponseGeneration.Generation;

namespace Platform.ResponseGeneration.Models;

/// <summary>
/// The time that models may take for one answer, over all attempts: the limit of the answer's complexity or what is left of the
/// caller's time less a reserve for the writer, whichever ends first.
/// </summary>
internal sealed class AttemptBudget(GenerationOptions settings, TimeSpan limit, DateTimeOffset? deadline, TimeProvider clock)
{
    /// <summary>Less time than this is not worth a call.</summary>
    private static readonly TimeSpan LeastTime = TimeSpan.FromMilliseconds(200);

    /// <summary>Share of the time that is left which one attempt may take while the fallback model is still to be asked.</summary>
    private const double Share = 0.6;

    private readonly DateTimeOffset _until = Earlier(clock.GetUtcNow() + limit, deadline - settings.DeadlineReserve);
    private TimeSpan _longest;

    /// <summary>Time for an attempt on the primary model; null when too little is left.</summary>
    public TimeSpan? ForPrimary => Worth(Left * Share);

    public TimeSpan? ForFallback => Worth(Left < settings.FallbackTimeout ? Left : settings.FallbackTimeout);

    private TimeSpan Left => _until - clock.GetUtcNow();

    public void Took(TimeSpan time) => _longest = time > _longest ? time : _longest;

    /// <summary>True when another attempt as long as the longest so far, after the wait, would end in time and leave some for the fallback model.</summary>
    public bool Allows(TimeSpan wait) => wait + (_longest * 2) < Left;

    private static TimeSpan? Worth(TimeSpan time) => time >= LeastTime ? time : null;

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset? other) => other is { } end && end < one ? end : one;
}
