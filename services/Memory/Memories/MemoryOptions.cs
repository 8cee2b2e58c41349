using System.ComponentModel.DataAnnotations;

namespace Platform.Memory.Memories;

/// <summary>Section <c>memory:store</c> of platform.yaml.</summary>
internal sealed class MemoryOptions
{
    /// <summary>How much being about the asked entities counts.</summary>
    [Range(0.0, 10.0)]
    public double EntityWeight { get; set; } = 0.45;

    /// <summary>How much being recent counts.</summary>
    [Range(0.0, 10.0)]
    public double RecencyWeight { get; set; } = 0.25;

    /// <summary>How much agreeing with the query counts.</summary>
    [Range(0.0, 10.0)]
    public double MeaningWeight { get; set; } = 0.45;

    /// <summary>Age at which recency has fallen to one half.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "3650.00:00:00")]
    public TimeSpan RecencyHalfLife { get; set; } = TimeSpan.FromDays(30);

    /// <summary>Memories read for each reason (entity, words, recency) before they are scored.</summary>
    [Range(10, 5000)]
    public int CandidatesPerReason { get; set; } = 50;

    /// <summary>Longest wait for the database within one call; the caller's deadline may be shorter.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan DatabaseTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Entities and topics that a conversation keeps. Source: the contract.</summary>
    [Range(1, 20)]
    public int ConversationEntities { get; set; } = 20;

    /// <summary>How long the record of how an answer came about is kept. The conversation itself is kept until its user deletes it.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "3650.00:00:00")]
    public TimeSpan AnswerRecordRetention { get; set; } = TimeSpan.FromDays(90);

    /// <summary>How often memories whose time is over are removed and collections are measured.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan UpkeepInterval { get; set; } = TimeSpan.FromMinutes(1);
}
