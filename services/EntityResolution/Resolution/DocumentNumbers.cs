using Platform.EntityResolution.Mentions;
using Platform.EntityResolution.Registry;

namespace Platform.EntityResolution.Resolution;

/// <summary>Orders and invoices that a text names by number, and customers by id.</summary>
internal static class DocumentNumbers
{
    private const int LongestPaddedNumber = 8;

    /// <summary>How a number may be written in the registry: with the usual prefixes and zeros, in capitals.</summary>
    public static IEnumerable<string> Spellings(NumberSpan number, ResolutionOptions settings)
    {
        yield return number.Text;
        yield return number.Text.ToUpperInvariant();
        if (number.Text.All(char.IsAsciiDigit))
        {
            foreach (var prefix in number.Kind switch
            {
                "invoice" => settings.InvoicePrefixes,
                "order" => settings.OrderPrefixes,
                "customer" => [],
                _ => settings.InvoicePrefixes.Concat(settings.OrderPrefixes),
            })
            {
                yield return prefix + number.Text;
                for (var width = Math.Max(4, number.Text.Length + 1); width <= LongestPaddedNumber; width++)
                {
                    yield return prefix + number.Text.PadLeft(width, '0');
                }
            }
        }
    }

    /// <summary>A mention for each number that was found, or that a text says is one.</summary>
    public static IEnumerable<FoundMention> Find(IEnumerable<NumberSpan> numbers, LookupResult? lookup)
    {
        foreach (var number in numbers)
        {
            var candidates = Candidates(number, lookup);
            if (candidates.Count > 0)
            {
                candidates.Sort((a, b) => b.Confidence.CompareTo(a.Confidence));
                var outcome = candidates.Count > 1 && candidates[1].Confidence == candidates[0].Confidence ? MentionOutcome.Ambiguous : MentionOutcome.Matched;
                yield return new FoundMention(number.Start, number.Length, candidates, outcome);
            }
            else if (lookup is not null && number.Kind is not null)
            {
                yield return new FoundMention(number.Start, number.Length, [], MentionOutcome.NotFound);
            }
        }
    }

    private static List<FoundCandidate> Candidates(NumberSpan number, LookupResult? lookup)
    {
        var candidates = new List<FoundCandidate>();
        foreach (var (id, name) in lookup?.Customers ?? [])
        {
            if (string.Equals(id, number.Text, StringComparison.OrdinalIgnoreCase) && number.Kind is null or "customer")
            {
                candidates.Add(new FoundCandidate(new EntityKey("customer", id, name), MatchKind.Exact, 1, ["customer id"]));
            }
        }

        foreach (var document in lookup?.Documents ?? [])
        {
            var same = string.Equals(document.Number, number.Text, StringComparison.OrdinalIgnoreCase);
            var withPrefix = !same && document.Number.EndsWith(number.Text, StringComparison.OrdinalIgnoreCase) && number.Text.All(char.IsAsciiDigit);
            if ((same || withPrefix) && (number.Kind is null || number.Kind == document.EntityType))
            {
                candidates.Add(new FoundCandidate(
                    new EntityKey(document.EntityType, document.Id, document.Number), MatchKind.Number, same ? 1 : 0.95, [$"{document.EntityType} number"])
                {
                    Customer = new EntityKey("customer", document.CustomerId, document.CustomerName),
                });
            }
        }

        return candidates;
    }
}
