using Platform.Contracts.Common.V1;
using Platform.Contracts.ContextSynthesis.V1;
using Platform.Contracts.DataQuestions.V1;
using Platform.Contracts.Memory.V1;
using Platform.Contracts.PatternAnalysis.V1;

namespace Platform.ContextSynthesis.Synthesis;

/// <summary>What a reader must know to weigh the answer.</summary>
internal static class Notes
{
    private const int MostUnknownNamed = 4;

    public static IEnumerable<ConfidenceNote> Missing(IEnumerable<MissingPart> missing)
    {
        foreach (var part in missing.DistinctBy(m => m.Part))
        {
            var why = part.Reason is "timeout" or "DeadlineExceeded" ? "did not arrive in time" : "could not be read";
            yield return part.Part switch
            {
                "facts" => Note("facts_unavailable", $"The figures from the database {why}, so balances, payments and orders are missing here.", Severity.Critical),
                "patterns" => Note("patterns_unavailable", $"The pattern analysis {why}, so changes in behavior are not considered.", Severity.Warning),
                "memories" => Note("memories_unavailable", $"Notes and earlier conversations {why}.", Severity.Info),
                "data_question" => Note("data_question_unavailable", $"The answer to the data question {why}.", Severity.Critical),
                "entities" => Note("entities_unavailable", "Names could not be looked up, so the question may not be linked to the right customer.", Severity.Warning),
                "conversation" => Note("conversation_unavailable", "The conversation so far could not be read, so the question was taken by itself.", Severity.Info),
                _ => Note(part.Part + "_unavailable", $"{Capital(part.Part.Replace('_', ' '))} {why}.", Severity.Warning),
            };
        }
    }

    public static IEnumerable<ConfidenceNote> UnknownNames(IEnumerable<string> names) =>
        names.Select(n => Note("unknown_name", $"No customer, order or invoice named \"{n}\" was found.", Severity.Warning));

    public static IEnumerable<ConfidenceNote> Facts(EntityFacts facts, SynthesisOptions options)
    {
        var of = facts.Entity is null ? string.Empty : $" of {facts.Entity.Name}";
        if (facts.Stale)
        {
            yield return Note("stale_facts", $"The database could not be read; the figures{of} are the last known ones{(facts.AsOf is { Iso.Length: > 0 } ? $", as of {Wording.Day(facts.AsOf)}" : string.Empty)}.", Severity.Warning);
        }

        var unknown = facts.Facts.Where(f => !IsKnown(f))
            .GroupBy(f => f.Value?.Unknown is { Length: > 0 } reason ? reason.TrimEnd('.') : "no reason was given")
            .Select(g => $"{Join(g.Select(f => f.Label.ToLowerInvariant()))} ({g.Key})").ToList();
        if (unknown.Count > 0)
        {
            var more = unknown.Count > MostUnknownNamed ? "; and others" : string.Empty;
            yield return Note("unknown_value", $"Not known{of}: {string.Join("; ", unknown.Take(MostUnknownNamed))}{more}.", Severity.Info);
        }

        var paid = facts.Facts.FirstOrDefault(f => f.Kind == "paid_invoices")?.Value;
        if (paid?.KindCase == Value.KindOneofCase.Count && paid.Count > 0 && paid.Count < options.SmallSample)
        {
            yield return Note("small_sample", $"The payment figures{of} rest on only {paid.Count} paid {(paid.Count == 1 ? "invoice" : "invoices")}.", Severity.Warning);
        }

        if (facts.Facts.SelectMany(f => f.Parts.Select(p => p.Value).Append(f.Value)).Select(v => v?.Money?.Currency).Where(c => !string.IsNullOrEmpty(c)).Distinct().Count() > 1)
        {
            yield return Note("mixed_currency", $"Amounts{of} are in more than one currency and are not added up.", Severity.Info);
        }
    }

