using System.ComponentModel.DataAnnotations;

namespace Platform.Gateway.Authentication;

/// <summary>Who may ask, section <c>gateway:authentication</c>.</summary>
internal sealed class AuthenticationOptions
{
    public const string Section = "gateway:authentication";

    /// <summary>
    /// "none": every caller is trusted to name user and organization in the headers x-user-id and x-organization-id, which is
    /// for development on one machine. "apiKey": a key in the header x-api-key names both.
    /// </summary>
    [RegularExpression("none|apiKey", ErrorMessage = "must be none or apiKey")]
    public string Mode { get; set; } = "none";

    /// <summary>The keys. They belong in the environment or a key file, as hashes.</summary>
    public IList<ApiKey> Keys { get; set; } = [];
}

/// <summary>One caller.</summary>
internal sealed class ApiKey
{
    /// <summary>SHA-256 of the key as 64 hexadecimal digits; the key itself is kept nowhere.</summary>
    [Required]
    [RegularExpression("[0-9a-fA-F]{64}", ErrorMessage = "must be 64 hexadecimal digits: the SHA-256 of the key")]
    public string Sha256 { get; set; } = "";

    /// <summary>User that requests with this key act for.</summary>
    [Required]
    public string UserId { get; set; } = "";

    /// <summary>Organization whose data they see.</summary>
    [Required]
    public string OrganizationId { get; set; } = "default";

    /// <summary>Whether requests with this key may use <c>/api/operations</c>, false.</summary>
    public bool Operator { get; set; }
}
