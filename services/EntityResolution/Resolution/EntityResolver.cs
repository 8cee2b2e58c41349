using Microsoft.Extensions.Options;
using Platform.EntityResolution.Aliases;
using Platform.EntityResolution.Index;
using Platform.EntityResolution.Mentions;
using Platform.EntityResolution.Registry;

namespace Platform.EntityResolution.Resolution;

/// <summary>The names cannot be read and no snapshot exists.</summary>
internal sealed class RegistryUnavailableException(Exception? cause)
    : Exception("The names of this organization cannot be read, and no earlier copy of them exists.", cause);

/// <summary>
/// Finds the entities that a text mentions: exact names, aliases and ids first, then likeness, then the conversation. Names come from the
/// snapshot; the database is asked for numbers, for names that the snapshot does not explain, and for all while there is no snapshot.
/// </summary>
internal sealed partial class EntityResolver(
    RegistryCache registry, RegistryStore store, AliasUse aliasUse, IOptionsMonitor<ResolutionOptions> options,
    EntityResolutionMetrics metrics, TimeProvider time, ILogger<EntityResolver> log)
{
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
        var runs = NameRuns.Find(question, names.HasWord).Where(r => !numbers.Any(n => Covers(question, r.Span, n))).ToList();

        var finding = new NameFinding(question, names, _ => null, span => InMemory(question, span, names, settings), settings);
        var found = view.Snapshot is null ? [] : finding.Find(runs, exact);
        var asked = view.Snapshot is null
            ? [.. runs.SelectMany(r => SpanChoices.Of(question, r.Span)).Distinct().Take(settings.MaxFuzzySpans)]
            : finding.Unexplained;
        var lookup = await LookUpAsync(organization, question, asked, numbers, view, cancellationToken);
        if (lookup is not null && asked.Count > 0)
        {
            // The second opinion: names that are newer than the snapshot, or all when there is none.
            var missed = view.Snapshot is null ? runs : [.. asked.Select(span => new NameRun(span, Expected: true))];
            var opinion = new NameFinding(question, names, span => ByAlias(question, span, asked, lookup, names), span => FromDatabase(question, span, asked, lookup, settings), settings);
            var second = opinion.Find(missed, view.Snapshot is null ? exact : []);
            found = [.. found.Where(f => f.Outcome != MentionOutcome.NotFound || !second.Any(s => s.Start < f.Start + f.Length && f.Start < s.Start + s.Length)), .. second];
        }

        var mentions = found.Concat(DocumentNumbers.Find(numbers, lookup)).OrderBy(m => m.Start).ToList();
        mentions.AddRange(ConversationLinks.Find(question, mentions, conversation).ToList());
        mentions = [.. mentions.Select(m => ConversationLinks.Settle(m, conversation)).OrderBy(m => m.Start).Take(settings.MaxMentions)
            .Select(m => m with { Candidates = [.. m.Candidates.Take(maxCandidates)] })];
        mentions = await DistinguishAsync(organization, mentions, cancellationToken);
        Measure(organization, mentions, time.GetElapsedTime(started));
        return new ResolvedText(mentions, lookup is null && !view.Stale ? view with { Stale = true } : view);
    }

    private static bool Covers(QuestionText question, Span span, NumberSpan number) =>
        question.Words[span.First].Token.Start < number.Start + number.Length && number.Start < question.Words[span.Last].Token.End;

    private static IReadOnlyList<LayeredMatch> InMemory(QuestionText question, Span span, RegistrySnapshot names, ResolutionOptions settings) =>
        names.Like(ExactSpans.WordsOf(question, span), settings.SimilarNames);

    /// <summary>What the database found alike is compared as names in memory are: one mechanism decides.</summary>
    private static IReadOnlyList<LayeredMatch> FromDatabase(QuestionText question, Span span, List<Span> asked, LookupResult lookup, ResolutionOptions settings)
    {
        var index = asked.IndexOf(span);
        return InMemory(question, span, RegistrySnapshot.Of(lookup.Similar.Where(s => s.Span == index).Select(s => (s.CustomerId, s.Name))), settings);
    }

    private static Contest? ByAlias(QuestionText question, Span span, List<Span> asked, LookupResult lookup, RegistrySnapshot names)
    {
        if (!asked.Contains(span))
        {
            return Contest.Nothing(span);
        }

        var key = ExactSpans.NameOf(question, span).Key;
        return lookup.Aliases.FirstOrDefault(a => a.Key == key) is { } alias && ExactSpans.Entity(alias, names, lookup.AliasedCustomers) is { } entity
            ? new Contest(span, [ExactSpans.ByAlias(alias, entity)], MentionOutcome.Matched, 1, 1)
            : null;
    }

    /// <summary>One round trip for all that the snapshot cannot answer; null when the database is away.</summary>
    private async Task<LookupResult?> LookUpAsync(
        string organization, QuestionText question, List<Span> spans, List<NumberSpan> numbers, RegistryView view, CancellationToken cancellationToken)
    {
        if (spans.Count == 0 && numbers.Count == 0)
        {
            return view.Snapshot is null && view.Stale ? throw new RegistryUnavailableException(null) : LookupResult.Nothing;
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
                [.. numbers.SelectMany(n => DocumentNumbers.Spellings(n, settings)).Distinct(StringComparer.Ordinal)],
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

    private async Task<List<FoundMention>> DistinguishAsync(string organization, List<FoundMention> mentions, CancellationToken cancellationToken)
    {
        var ids = Distinguishing.CustomersOf(mentions);
        if (ids.Length == 0)
        {
            return mentions;
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.CurrentValue.DatabaseTimeout);
        try
        {
            var facts = await store.ReadFactsAsync(organization, ids, limit.Token);
            return [.. mentions.Select(m => Distinguishing.Add(m, facts))];
        }
        catch (Exception exception) when (RegistryCache.IsDatabaseAway(exception) && !cancellationToken.IsCancellationRequested)
        {
            metrics.DatabaseAway();
            Log.LookupWithoutDatabase(log, exception, organization);
            return mentions;
        }
    }

    private void Measure(string organization, List<FoundMention> mentions, TimeSpan took)
    {
        foreach (var mention in mentions)
        {
            metrics.Mentioned(mention.Outcome switch
            {
                MentionOutcome.Matched => "matched",
                MentionOutcome.Ambiguous => "ambiguous",
                _ => "not_found",
            });
            if (mention.Match?.Alias is { } alias)
            {
                metrics.AliasHit();
                aliasUse.Note(organization, alias.Key);
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
