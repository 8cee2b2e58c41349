using System.ComponentModel.DataAnnotations;
using Platform.Contracts.ContextSynthesis.V1;

namespace Platform.ResponseGeneration.Generation;

/// <summary>Settings of section <c>generation</c>. Times and limits default to requirements E1 and E2.</summary>
internal sealed class GenerationOptions
{
    public const string Section = "generation";

    /// <summary>BCP 47 tag for numbers and dates when a request names none. The words are English in every culture.</summary>
    [Required]
    public string Culture { get; set; } = "en-US";

    /// <summary>Tags of organizations whose readers write numbers and dates otherwise, by organization.</summary>
    public Dictionary<string, string> Cultures { get; set; } = new(StringComparer.Ordinal);

    /// <summary>"auto": a model writes when the model gateway has one; "never": the deterministic writer always does.</summary>
    [RegularExpression("auto|never")]
    public string UseModel { get; set; } = "auto";

    /// <summary>Prompt of the model gateway; a copy that ships with this service replaces it when it cannot be had.</summary>
    [Required]
    public string PromptName { get; set; } = "response_generation";

    [Range(0, 1)]
    public double Temperature { get; set; } = 0.3;

    /// <summary>Most attempts on the primary model; each repeats because of quality, with a stricter prompt, while that still helps.</summary>
    [Range(1, 10)]
    public int Attempts { get; set; } = 3;

    /// <summary>Wait before the second attempt; doubles from there.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan Backoff { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest time that models may take for a simple answer, over all attempts; so do the next two for others.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:05:00")]
    public TimeSpan SimpleTimeout { get; set; } = TimeSpan.FromSeconds(10);

    [Range(typeof(TimeSpan), "00:00:00.050", "00:05:00")]
    public TimeSpan MediumTimeout { get; set; } = TimeSpan.FromSeconds(20);

    [Range(typeof(TimeSpan), "00:00:00.050", "00:05:00")]
    public TimeSpan ComplexTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Longest time for the fallback model, within the time of the answer.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:05:00")]
    public TimeSpan FallbackTimeout { get; set; } = TimeSpan.FromSeconds(15);

    [Range(50, 32_000)]
    public int SimpleTokens { get; set; } = 500;

    [Range(50, 32_000)]
    public int MediumTokens { get; set; } = 1_000;

    [Range(50, 32_000)]
    public int ComplexTokens { get; set; } = 2_000;

    /// <summary>Quality score above which a grounded, complete model text is accepted though it is too long or short (E2).</summary>
    [Range(0, 1)]
    public double AcceptScore { get; set; } = 0.5;

    /// <summary>Most confidence of an answer that models should have written and could not (E1).</summary>
    [Range(0, 1)]
    public double FallbackConfidence { get; set; } = 0.6;

    /// <summary>How long "no provider is configured" is believed before the model gateway is asked again.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan NoProviderMemory { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long an unreachable model gateway is left alone.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan UnreachableMemory { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Part of the caller's time that is kept for the deterministic writer.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:30")]
    public TimeSpan DeadlineReserve { get; set; } = TimeSpan.FromSeconds(1);

    public TimeSpan TimeoutFor(Complexity complexity) => complexity switch
    {
        Complexity.Simple => SimpleTimeout,
        Complexity.Complex => ComplexTimeout,
        _ => MediumTimeout,
    };

    public int TokensFor(Complexity complexity) => complexity switch
    {
        Complexity.Simple => SimpleTokens,
        Complexity.Complex => ComplexTokens,
        _ => MediumTokens,
    };
}
