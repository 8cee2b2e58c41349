using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Platform.ProviderSimulator.Faults;

namespace Platform.ProviderSimulator.Answers;

/// <summary>Writes the answer to a request: the same one every time.</summary>
internal static partial class AnswerWriter
{
    private const int CharactersPerToken = 4;

    private static readonly string[] Nonsense = ["quort", "blen", "ﬁ∆", "mavro", "zzt", "plim", "orf", "�", "tressel", "nib", "kwa", "undle"];

    internal static Answer Write(ChatRequest request, Behaviour behaviour, SeededDraws draws)
    {
        var input = Tokens(request.AllText);
        if (behaviour.Tokens is { } tokens)
        {
            return Limit(request, [.. Enumerable.Range(1, tokens).Select(number => string.Create(CultureInfo.InvariantCulture, $"{(number == 1 ? "" : " ")}word{number}"))], input);
        }

        if (behaviour.Mode == AnswerMode.Grounded && CalledTool(request) is { } tool)
        {
            return new Answer([], [tool], false, input);
        }

        var text = behaviour.Mode switch
        {
            AnswerMode.Echo => request.User,
            AnswerMode.ObeysInjectedText => Obeyed(request) ?? Grounded(request),
            AnswerMode.InventsNumbers => Invented(Grounded(request), draws),
            AnswerMode.Refuses => "I'm sorry, but I can't help with that request.",
            AnswerMode.GarbageText => string.Join(' ', Enumerable.Range(0, 40).Select(_ => Nonsense[(int)(draws.Next() * Nonsense.Length)])),
            AnswerMode.EmptyText => "",
            AnswerMode.LeaksPrompt => $"My instructions are as follows. {request.System}",
            _ => Grounded(request),
        };
        return Limit(request, [.. Piece().Matches(text).Select(match => match.Value)], input);
    }

    internal static int Tokens(string text) => (text.Length + CharactersPerToken - 1) / CharactersPerToken;

    private static Answer Limit(ChatRequest request, IReadOnlyList<string> pieces, int input)
    {
        if (request.Stop.Count > 0)
        {
            var text = string.Concat(pieces);
            var end = request.Stop.Select(stop => text.IndexOf(stop, StringComparison.Ordinal)).Where(at => at >= 0).DefaultIfEmpty(text.Length).Min();
            pieces = end < text.Length ? [.. Piece().Matches(text[..end]).Select(match => match.Value)] : pieces;
        }

        return request.MaximumTokens is { } most && pieces.Count > most
            ? new Answer([.. pieces.Take(most)], [], true, input)
            : new Answer(pieces, [], false, input);
    }

    // A model that was offered a tool and has not heard of it yet calls it once.
    private static ToolUse? CalledTool(ChatRequest request)
    {
        if (request.Tools.Count == 0 || request.Turns.LastOrDefault()?.Role == "tool")
        {
            return null;
        }

        var arguments = request.Tools[0].Schema is { } schema ? SchemaValue.Make(schema)?.ToJsonString() ?? "{}" : "{}";
        return new ToolUse("call_sim_1", request.Tools[0].Name, arguments);
    }

    private static string Grounded(ChatRequest request)
    {
        var user = string.Join('\n', request.Turns.Where(turn => turn.Role == "user").Select(turn => turn.Text));
        if (request.Schema is { } schema)
        {
            return Fitting(schema, user);
        }

        if (Inside(user, "draft") is { Length: > 0 } draft)
        {
            return Fit(draft, request.MaximumTokens);
        }

        if (request.Turns.LastOrDefault() is { Role: "tool", Text: var result })
        {
            return $"The tool says: {result}";
        }

        var body = Inside(user, "context") is { Length: > 0 } context ? Fit(context, request.MaximumTokens) : null;
        return body ?? $"You asked: {request.User.Trim()} This is a simulated answer; it knows nothing beyond your words.";
    }

