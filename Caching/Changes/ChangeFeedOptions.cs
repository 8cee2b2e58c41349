using System.ComponentModel.DataAnnotations;

namespace Platform.Caching.Changes;

/// <summary>How changes of the data are followed.</summary>
public sealed class ChangeFeedOptions
{
    /// <summary>Longest time between two looks at the outbox; a notification makes the next one come at once.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:00:30")]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest time of one look; also of connecting.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:00:30")]
    public TimeSpan Limit { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Without a successful look for this long, what is kept is served marked stale.</summary>
    [Range(typeof(TimeSpan), "00:00:00.200", "00:10:00")]
    public TimeSpan MaximumLag { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>Changed customers of one organization in one look above which all of the organization counts as changed.</summary>
    [Range(1, 100_000)]
    public int MaximumChanges { get; set; } = 1000;

    /// <summary>How long changes stay in the outbox. Whoever was away for more than half of it trusts nothing from before.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "365.00:00:00")]
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(7);
}
