using System.ComponentModel.DataAnnotations;

namespace Platform.ModelGateway.Prompts;

/// <summary>Section <c>modelGateway:promptGuard</c>: pausing of versions that clearly do worse than another.</summary>
internal sealed class PromptGuardOptions
{
    public bool Enabled { get; set; } = true;

    /// <summary>How often versions are compared, 1 min. The promise does not depend on it.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "1.00:00:00")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Promise: of tests between equally good versions, at most this share ever pauses one, however long and often it looks; 0.01.</summary>
    [Range(0.000001, 0.2)]
    public double FalsePauses { get; set; } = 0.01;

    /// <summary>Executions that both versions need, 100.</summary>
    [Range(1, 1_000_000)]
    public int MinimumExecutions { get; set; } = 100;

    /// <summary>Success rates nearer than this are no reason to pause, 0.02.</summary>
    [Range(0.0, 1.0)]
    public double MinimumDifference { get; set; } = 0.02;
}
