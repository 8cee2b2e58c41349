using System.ComponentModel.DataAnnotations;

namespace Platform.DataQuestions.Facts;

/// <summary>Section <c>dataQuestions:facts</c>.</summary>
internal sealed class FactsOptions
{
    public const string Section = "dataQuestions:facts";

    /// <summary>Longest time that reading the facts of one request may take. The answer path has 5 s for all of its retrieval.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>Number of entities whose last facts are kept in memory, to be shown as stale while the database is away.</summary>
    [Range(0, 100_000)]
    public int LastKnownEntries { get; set; } = 1000;
}
