using System.Globalization;
using Platform.Gateway.Problems;

namespace Platform.Gateway.Chat;

/// <summary>Names every field of a question that cannot be used, with what is allowed.</summary>
internal static class ChatRequestValidator
{
    public static IReadOnlyDictionary<string, string[]>? Errors(ChatRequest request, ChatOptions options)
    {
        Dictionary<string, string[]> errors = [];

        if (string.IsNullOrWhiteSpace(request.Query))
        {
            errors["query"] = [$"must be a question of 1 to {options.MaxQueryLength} characters"];
        }
        else if (request.Query.Length > options.MaxQueryLength)
        {
            errors["query"] = [$"has {request.Query.Length} characters; at most {options.MaxQueryLength} are allowed"];
        }
        else if (request.Query.Any(c => char.IsControl(c) && c is not ('\n' or '\r' or '\t')))
        {
            errors["query"] = ["must not hold control characters other than tab and line breaks"];
        }

        if (request.SessionId is { } sessionId && !Identifiers.IsValid(sessionId))
        {
            errors["sessionId"] = [Identifiers.Allowed];
        }

        if (request.Culture is { Length: > 0 } culture && !IsCulture(culture))
        {
            errors["culture"] = ["must be a BCP 47 tag such as \"en-GB\""];
        }

        return errors.Count == 0 ? null : errors;
    }

    private static bool IsCulture(string name)
    {
        if (name.Length > 35)
        {
            return false;
        }

        try
        {
            return !CultureInfo.GetCultureInfo(name, predefinedOnly: true).Equals(CultureInfo.InvariantCulture);
        }
        catch (CultureNotFoundException)
        {
            return false;
        }
    }
}
