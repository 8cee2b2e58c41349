using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;
using Platform.ModelGateway.Providers;

namespace Platform.ModelGateway.Safety;

/// <summary>What happens to a type of personal data before a prompt leaves.</summary>
internal enum SafetyMode
{
    /// <summary>It is left as it is.</summary>
    Allow,

    /// <summary>A stand-in goes to the provider and is put back into the answer.</summary>
    Placeholder,

    /// <summary>The type's name goes to the provider, for good.</summary>
    Mask,

    /// <summary>The call is refused.</summary>
    Block,
}

/// <summary>Section <c>modelGateway:safety</c> (requirement G7).</summary>
internal sealed class SafetyOptions
{
    public const string Section = "modelGateway:safety";

    private static readonly Dictionary<PiiType, SafetyMode> Defaults = Enum.GetValues<PiiType>().ToDictionary(type => type, type => type switch
    {
        PiiType.Secret => SafetyMode.Mask,

        // Questions are about companies, places and days: without them no answer makes sense, and alone they name nobody.
        PiiType.Organization or PiiType.Location or PiiType.Nationality or PiiType.Title or PiiType.Age or PiiType.Date or PiiType.Url => SafetyMode.Allow,
        _ => SafetyMode.Placeholder,
    });

    /// <summary>Looks for personal data in what goes to providers, true.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>
    /// Mode by type: <c>allow</c>, <c>placeholder</c>, <c>mask</c> or <c>block</c>. Default: secrets are masked; organization, location, nationality,
    /// title, age, date and url are allowed; everything else has placeholders.
    /// </summary>
    public Dictionary<string, SafetyMode> Types { get; set; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Modes that an organization has instead of <see cref="Types"/>.</summary>
    public Dictionary<string, Dictionary<string, SafetyMode>> Organizations { get; set; } = new(StringComparer.Ordinal);

    /// <summary>How long the search may take in one call, 2 s; a call whose search takes longer is refused.</summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "00:01:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(2);

    internal SafetyMode Mode(string organization, PiiType type) =>
        Organizations.TryGetValue(organization, out var own) && own.TryGetValue(type.Name(), out var mode) ? mode
        : Types.TryGetValue(type.Name(), out mode) ? mode
        : Defaults[type];
}

internal sealed class SafetyOptionsValidator : IValidateOptions<ModelGatewayOptions>
{
    public ValidateOptionsResult Validate(string? name, ModelGatewayOptions all)
    {
        var options = all.Safety;
        var problems = options.Types.Keys.Select(type => (Path: "types", Type: type))
            .Concat(options.Organizations.SelectMany(organization => organization.Value.Keys.Select(type => (Path: $"organizations:{organization.Key}", Type: type))))
            .Where(entry => PiiTypes.Find(entry.Type) is null)
            .Select(entry => $"{SafetyOptions.Section}:{entry.Path}:{entry.Type} is not a type of personal data. Allowed: {string.Join(", ", PiiTypes.Names)}.")
            .ToArray();
        return problems.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}
