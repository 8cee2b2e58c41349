using System.ComponentModel.DataAnnotations;

namespace Platform.ModelGateway.OpenAiEndpoint;

/// <summary>Who may use the OpenAI-compatible endpoint, section <c>modelGateway:endpoint</c>.</summary>
internal sealed class EndpointOptions
{
    /// <summary>
    /// "none": any bearer key is taken and the header x-organization-id is trusted, which is for development on one machine. "apiKey":
    /// the bearer key names the organization.
    /// </summary>
    [AllowedValues("none", "apiKey")]
    public string Authentication { get; set; } = "none";

    /// <summary>The keys. They belong in the environment, as hashes.</summary>
    public List<EndpointKey> Keys { get; set; } = [];

    /// <summary>Longest body of a request in bytes, 4 MiB.</summary>
    [Range(1024, 64 * 1024 * 1024)]
    public int MaximumRequestBytes { get; set; } = 4 * 1024 * 1024;
}

/// <summary>One program that may call.</summary>
internal sealed class EndpointKey
{
    /// <summary>SHA-256 of the key as 64 hexadecimal digits; the key itself is kept nowhere.</summary>
    [Required]
    [RegularExpression("[0-9a-fA-F]{64}", ErrorMessage = "must be 64 hexadecimal digits: the SHA-256 of the key")]
    public string Sha256 { get; set; } = "";

    /// <summary>Who pays: limits, budgets and usage of its calls are this organization's.</summary>
    [Required]
    public string OrganizationId { get; set; } = "";

    /// <summary>Named in usage and audit, <c>anonymous</c>.</summary>
    public string UserId { get; set; } = "anonymous";
}
