using Platform.Contracts.Common.V1;
using Platform.Contracts.EntityResolution.V1;
using Platform.ServiceDefaults;

namespace Platform.EntityResolution.Resolution;

/// <summary>Guards: each names the field, what is wrong and what is allowed.</summary>
internal static class Requests
{
    public const int MostConversationEntities = 20;
    public const int MostOffered = 20;
    public const int LongestName = 200;
    public const int MostTextsInBatch = 1_000;

    public static void Check(ResolveRequest request, int longestText)
    {
        var problems = new List<(string Field, string Description)>();
        if (string.IsNullOrWhiteSpace(request.Text))
        {
            problems.Add(("text", "must not be empty"));
        }
        else if (request.Text.Length > longestText)
        {
            problems.Add(("text", $"has {request.Text.Length} characters, at most {longestText} are allowed"));
        }

        if (request.ConversationEntities.Count > MostConversationEntities)
        {
            problems.Add(("conversation_entities", $"has {request.ConversationEntities.Count} entities, at most {MostConversationEntities} are allowed"));
        }
        else
        {
            CheckEntities(problems, "conversation_entities", request.ConversationEntities);
        }

        if (request.MaxCandidates is < 0 or > 20)
        {
            problems.Add(("max_candidates", $"is {request.MaxCandidates}, allowed are 1 to 20, or 0 for 5"));
        }

        if (request.Pending is { } pending)
        {
            CheckOffered(problems, "pending.offered", pending.Offered);
            CheckLength(problems, "pending.mention", pending.Mention, 1, longestText);
        }

        Throw(problems);
    }

    public static void Check(ChooseRequest request)
    {
        var problems = new List<(string Field, string Description)>();
        CheckLength(problems, "choice", request.Choice, 1, LongestName);
        CheckLength(problems, "mention", request.Mention, 1, LongestName);
        CheckOffered(problems, "offered", request.Offered);
        Throw(problems);
    }

    public static void Check(SuggestRequest request)
    {
        var problems = new List<(string Field, string Description)>();
        CheckLength(problems, "prefix", request.Prefix, 1, LongestName);
        if (request.Limit is < 0 or > 50)
        {
            problems.Add(("limit", $"is {request.Limit}, allowed are 1 to 50, or 0 for 10"));
        }

        Throw(problems);
    }

    public static void Check(CreateAliasRequest request)
    {
        var problems = new List<(string Field, string Description)>();
        CheckLength(problems, "alias", request.Alias, 2, LongestName);
        if (request.Entity is null)
        {
            problems.Add(("entity", "is missing"));
        }
        else
        {
            CheckEntities(problems, "entity", [request.Entity]);
        }

        Throw(problems);
    }

    public static void Check(UpdateAliasRequest request)
    {
        var problems = new List<(string Field, string Description)>();
        if (request.Alias.Length > 0)
        {
            CheckLength(problems, "alias", request.Alias, 2, LongestName);
        }

        if (request.Entity is { } entity)
        {
            CheckEntities(problems, "entity", [entity]);
        }

        if (request.Alias.Length == 0 && request.Entity is null)
        {
            problems.Add(("alias", "is missing, as is entity: give at least one of them"));
        }

        Throw(problems);
    }

    public static Guid CheckId(string field, string id) =>
        Guid.TryParse(id, out var parsed) ? parsed : throw RpcErrors.InvalidArgument(field, $"\"{Shown(id)}\" is no UUID");

    /// <summary>The page's size.</summary>
    public static int CheckPage(PageRequest? page) => page?.Size switch
    {
        null or 0 => 50,
        >= 1 and <= 200 and var size => size,
        var size => throw RpcErrors.InvalidArgument("page.size", $"is {size}, allowed are 1 to 200, or 0 for 50"),
    };

    private static void CheckOffered(List<(string Field, string Description)> problems, string field, IReadOnlyCollection<EntityRef> offered)
    {
        if (offered.Count is < 2 or > MostOffered)
        {
            problems.Add((field, $"has {offered.Count} entities, allowed are 2 to {MostOffered}"));
            return;
        }

        CheckEntities(problems, field, offered);
    }

    private static void CheckEntities(List<(string Field, string Description)> problems, string field, IReadOnlyCollection<EntityRef> entities)
    {
        var index = 0;
        foreach (var entity in entities)
        {
            var path = entities.Count == 1 && field == "entity" ? field : $"{field}[{index}]";
            if (Contract.TypeName(entity.Type) is null)
            {
                problems.Add(($"{path}.type", $"is {(int)entity.Type}, allowed are customer (1), order (2), invoice (3), payment (4)"));
            }

            CheckLength(problems, $"{path}.id", entity.Id, 1, LongestName);
            index++;
        }
    }

    private static void CheckLength(List<(string Field, string Description)> problems, string field, string value, int least, int most)
    {
        if (string.IsNullOrWhiteSpace(value) || value.Trim().Length < least)
        {
            problems.Add((field, least == 1 ? "must not be empty" : $"must have at least {least} characters"));
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

    private static string Shown(string value) => value.Length <= 40 ? value : value[..40] + "…";

    private static void Throw(List<(string Field, string Description)> problems)
    {
        if (problems.Count > 0)
        {
            throw RpcErrors.InvalidArgument(problems);
        }
    }
}
