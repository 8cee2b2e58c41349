using Microsoft.Extensions.Options;
using Platform.EntityResolution.Aliases;
using Platform.EntityResolution.Mentions;
using Platform.EntityResolution.Names;
using Platform.EntityResolution.Registry;

namespace Platform.EntityResolution.Resolution;

/// <summary>The names cannot be read and no snapshot exists.</summary>
internal sealed class RegistryUnavailableException(Exception? cause)
    : Exception("The names of this organization cannot be read, and no earlier copy of them exists.", cause);

/// <summary>Finds the entities that a text mentions: exact names, aliases and ids first, then likeness, then the conversation.</summary>
internal sealed partial class EntityResolver(
    RegistryCache registry, RegistryStore store, AliasUse aliasUse, IOptionsMonitor<ResolutionOptions> options,
    EntityResolutionMetrics metrics, TimeProvider time, ILogger<EntityResolver> log)
{
    private const int LongestPaddedNumber = 8;

    public async Task<ResolvedText> ResolveAsync(
        string organization, string text, IReadOnlyList<EntityKey> conversation, int maxCandidates, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var settings = options.CurrentValue;
        var question = QuestionText.Read(text);
        var view = await registry.GetAsync(organization, cancellationToken);
        var names = view.Names;

        var exact = ExactSpans.Find(question, names);
        var numbers = NumberSpans.Find(question).Where(n => !exact.Any(e => Covers(question, e.Span, n))).ToList();
        var runs = NameRuns.Find(question, names.HasWord)
            .Where(r => !numbers.Any(n => Covers(question, r.Span, n)) && (view.Snapshot is null || MayName(question, r.Span, names)))
            .ToList();
        var spans = SpansToLookUp(question, runs, exact, settings.MaxFuzzySpans);

        var lookup = await LookUpAsync(organization, question, spans, numbers, view, cancellationToken);
        var mentions = new List<FoundMention>();
        AddNumbers(mentions, numbers, lookup);
        AddNames(mentions, question, runs, exact, spans, lookup, names, settings);
        mentions.Sort((a, b) => a.Start.CompareTo(b.Start));
        AddReferences(mentions, question, conversation);

        for (var i = 0; i < mentions.Count; i++)
        {
            mentions[i] = SettleByConversation(mentions[i], conversation);
        }

        mentions = [.. mentions.OrderBy(m => m.Start).Take(settings.MaxMentions).Select(m => m with { Candidates = [.. m.Candidates.Take(maxCandidates)] })];
        await DistinguishAsync(organization, mentions, cancellationToken);
        Measure(organization, question, mentions, time.GetElapsedTime(started));
        return new ResolvedText(mentions, lookup is null && !view.Stale && spans.Count + numbers.Count > 0 ? view with { Stale = true } : view);
    }

    private static bool Covers(QuestionText question, Span span, NumberSpan number) =>
        question.Words[span.First].Token.Start < number.Start + number.Length && number.Start < question.Words[span.Last].Token.End;

    /// <summary>Words that are all ordinary and in no name ("Germany", "Q3") name nothing, whatever their case.</summary>
    private static bool MayName(QuestionText question, Span span, RegistrySnapshot names)
    {
        for (var i = span.First; i <= span.Last; i++)
        {
            var word = question.Words[i];
            if (word.IsQuoted || !Vocabulary.IsOrdinary(word.Text) || (!Vocabulary.IsFunctionWord(word.Text) && names.HasWord(word.Name)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Runs that exact names do not fill, with their pieces.</summary>
    private static List<Span> SpansToLookUp(QuestionText question, List<NameRun> runs, List<ExactSpan> exact, int most)
    {
        var spans = new List<Span>();
        foreach (var run in runs)
        {
            if (exact.Any(e => e.Span.First <= run.Span.First && e.Span.Last >= run.Span.Last))
            {
                continue;
            }

            spans.Add(run.Span);
            spans.AddRange(NameRuns.Parts(question, run.Span).SelectMany(part => Without(part, exact)));
        }

        return [.. spans.Distinct().Take(most)];
    }

    private static IEnumerable<Span> Without(Span span, List<ExactSpan> exact)
    {
        var first = span.First;
        foreach (var taken in exact.Where(e => e.Span.Overlaps(span)).Select(e => e.Span))
        {
            if (taken.First > first)
            {
                yield return new Span(first, taken.First - 1);
            }

            first = taken.Last + 1;
        }

        if (first <= span.Last)
        {
            yield return new Span(first, span.Last);
        }
    }

    /// <summary>One round trip for all that the snapshot cannot answer; null when the database is away.</summary>
    private async Task<LookupResult?> LookUpAsync(
        string organization, QuestionText question, List<Span> spans, List<NumberSpan> numbers, RegistryView view, CancellationToken cancellationToken)
    {
        if (spans.Count == 0 && numbers.Count == 0)
        {
            return view.Snapshot is null && view.Stale ? throw new RegistryUnavailableException(null) : new LookupResult([], [], [], []);
        }

        var settings = options.CurrentValue;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(settings.DatabaseTimeout);
        try
        {
            var asked = spans.Select(s => ExactSpans.NameOf(question, s)).ToList();
            return await store.LookupAsync(
                organization,
                [.. asked.Select(a => a.Core)],
                [.. asked.Select(a => a.Key)],
                [.. numbers.SelectMany(n => Spellings(n, settings)).Distinct(StringComparer.Ordinal)],
                [.. numbers.SelectMany(n => new[] { n.Text, n.Text.ToUpperInvariant() }).Distinct(StringComparer.Ordinal)],
                settings.SimilarNames,
                settings.WordSimilarityThreshold,
                limit.Token);
        }
        catch (Exception exception) when (RegistryCache.IsDatabaseAway(exception) && !cancellationToken.IsCancellationRequested)
        {
            if (view.Snapshot is null)
            {
                throw new RegistryUnavailableException(exception);
            }

            metrics.DatabaseAway();
            Log.LookupWithoutDatabase(log, exception, organization);
            return null;
        }
    }

    private static IEnumerable<string> Spellings(NumberSpan number, ResolutionOptions settings)
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

    private static void AddNumbers(List<FoundMention> mentions, List<NumberSpan> numbers, LookupResult? lookup)
    {
        foreach (var number in numbers)
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

            if (candidates.Count > 0)
            {
                candidates.Sort((a, b) => b.Confidence.CompareTo(a.Confidence));
                var outcome = candidates.Count > 1 && candidates[1].Confidence == candidates[0].Confidence ? MentionOutcome.Ambiguous : MentionOutcome.Matched;
                mentions.Add(new FoundMention(number.Start, number.Length, candidates, outcome));
            }
            else if (lookup is not null && number.Kind is not null)
            {
                mentions.Add(new FoundMention(number.Start, number.Length, [], MentionOutcome.NotFound));
            }
        }
    }

    private static void AddNames(
        List<FoundMention> mentions, QuestionText question, List<NameRun> runs, List<ExactSpan> exact, List<Span> spans,
        LookupResult? lookup, RegistrySnapshot names, ResolutionOptions settings)
    {
        var remaining = exact.ToList();
        foreach (var run in runs)
        {
            if (!spans.Contains(run.Span))
            {
                continue;
            }

            var inside = remaining.Where(e => e.Span.Overlaps(run.Span)).ToList();
            var whole = Judge(question, run.Span, spans, lookup, names, settings);
            // A longer name that explains the words around an exact shorter one is what is meant.
            if (whole.Outcome != MentionOutcome.NotFound && (inside.Count == 0 || whole.Asked >= 0.85))
            {
                remaining.RemoveAll(inside.Contains);
                AddContest(mentions, question, whole, run.Expected);
                continue;
            }

            var parts = NameRuns.Parts(question, run.Span).SelectMany(part => Without(part, inside)).ToList();
            if (parts.Count == 1 && parts[0] == run.Span)
            {
                AddContest(mentions, question, whole, run.Expected);
                continue;
            }

            foreach (var part in parts)
            {
                var alone = inside.Count == 0 || part.Count > 1;
                AddContest(mentions, question, Judge(question, part, spans, lookup, names, settings), run.Expected && alone);
            }
        }

        foreach (var span in remaining)
        {
            var (start, length) = Place(question, span.Span);
            mentions.Add(new FoundMention(start, length, span.Candidates, span.Candidates.Count == 1 || span.Candidates[0].Kind == MatchKind.Alias ? MentionOutcome.Matched : MentionOutcome.Ambiguous));
        }
    }

    private static Contest Judge(
        QuestionText question, Span span, List<Span> spans, LookupResult? lookup, RegistrySnapshot names, ResolutionOptions settings)
    {
        var index = spans.IndexOf(span);
        if (index < 0)
        {
            return new Contest(span, [], MentionOutcome.NotFound, 0);
        }

        var key = ExactSpans.NameOf(question, span).Key;
        if (lookup?.Aliases.FirstOrDefault(a => a.Key == key) is { } alias && ExactSpans.Entity(alias, names) is { } entity)
        {
            return new Contest(span, [ExactSpans.ByAlias(alias, entity)], MentionOutcome.Matched, 1);
        }

        var alike = lookup is not null
            ? lookup.Similar.Where(s => s.Span == index).Select(s => names.ById(s.CustomerId) is { } known && known.Name == s.Name ? known : new RegisteredCustomer(s.CustomerId, s.Name, NameText.Normalize(s.Name)))
            : names.Like([.. ExactSpans.NameOf(question, span).Words], settings.SimilarNames).Select(l => l.Customer);
        var contest = Contest.Decide(question, span, alike, names, settings);
        if (contest.Outcome != MentionOutcome.NotFound || span.Count > 1)
        {
            return contest;
        }

        var initials = Initials(question, span, names);
        return initials.Count switch
        {
            0 => contest,
            1 => new Contest(span, initials, MentionOutcome.Matched, 1),
            _ => new Contest(span, initials, MentionOutcome.Ambiguous, 1),
        };
    }

    /// <summary>Names whose words begin with the letters of a word in capitals, as "IBM" for "International Business Machines".</summary>
    private static List<FoundCandidate> Initials(QuestionText question, Span span, RegistrySnapshot names)
    {
        var word = question.Words[span.First];
        var name = word.Name;
        return name.Length is >= 2 and <= 6 && question.CaseTells && question.Text.AsSpan(word.Token.Start, word.Token.Length).IndexOfAnyInRange('a', 'z') < 0
            ? [.. names.ByInitials(name).Select(c => new FoundCandidate(ExactSpans.Entity(c), MatchKind.Acronym, name.Length >= 3 ? 0.85 : 0.7, [$"initials: {name.ToUpperInvariant()}"]))]
            : [];
    }

    private static void AddContest(List<FoundMention> mentions, QuestionText question, Contest contest, bool expected)
    {
        var words = question.Words;
        var inPlace = contest.Span.First > 0 && words[contest.Span.First - 1].Text == "in" && contest.Candidates is not [{ Kind: MatchKind.Exact }, ..];
        var allOrdinary = true;
        for (var i = contest.Span.First; i <= contest.Span.Last; i++)
        {
            allOrdinary &= Vocabulary.IsOrdinary(words[i].Text) && !words[i].IsQuoted;
        }

        // Ordinary words, and places after "in", need a name that agrees nearly whole.
        if ((inPlace || allOrdinary) && (contest.Candidates.Count == 0 || contest.Candidates[0].Confidence < 0.85))
        {
            return;
        }

        if (IsLaterWordOnly(question, contest))
        {
            return;
        }

        if (contest.Outcome == MentionOutcome.NotFound && !expected)
        {
            return;
        }

        var (start, length) = Place(question, contest.Span);
        mentions.Add(new FoundMention(start, length, contest.Candidates, contest.Outcome));
    }

    /// <summary>Nobody is called by a later word of the name alone ("the beverage industry"), unless the words before say so.</summary>
    private static bool IsLaterWordOnly(QuestionText question, Contest contest)
    {
        var word = question.Words[contest.Span.First];
        if (contest.Span.Count > 1 || word.IsQuoted || word.Token.IsPossessive || contest.Candidates is not [{ Kind: MatchKind.Fuzzy, Confidence: < 0.9 }, ..]
            || (contest.Span.First > 0 && Vocabulary.IntroducesStrongly(question.Words[contest.Span.First - 1].Text)))
        {
            return false;
        }

        return !contest.Candidates.Any(c => NameText.Normalize(c.Entity.Name).Words is { Count: > 0 } words && NameSimilarity.WordSimilarity(word.Name, words[0]) >= 0.7);
    }

    private static void AddReferences(List<FoundMention> mentions, QuestionText question, IReadOnlyList<EntityKey> conversation)
    {
        if (conversation.Count == 0)
        {
            return;
        }

        foreach (var reference in References.Find(question, mentions.Count == 0 ? null : mentions[0].Start))
        {
            var meant = conversation.FirstOrDefault(e => reference.EntityType is null || e.Type == reference.EntityType);
            if (meant is not null && !mentions.Any(m => m.Match?.Entity.IsSame(meant) == true))
            {
                mentions.Add(new FoundMention(
                    reference.Start,
                    reference.Length,
                    [new FoundCandidate(meant, MatchKind.Conversation, reference.Length > 0 ? 0.85 : 0.6, ["named before in this conversation"])],
                    MentionOutcome.Matched));
            }
        }
    }

    /// <summary>Of near-equals, the one that the conversation is about is meant.</summary>
    private static FoundMention SettleByConversation(FoundMention mention, IReadOnlyList<EntityKey> conversation)
    {
        if (mention.Outcome != MentionOutcome.Ambiguous)
        {
            return mention;
        }

        var known = mention.Candidates.Where(c => conversation.Any(e => e.IsSame(c.Entity))).ToList();
        return known is [var only]
            ? mention with
            {
                Candidates = [only with { Kind = MatchKind.Conversation, Confidence = 0.85, Explanation = [.. only.Explanation, "named before in this conversation"] }, .. mention.Candidates.Where(c => c != only)],
                Outcome = MentionOutcome.Matched,
            }
            : mention;
    }

    private async Task DistinguishAsync(string organization, List<FoundMention> mentions, CancellationToken cancellationToken)
    {
        var ids = mentions.Where(m => m.Outcome == MentionOutcome.Ambiguous).SelectMany(m => m.Candidates).Where(c => c.Entity.Type == "customer").Select(c => c.Entity.Id).Distinct().ToArray();
        if (ids.Length == 0)
        {
            return;
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.CurrentValue.DatabaseTimeout);
        try
        {
            var facts = await store.ReadFactsAsync(organization, ids, limit.Token);
            for (var i = 0; i < mentions.Count; i++)
            {
                if (mentions[i].Outcome == MentionOutcome.Ambiguous)
                {
                    mentions[i] = mentions[i] with { Candidates = [.. mentions[i].Candidates.Select(c => facts.TryGetValue(c.Entity.Id, out var known) ? c with { Distinguishing = Describe(known) } : c)] };
                }
            }
        }
        catch (Exception exception) when (RegistryCache.IsDatabaseAway(exception) && !cancellationToken.IsCancellationRequested)
        {
            metrics.DatabaseAway();
            Log.LookupWithoutDatabase(log, exception, organization);
        }
    }

    private static Dictionary<string, string> Describe(CustomerFacts facts)
    {
        var described = new Dictionary<string, string>();
        if (facts.City is { Length: > 0 } city)
        {
            described["city"] = facts.Country is { Length: > 0 } country ? $"{city}, {country}" : city;
        }

        described["last order"] = facts.LastOrder?.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture) ?? "none";
        described["balance"] = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{facts.Balance:0.00} {facts.Currency}");
        return described;
    }

    private static (int Start, int Length) Place(QuestionText question, Span span)
    {
        var start = question.Words[span.First].Token.Start;
        return (start, question.Words[span.Last].Token.End - start);
    }

    private void Measure(string organization, QuestionText question, List<FoundMention> mentions, TimeSpan took)
    {
        foreach (var mention in mentions)
        {
            metrics.Mentioned(mention.Outcome switch
            {
                MentionOutcome.Matched => "matched",
                MentionOutcome.Ambiguous => "ambiguous",
                _ => "not_found",
            });
            if (mention.Match is { Kind: MatchKind.Alias })
            {
                metrics.AliasHit();
                aliasUse.Note(organization, NameText.Normalize(question.Text.Substring(mention.Start, mention.Length)).Key);
            }
        }

        metrics.Resolved(took, mentions.Count == 0 ? "none" : mentions[0].Match?.Kind.ToString().ToLowerInvariant() ?? "unsettled");
    }

    private static partial class Log
    {
        [LoggerMessage(EventName = "LookupWithoutDatabase", Level = LogLevel.Warning, Message = "The database did not answer; names of organization {Organization} are matched against the snapshot alone")]
        public static partial void LookupWithoutDatabase(ILogger logger, Exception exception, string organization);
    }
}