    public static IEnumerable<ConfidenceNote> Patterns(CustomerPatterns patterns, SynthesisOptions options)
    {
        var of = patterns.Customer is { Name.Length: > 0 } ? $" of {patterns.Customer.Name}" : string.Empty;
        if (patterns.Stale)
        {
            yield return Note("stale_patterns", $"The patterns{of} are the last known ones, because their data could not be read.", Severity.Warning);
        }

        foreach (var insight in patterns.Insights.Where(i => i.SampleSize > 0 && i.SampleSize < options.SmallSample))
        {
            yield return Note("small_sample", $"The pattern \"{insight.Type.Replace('_', ' ')}\"{of} rests on only {insight.SampleSize} observations.", Severity.Warning);
        }

        var failed = patterns.Outcomes.Where(o => o.Status is DetectorStatus.Failed or DetectorStatus.TimedOut).Select(o => o.Detector.Replace('_', ' ')).ToList();
        if (failed.Count > 0)
        {
            yield return Note("detector_missing", $"The analysis of {Join(failed)}{of} did not finish, so nothing can be said about it.", Severity.Warning);
        }

        foreach (var outcome in patterns.Outcomes.Where(o => o.Status == DetectorStatus.TooFew))
        {
            yield return Note("too_few_observations", $"There is too little data{of} for the analysis of {outcome.Detector.Replace('_', ' ')}{(outcome.Reason.Length > 0 ? $": {outcome.Reason.TrimEnd('.')}" : string.Empty)}.", Severity.Info);
        }
    }

    public static IEnumerable<ConfidenceNote> DataQuestion(AskResponse? response, SynthesisOptions options)
    {
        if (response?.Refusal is { } refusal)
        {
            yield return Note("data_question_refused", refusal.Text.Length > 0 ? refusal.Text : "The question could not be turned into a query.", Severity.Warning);
        }

        if (response?.Answer is { } answer)
        {
            if (answer.Confidence < options.LowDataConfidence)
            {
                yield return Note("low_confidence_query", "The question was matched to the data with low confidence; check the query before relying on it.", Severity.Warning);
            }

            if (answer.Result?.Truncated == true)
            {
                yield return Note("truncated", "More rows exist than are shown.", Severity.Info);
            }

            foreach (var warning in answer.Warnings.Where(w => w.Length > 0))
            {
                yield return Note("query_warning", warning, Severity.Warning);
            }
        }
    }

    public static IEnumerable<ConfidenceNote> Memories(IEnumerable<ScoredMemory> memories, DateTimeOffset now, SynthesisOptions options)
    {
        if (memories.Any(m => m.Memory.CreatedAt is { } at && now - at.ToDateTimeOffset() > TimeSpan.FromDays(options.OldMemoryDays)))
        {
            yield return Note("old_memory", "Some of the notes on file are more than a year old.".Replace("a year", options.OldMemoryDays == 365 ? "a year" : $"{options.OldMemoryDays} days", StringComparison.Ordinal), Severity.Info);
        }
    }

    /// <summary>A fact without one value may be known by its parts, such as amounts in several currencies.</summary>
    public static bool IsKnown(Fact fact) =>
        (fact.Value is not null && fact.Value.KindCase is not (Value.KindOneofCase.None or Value.KindOneofCase.Unknown))
        || fact.Parts.Any(p => p.Value is not null && p.Value.KindCase is not (Value.KindOneofCase.None or Value.KindOneofCase.Unknown));

    public static ConfidenceNote Trimmed(int dropped) =>
        Note("context_trimmed", $"To keep the answer focused, {dropped} less relevant {(dropped == 1 ? "item was" : "items were")} left out.", Severity.Info);

    private static ConfidenceNote Note(string code, string text, Severity severity) => new() { Code = code, Text = text, Severity = severity };

    private static string Capital(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];

    private static string Join(IEnumerable<string> words)
    {
        var list = words.ToList();
        return list.Count switch
        {
            0 => string.Empty,
            1 => list[0],
            _ => string.Join(", ", list[..^1]) + " and " + list[^1],
        };
    }
}
