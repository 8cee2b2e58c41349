namespace Platform.ResponseGeneration.Models;

/// <summary>Remembers for a short time that no model can be had, so that asking again costs nothing.</summary>
internal sealed class ModelAvailability(TimeProvider clock)
{
    private long _awayUntil = DateTimeOffset.MinValue.UtcTicks;

    public bool IsAway => clock.GetUtcNow().UtcTicks < Interlocked.Read(ref _awayUntil);

    public void AwayFor(TimeSpan time) => Interlocked.Exchange(ref _awayUntil, (clock.GetUtcNow() + time).UtcTicks);
}
