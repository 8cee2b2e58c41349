using System.ComponentModel.DataAnnotations;

namespace Platform.Gateway.Chat;

/// <summary>Limits of the answer path, section <c>gateway:chat</c>.</summary>
internal sealed class ChatOptions
{
    public const string Section = "gateway:chat";

    /// <summary>Most characters of a question.</summary>
    [Range(1, 8000)]
    public int MaxQueryLength { get; set; } = 4000;

    /// <summary>Most bytes of a request body.</summary>
    [Range(1024, 1024 * 1024)]
    public int MaxBodyBytes { get; set; } = 64 * 1024;

    /// <summary>Longest time for a whole answer. Default: the slowest model attempt (30 s) and its fallback (15 s), with room (E1).</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan Total { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Reading the conversation state.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:00:30")]
    public TimeSpan Conversation { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Resolving entities. Default: well above its p99 of 300 ms (B3), so that a service that has just started still answers.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:00:30")]
    public TimeSpan Resolution { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Understanding the question.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:00:30")]
    public TimeSpan Understanding { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>One budget for memories, patterns, facts and the data question together (A2).</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan Retrieval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Merging what was retrieved. Default: four times its p99 of 500 ms (D1).</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:00:30")]
    public TimeSpan Synthesis { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Weighing a decision. Default: its p99 of 4 s (D3).</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:00:30")]
    public TimeSpan Decision { get; set; } = TimeSpan.FromSeconds(4);

    /// <summary>Longest time that the start may take for asking the usual questions once. Zero: none are asked.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan WarmUp { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Most memories asked for.</summary>
    [Range(0, 100)]
    public int Memories { get; set; } = 5;
}
