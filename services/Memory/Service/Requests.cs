using System.Globalization;
using System.Text;
using Google.Protobuf.WellKnownTypes;
using Platform.Contracts.Common.V1;
using Platform.Contracts.Memory.V1;
using Platform.ServiceDefaults;

namespace Platform.Memory.Service;

/// <summary>Guards: each names the field, what is wrong and what is allowed.</summary>
internal static class Requests
{
    public const int LongestText = 16_000;
    public const int LongestMetadata = 16_384;
    public const int LongestId = 200;
    public const int LongestComment = 2_000;
    public const int MostEntities = 50;

    public static void Check(StoreRequest request, DateTimeOffset now)
    {
        if (request.Memory is not { } memory)
        {
            throw RpcErrors.InvalidArgument("memory", "is missing");
        }

        var problems = new List<(string Field, string Description)>();
        CheckText(problems, "memory.text", memory.Text, 1, LongestText);
        CheckText(problems, "memory.collection", memory.Collection, 0, 100);
        CheckText(problems, "idempotency_key", request.IdempotencyKey, 0, 200);
        CheckEntities(problems, "memory.entities", memory.Entities, MostEntities);
        if (Contract.KindName(memory.Kind) is null)
        {
            problems.Add(("memory.kind", $"is {(int)memory.Kind}, allowed are interaction (1), note (2), preference (3), decision (4), document (5), context (6)"));
        }

        if (memory.Importance is not (>= 0 and <= 1))
        {
            problems.Add(("memory.importance", "must be 0 to 1"));
        }

        if (memory.Metadata is not null)
        {
            CheckMetadata(problems, memory.Metadata);
        }

        if (memory.ExpiresAt is { } expires && !(IsTimestamp(expires) && expires.ToDateTimeOffset() > now))
        {
            problems.Add(("memory.expires_at", "must be later than now"));
        }

        Throw(problems);
    }

    public static void Check(RetrieveRequest request)
    {
        var problems = new List<(string Field, string Description)>();
        CheckText(problems, "query", request.Query, 0, LongestText);
        CheckText(problems, "collection", request.Collection, 0, 100);
        CheckEntities(problems, "entities", request.Entities, MostEntities);
        if (request.Limit is < 0 or > 100)
        {
            problems.Add(("limit", $"is {request.Limit}, allowed are 1 to 100, or 0 for 10"));
        }

        if (request.Kinds.Any(kind => Contract.KindName(kind) is null))
        {
            problems.Add(("kinds", "holds a kind that does not exist, allowed are 1 to 6"));
        }

        if (request.EntitiesOnly && request.Entities.Count == 0)
        {
            problems.Add(("entities", "must not be empty when entities_only is true"));
        }

        Throw(problems);
    }

    public static void Check(SetPendingQuestionRequest request)
    {
        var problems = new List<(string Field, string Description)>();
        CheckText(problems, "session_id", request.SessionId, 1, LongestId);
        if (request.Pending is { } pending)
        {
            CheckText(problems, "pending.query", pending.Query, 1, LongestText);
            CheckText(problems, "pending.mention", pending.Mention, 1, LongestText);
            if (pending.Offered.Count is < 2 or > 20)
            {
                problems.Add(("pending.offered", $"has {pending.Offered.Count} entities, allowed are 2 to 20"));
            }

            CheckEntities(problems, "pending.offered", pending.Offered, 20);
            if (pending.AskedAt is { } asked && !IsTimestamp(asked))
            {
                problems.Add(("pending.asked_at", "is no valid timestamp"));
            }
        }

        Throw(problems);
    }

    public static string CheckSession(string session)
    {
        var problems = new List<(string Field, string Description)>();
        CheckText(problems, "session_id", session, 1, LongestId);
        Throw(problems);
        return session;
    }

    public static string CheckRequestId(string id)
    {
        var problems = new List<(string Field, string Description)>();
        CheckText(problems, "request_id", id, 1, LongestId);
        Throw(problems);
        return id;
    }

