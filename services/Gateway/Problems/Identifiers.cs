using Platform.ServiceDefaults;

namespace Platform.Gateway.Problems;

/// <summary>The form of ids that a caller may choose: sessions, users, organizations, requests.</summary>
internal static class Identifiers
{
    public const string Allowed = "must be 1 to 128 of letters, digits, '.', '_', ':', '@' and '-'";

    public static bool IsValid(string value) => RequestHeaders.IsValid(value);
}
