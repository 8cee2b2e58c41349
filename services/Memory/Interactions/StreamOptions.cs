using System.ComponentModel.DataAnnotations;

namespace Platform.Memory.Interactions;

/// <summary>Section <c>memory:stream</c> of platform.yaml: how queued interactions are read.</summary>
internal sealed class StreamOptions
{
    /// <summary>The Redis stream. Every replica and the gateway must agree on it.</summary>
    [Required]
    public string Name { get; set; } = "platform:interactions";

    /// <summary>Where interactions go that cannot be recorded.</summary>
    [Required]
    public string DeadName { get; set; } = "platform:interactions:dead";

    /// <summary>The consumer group: each interaction goes to one replica of it.</summary>
    [Required]
    public string Group { get; set; } = "memory";

    /// <summary>Interactions taken at once.</summary>
    [Range(1, 1000)]
    public int BatchSize { get; set; } = 50;

    /// <summary>How long interactions wait before they are recorded while there are few: the processor and the database serve the next answer first.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:00.250")]
    public TimeSpan Linger { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How long one read waits for something new.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:00:04")]
    public TimeSpan Block { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>An interaction unacknowledged for so long is taken over from its consumer.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "1.00:00:00")]
    public TimeSpan ClaimAfter { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often abandoned interactions are looked for.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "01:00:00")]
    public TimeSpan ClaimInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often it is measured how far recording is behind.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:05:00")]
    public TimeSpan WatchInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long reading a conversation waits for its last turn while that is queued but not recorded; 0: not at all.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:01")]
    public TimeSpan TurnWait { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Deliveries after which an interaction that cannot be recorded is set aside.</summary>
    [Range(1, 100)]
    public int MaxDeliveries { get; set; } = 3;

    /// <summary>Deliveries after which an interaction is set aside untried: it ends the process each time.</summary>
    [Range(1, 1000)]
    public int MaxCrashes { get; set; } = 10;

    /// <summary>Entries that the dead stream keeps, about.</summary>
    [Range(1, 10_000_000)]
    public int DeadLength { get; set; } = 10_000;

    /// <summary>Longest pause between attempts while Redis or the database is away.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan MaxPause { get; set; } = TimeSpan.FromSeconds(3);
}