    public static void Check(SetFeedbackRequest request)
    {
        var problems = new List<(string Field, string Description)>();
        CheckText(problems, "request_id", request.RequestId, 1, LongestId);
        CheckText(problems, "comment", request.Comment, 0, LongestComment);
        if (request.Verdict is not (Verdict.Up or Verdict.Down))
        {
            problems.Add(("verdict", $"is {(int)request.Verdict}, allowed are up (1) and down (2)"));
        }

        Throw(problems);
    }

    public static Guid CheckId(string id) =>
        Guid.TryParse(id, out var parsed) ? parsed : throw RpcErrors.InvalidArgument("id", "is no UUID");

    public static int CheckPage(PageRequest? page) => page?.Size switch
    {
        null or 0 => 50,
        >= 1 and <= 200 and var size => size,
        var size => throw RpcErrors.InvalidArgument("page.size", $"is {size}, allowed are 1 to 200, or 0 for 50"),
    };

    /// <summary>The moment and request id that a page begins below.</summary>
    public static (DateTimeOffset Before, string RequestId) CheckToken(string? token)
    {
        if (string.IsNullOrEmpty(token))
        {
            return (DateTimeOffset.MaxValue.AddYears(-1), "");
        }

        var bytes = new byte[token.Length];
        if (token.Length <= 1000 && Convert.TryFromBase64String(token, bytes, out var written)
            && Encoding.UTF8.GetString(bytes, 0, written).Split('|', 2) is [var ticks, var request]
            && long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value <= DateTimeOffset.MaxValue.Ticks
            && !request.Contains('\0', StringComparison.Ordinal))
        {
            return (new DateTimeOffset(value, TimeSpan.Zero), request);
        }

        throw RpcErrors.InvalidArgument("page.token", "is not a token of an earlier page");
    }

    public static string Token(DateTimeOffset at, string requestId) =>
        Convert.ToBase64String(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{at.UtcTicks}|{requestId}")));

    public static void CheckEntities(List<(string Field, string Description)> problems, string field, IReadOnlyCollection<EntityRef> entities, int most)
    {
        if (entities.Count > most)
        {
            problems.Add((field, $"has {entities.Count} entities, at most {most} are allowed"));
            return;
        }

        var index = 0;
        foreach (var entity in entities)
        {
            if (Contract.TypeName(entity.Type) is null)
            {
                problems.Add(($"{field}[{index}].type", $"is {(int)entity.Type}, allowed are customer (1), order (2), invoice (3), payment (4)"));
            }

            CheckText(problems, $"{field}[{index}].id", entity.Id, 1, LongestId);
            CheckText(problems, $"{field}[{index}].name", entity.Name, 0, 500);
            index++;
        }
    }

    public static void CheckText(List<(string Field, string Description)> problems, string field, string value, int least, int most)
    {
        if (value.Length < least || (least > 0 && string.IsNullOrWhiteSpace(value)))
        {
            problems.Add((field, "must not be empty"));
        }
        else if (value.Length > most)
        {
            problems.Add((field, $"has {value.Length} characters, at most {most} are allowed"));
        }
        else if (value.Contains('\0', StringComparison.Ordinal))
        {
            problems.Add((field, "must not hold the character U+0000"));
        }
    }

    private static void CheckMetadata(List<(string Field, string Description)> problems, Struct metadata)
    {
        if (metadata.CalculateSize() > LongestMetadata)
        {
            problems.Add(("memory.metadata", $"takes {metadata.CalculateSize()} bytes, at most {LongestMetadata} are allowed"));
        }
        else if (metadata.ToString() is var json && (json.Contains("\\u0000", StringComparison.Ordinal) || json.Contains("NaN", StringComparison.Ordinal) || json.Contains("Infinity", StringComparison.Ordinal)))
        {
            problems.Add(("memory.metadata", "must not hold U+0000, NaN or Infinity"));
        }
    }

    private static bool IsTimestamp(Timestamp timestamp) =>
        timestamp is { Nanos: >= 0 and <= 999_999_999, Seconds: >= -62_135_596_800 and <= 253_402_300_799 };

    private static void Throw(List<(string Field, string Description)> problems)
    {
        if (problems.Count > 0)
        {
            throw RpcErrors.InvalidArgument(problems);
        }
    }
}