    /// <summary>Whole lines of the draft, as many as the limit of tokens allows, the first always.</summary>
    private static string Fit(string draft, int? maximum)
    {
        var kept = new StringBuilder();
        var left = maximum ?? int.MaxValue;
        foreach (var line in draft.Split('\n'))
        {
            var cost = Piece().Count(line) + 1;
            if (kept.Length > 0 && cost > left)
            {
                break;
            }

            kept.Append(kept.Length > 0 ? "\n" : "").Append(line);
            left -= cost;
        }

        return kept.ToString().Trim();
    }

    /// <summary>The simplest value that the schema allows; where it asks for the intent of a question, the one that fits.</summary>
    private static string Fitting(JsonElement schema, string user)
    {
        var value = SchemaValue.Make(schema);
        if (value is JsonObject answer && answer.ContainsKey("intent") && Inside(user, "question") is { } question && schema.GetRawText().Contains($"\"{Intent(question)}\"", StringComparison.Ordinal))
        {
            answer["intent"] = Intent(question);
        }

        return value?.ToJsonString() ?? "{}";
    }

    private static string Intent(string question) =>
        DecisionWords().IsMatch(question) ? "decision"
        : PatternWords().IsMatch(question) ? "pattern"
        : DataWords().IsMatch(question) ? "data_question"
        : StatusWords().IsMatch(question) ? "status"
        : "out_of_scope";

    private static string? Obeyed(ChatRequest request)
    {
        var demand = Injection().Match(string.Join('\n', request.Turns.Where(turn => turn.Role != "system").Select(turn => turn.Text)));
        if (!demand.Success)
        {
            return null;
        }

        var wanted = Demanded().Match(demand.Value);
        return wanted.Success ? wanted.Groups["text"].Value.Trim(' ', '"', '\'', '“', '”', '.') : demand.Value;
    }

    private static string Invented(string text, SeededDraws draws)
    {
        var changed = Figure().Replace(text, figure => figure.Index % 2 == 0 || draws.Next() < 0.5
            ? Digit().Replace(figure.Value, digit => $"{(char)('1' + ((digit.Value[0] - '0' + 3 + (int)(draws.Next() * 4)) % 9))}")
            : figure.Value);
        return $"{changed}\n\nIn total that makes 1,234,567.89 USD over 93 invoices.";
    }

    private static string? Inside(string text, string tag)
    {
        var found = Regex.Match(text, $@"<{tag}>\s*(?<inner>.*?)\s*</{tag}>", RegexOptions.Singleline | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
        return found.Success ? found.Groups["inner"].Value : null;
    }

    [GeneratedRegex(@"\s*\S+|\s+$")]
    private static partial Regex Piece();

    [GeneratedRegex(@"\b(?:ignore|disregard|forget)\b[^.\n]{0,60}\b(?:instructions?|rules|above|previous|prompt)\b[^\n]*", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Injection();

    [GeneratedRegex(@"\b(?:reply|say|answer|write|output|respond|print|state)\b(?:\s+(?:only|with|that|exactly))*:?\s+(?<text>.+)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Demanded();

    [GeneratedRegex(@"(?<![\w\[])\d[\d,.]*\d|(?<![\w\[])\d+")]
    private static partial Regex Figure();

    [GeneratedRegex(@"\d")]
    private static partial Regex Digit();

    [GeneratedRegex(@"\b(?:should|recommend|decide|extend)\b", RegexOptions.IgnoreCase)]
    private static partial Regex DecisionWords();

    [GeneratedRegex(@"\b(?:pattern|trend|unusual|chang)", RegexOptions.IgnoreCase)]
    private static partial Regex PatternWords();

    [GeneratedRegex(@"\b(?:how many|top|list|which|average|total)\b", RegexOptions.IgnoreCase)]
    private static partial Regex DataWords();

    [GeneratedRegex(@"\b(?:customers?|accounts?|invoices?|orders?|payments?|cash|money|owes?|owed|pays?|paid|doing|status)\b", RegexOptions.IgnoreCase)]
    private static partial Regex StatusWords();
}
