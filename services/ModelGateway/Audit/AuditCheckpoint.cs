using System.Globalization;
using System.Text.Json;

namespace Platform.ModelGateway.Audit;

/// <summary>How far a shard was at a moment. It is kept outside of the database, so that what is missing there shows.</summary>
internal sealed record AuditCheckpoint(int Shard, long Sequence, string Hash, DateTimeOffset At, string KeyId, string Signature)
{
    private const string Mark = "{\"auditCheckpoint\":1,";

    internal static AuditCheckpoint Of(AuditRow row, DateTimeOffset at, AuditKey key)
    {
        var checkpoint = new AuditCheckpoint(row.Shard, row.Sequence, Convert.ToHexStringLower(row.Hash), at, key.Id, "");
        return checkpoint with { Signature = key.Sign(checkpoint.Subject) };
    }

    /// <summary>One line of JSON.</summary>
    internal string Line => string.Create(
        CultureInfo.InvariantCulture, $"{Mark}\"shard\":{Shard},\"sequence\":{Sequence},\"hash\":\"{Hash}\",\"at\":\"{At.UtcDateTime:O}\",\"keyId\":\"{KeyId}\",\"signature\":\"{Signature}\"}}");

    private string Subject => string.Create(CultureInfo.InvariantCulture, $"platform.audit.checkpoint.v1\n{Shard}\n{Sequence}\n{Hash}\n{At.UtcDateTime:O}\n{KeyId}");

    internal bool IsSignedBy(AuditKey key) => KeyId == key.Id && (!key.IsSet || key.Signed(Subject, Signature));

    /// <summary>The checkpoint of a line, which may be a log line that has it somewhere; null when it has none.</summary>
    internal static AuditCheckpoint? Find(string line)
    {
        var start = line.IndexOf(Mark, StringComparison.Ordinal);
        var escaped = start < 0 ? line.IndexOf(Mark.Replace("\"", "\\\"", StringComparison.Ordinal), StringComparison.Ordinal) : -1;
        var json = start >= 0 ? line[start..] : escaped >= 0 ? line[escaped..].Replace("\\\"", "\"", StringComparison.Ordinal) : null;
        if (json is null || json.IndexOf('}', StringComparison.Ordinal) is var end && end < 0)
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(json[..(end + 1)]);
            var root = document.RootElement;
            return new AuditCheckpoint(
                root.GetProperty("shard").GetInt32(), root.GetProperty("sequence").GetInt64(), root.GetProperty("hash").GetString()!,
                DateTimeOffset.Parse(root.GetProperty("at").GetString()!, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind), root.GetProperty("keyId").GetString()!, root.GetProperty("signature").GetString()!);
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or FormatException or InvalidOperationException)
        {
            return null;
        }
    }
}
