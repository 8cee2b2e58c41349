using System.Security.Cryptography;
using System.Text;
using Platform.ModelGateway.Providers;
using Platform.ServiceDefaults;

namespace Platform.ModelGateway.Audit;

/// <summary>
/// The secret of the audit log: <c>PLATFORM_AUDIT_KEY</c>, or the file that <c>PLATFORM_AUDIT_KEY_FILE</c> names; at least 32 characters. Rows and
/// checkpoints have keys of their own, derived from it. Without it rows are chained by SHA-256 alone, and who can write to the
/// database can write a new chain.
/// </summary>
internal sealed class AuditKey
{
    internal const string Name = "platform-audit-key";
    private const int FewestCharacters = 32;

    private readonly byte[]? _rows;
    private readonly byte[]? _checkpoints;

    private AuditKey(string? secret)
    {
        if (secret is null)
        {
            return;
        }

        var bytes = Encoding.UTF8.GetBytes(secret);
        _rows = HMACSHA256.HashData(bytes, "platform.audit.rows.v1"u8);
        _checkpoints = HMACSHA256.HashData(bytes, "platform.audit.checkpoints.v1"u8);
        Id = Convert.ToHexStringLower(SHA256.HashData(_checkpoints).AsSpan(0, 6));
    }

    internal static AuditKey None { get; } = new(null);

    /// <summary>Names the key without telling anything of it; empty without one.</summary>
    internal string Id { get; } = "";

    internal bool IsSet => _rows is not null;

    internal static AuditKey Of(string secret) => secret.Length >= FewestCharacters
        ? new AuditKey(secret)
        : throw new PlatformConfigurationException($"PLATFORM_AUDIT_KEY is too short. Allowed: at least {FewestCharacters} characters.");

    internal static AuditKey Find(ProviderKeys keys) => keys.Find(Name) is { } secret ? Of(secret) : None;

    internal byte[] Hash(byte[] canonicalRow) => _rows is null ? SHA256.HashData(canonicalRow) : HMACSHA256.HashData(_rows, canonicalRow);

    internal string Sign(string checkpoint) =>
        _checkpoints is null ? "" : Convert.ToHexStringLower(HMACSHA256.HashData(_checkpoints, Encoding.UTF8.GetBytes(checkpoint)));

    internal bool Signed(string checkpoint, string signature) =>
        _checkpoints is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Sign(checkpoint)), Encoding.UTF8.GetBytes(signature));
}
