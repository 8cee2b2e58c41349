using System.ComponentModel.DataAnnotations;

namespace Platform.Gateway.Degradation;

/// <summary>When the platform counts as degraded, section <c>gateway:degradation</c>.</summary>
internal sealed class DegradationOptions
{
    public const string Section = "gateway:degradation";

    /// <summary>Failures in a row after which a dependency counts as away.</summary>
    [Range(1, 100)]
    public int FailuresToAway { get; set; } = 3;

    /// <summary>Successes in a row after which it counts as back. More than one, so that a flapping dependency does not flap the level.</summary>
    [Range(1, 100)]
    public int SuccessesToBack { get; set; } = 2;

    /// <summary>"auto", or a level that an operator pins: "full", "limited", "minimal", "maintenance".</summary>
    [RegularExpression("auto|full|limited|minimal|maintenance", ErrorMessage = "must be auto, full, limited, minimal or maintenance")]
    public string Level { get; set; } = "auto";
}
