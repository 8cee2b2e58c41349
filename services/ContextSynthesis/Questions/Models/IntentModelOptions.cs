using System.ComponentModel.DataAnnotations;

namespace Platform.ContextSynthesis.Questions.Models;

/// <summary>Settings <c>synthesis:intents</c>: when a model is asked what a question wants.</summary>
internal sealed class IntentModelOptions
{
    /// <summary>"auto": a model is asked when the rules are unsure and the model gateway has one; "never": the rules decide alone.</summary>
    [RegularExpression("auto|never")]
    public string UseModel { get; set; } = "auto";

    /// <summary>Confidence of the rules, 0 to 1, below which a model is asked. 0: never.</summary>
    [Range(0, 1)]
    public double AskBelow { get; set; } = 0.6;

    /// <summary>Longest time for the model. The answer path has 2 s for understanding a question.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:00:30")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(1.2);

    /// <summary>How long no model is asked after one failed or took too long, so that a provider in trouble slows no question down but the first.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan Pause { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Prompt of the model gateway.</summary>
    [Required]
    public string PromptName { get; set; } = "intent";
}
