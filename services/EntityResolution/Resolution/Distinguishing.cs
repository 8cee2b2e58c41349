using System.Globalization;
using Platform.EntityResolution.Registry;

namespace Platform.EntityResolution.Resolution;

/// <summary>Adds to ambiguous mentions what tells their candidates apart.</summary>
internal static class Distinguishing
{
    public static string[] CustomersOf(IEnumerable<FoundMention> mentions) =>
        [.. mentions.Where(m => m.Outcome == MentionOutcome.Ambiguous).SelectMany(m => m.Candidates).Where(c => c.Entity.Type == "customer").Select(c => c.Entity.Id).Distinct()];

    public static FoundMention Add(FoundMention mention, IReadOnlyDictionary<string, CustomerFacts> facts) => mention.Outcome != MentionOutcome.Ambiguous
        ? mention
        : mention with { Candidates = [.. mention.Candidates.Select(c => facts.TryGetValue(c.Entity.Id, out var known) ? c with { Distinguishing = Describe(known) } : c)] };

    private static Dictionary<string, string> Describe(CustomerFacts facts)
    {
        var described = new Dictionary<string, string>();
        if (facts.City is { Length: > 0 } city)
        {
            described["city"] = facts.Country is { Length: > 0 } country ? $"{city}, {country}" : city;
        }

        described["last order"] = facts.LastOrder?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "none";
        described["balance"] = string.Create(CultureInfo.InvariantCulture, $"{facts.Balance:0.00} {facts.Currency}");
        return described;
    }
}
