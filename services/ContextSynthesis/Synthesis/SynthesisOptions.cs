using System.ComponentModel.DataAnnotations;
using Platform.ContextSynthesis.Questions.Models;

namespace Platform.ContextSynthesis.Synthesis;

/// <summary>Settings of section <c>synthesis</c>.</summary>
internal sealed class SynthesisOptions
{
    public const string Section = "synthesis";

    /// <summary>Tokens of the rendered context when a request names none; a token is counted as four characters.</summary>
    [Range(200, 100_000)]
    public int TokenBudget { get; set; } = 4_000;

    /// <summary>Observations below which a pattern or a payment figure is called a small sample.</summary>
    [Range(2, 1_000)]
    public int SmallSample { get; set; } = 12;

    /// <summary>Age in days from which a note on file is said to be old.</summary>
    [Range(1, 10_000)]
    public int OldMemoryDays { get; set; } = 365;

    /// <summary>Confidence of a data question, 0 to 100, below which the reader is warned (H3: low is below 70).</summary>
    [Range(0, 100)]
    public double LowDataConfidence { get; set; } = 70;

    /// <summary>When a model is asked what a question wants.</summary>
    public IntentModelOptions Intents { get; set; } = new();
}
