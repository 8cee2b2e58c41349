using System.ComponentModel.DataAnnotations;

namespace Platform.DataQuestions.Questions;

/// <summary>Section <c>dataQuestions:questions</c>.</summary>
internal sealed class QuestionOptions
{
    public const string Section = "dataQuestions:questions";

    /// <summary>Longest time of one statement, held by PostgreSQL itself.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:05:00")]
    public TimeSpan StatementTimeout { get; set; } = TimeSpan.FromSeconds(4);

    /// <summary>Rows returned when a request names no number.</summary>
    [Range(1, 1000)]
    public int DefaultRows { get; set; } = 100;

    /// <summary>Number of places of "top customers" without a number.</summary>
    [Range(1, 100)]
    public int DefaultTop { get; set; } = 10;
}
