using System.ComponentModel.DataAnnotations;

namespace Platform.DataQuestions.Facts;

/// <summary>Section <c>dataQuestions:facts</c>.</summary>
internal sealed class FactsOptions
{
    public const string Section = "dataQuestions:facts";

    /// <summary>Longest time that reading the facts of one entity may take. The answer path has 5 s for all of its retrieval.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>Entities of one request that are read at the same time.</summary>
    [Range(1, 20)]
    public int Parallelism { get; set; } = 4;
}
