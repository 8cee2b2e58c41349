using System.Text;
using Google.Protobuf.WellKnownTypes;
using Platform.Contracts.Common.V1;
using Platform.Contracts.ContextSynthesis.V1;
using Platform.Contracts.DataQuestions.V1;
using Platform.Contracts.EntityResolution.V1;
using Platform.Contracts.PatternAnalysis.V1;
using Platform.Contracts.ResponseGeneration.V1;
using Value = Platform.Contracts.Common.V1.Value;

namespace Platform.Gateway.Chat;

/// <summary>What the answer path goes on with when the service that should have done a stage is away.</summary>
internal static class Fallbacks
{
    /// <summary>Confidence of an answer that is only the context (E1).</summary>
    public const double ContextConfidence = 0.6;

    public static ConfidenceNote NoDecision => Warning("decision_unavailable", "The options could not be weighed just now.");

    public static ConfidenceNote NotRemembered => Warning("not_remembered", "What you asked to remember could not be stored just now.");

    /// <summary>Without the service that understands questions, everything that may help is retrieved.</summary>
    public static Understanding Understanding(string query, IReadOnlyList<Mention> mentions)
    {
        bool aboutSomeone = mentions.Any(m => m.Match is not null);
        return new Understanding
        {
            Intent = aboutSomeone ? Intent.Status : Intent.DataQuestion,
            IntentConfidence = 0.3,
            Method = "fallback",
            Complexity = Complexity.Medium,
            StandaloneQuery = query,
            NeedsFacts = aboutSomeone,
            NeedsPatterns = aboutSomeone,
            NeedsMemories = aboutSomeone,
            NeedsDataQuestion = !aboutSomeone,
        };
    }

    /// <summary>The retrieved parts, unmerged.</summary>
    public static SynthesizedContext Context(SynthesizeRequest request, IReadOnlyList<EntityRef> entities, DateTimeOffset now)
    {
        SynthesizedContext context = new()
        {
            Query = request.Query,
            Understanding = request.Understanding,
            DataQuestion = request.DataQuestion,
            Confidence = ContextConfidence,
            AsOf = Timestamp.FromDateTimeOffset(now),
        };
        context.Entities.AddRange(entities);
        context.Facts.AddRange(request.Facts);
        context.Patterns.AddRange(request.Patterns);
        context.Memories.AddRange(request.Memories);
        context.Notes.Add(Warning("synthesis_unavailable", "The parts of this answer could not be weighed against each other just now."));
        foreach (MissingPart missing in request.Missing)
        {
            context.Notes.Add(Warning(missing.Part + "_unavailable", $"{Words(missing.Part)} could not be read just now."));
        }

        int number = 0;
        foreach (EntityFacts facts in request.Facts)
        {
            Source source = new()
            {
                Id = $"s{++number}",
                Kind = SourceKind.Database,
                Title = facts.Entity is { } entity ? $"Records of {entity.Name}" : "Records of all customers",
                AsOf = facts.ReadAt,
                Stale = facts.Stale,
            };
            source.Evidence.AddRange(facts.Facts.Where(f => f.Evidence is not null).Select(f => f.Evidence));
            context.Sources.Add(source);
        }

        foreach (CustomerPatterns patterns in request.Patterns.Where(p => p.Insights.Count > 0))
        {
            Source source = new()
            {
                Id = $"s{++number}",
                Kind = SourceKind.Pattern,
                Title = $"Patterns of {patterns.Customer.Name}",
                AsOf = patterns.ComputedAt,
                Stale = patterns.Stale,
            };
            source.Evidence.AddRange(patterns.Insights.SelectMany(i => i.Evidence));
            context.Sources.Add(source);
        }

        context.PrimaryContext = Text(context);
        return context;
    }

    /// <summary>The context itself as the answer (E1's last step).</summary>
    public static GenerateResponse Answer(SynthesizedContext context)
    {
        GenerateResponse response = new()
        {
            Text = context.PrimaryContext.Length > 0 ? context.PrimaryContext : Text(context),
            Confidence = Math.Min(ContextConfidence, context.Confidence),
            QualityScore = ContextConfidence,
            PassedQualityGates = false,
            Method = "context",
        };
        response.Sources.AddRange(context.Sources);
        response.Notes.AddRange(context.Notes);
        response.Notes.Add(Warning("generation_unavailable", "The answer shows the records as they are, because the writer is away."));
        return response;
    }

    public static GenerateResponse Disambiguation(Mention ambiguous)
    {
        StringBuilder text = new();
        text.Append("Which one do you mean by “").Append(ambiguous.Text).Append("”?\n");
        int number = 0;
        foreach (Candidate candidate in ambiguous.Candidates)
        {
            text.Append('\n').Append(++number).Append(". ").Append(candidate.Entity.Name);
        }

        return new GenerateResponse
        {
            Text = text.ToString(), Confidence = 1, QualityScore = ContextConfidence, PassedQualityGates = false, Method = "context",
        };
    }

    private static string Text(SynthesizedContext context)
    {
        StringBuilder text = new();
        foreach (EntityFacts facts in context.Facts)
        {
            text.Append("**").Append(facts.Entity?.Name ?? "All customers").Append("**, as of ").Append(facts.AsOf?.Iso ?? "today").Append(":\n");
            foreach (Fact fact in facts.Facts)
            {
                text.Append("- ").Append(fact.Label).Append(": ").Append(Plain(fact.Value)).Append('\n');
            }
        }

        foreach (Insight insight in context.Patterns.SelectMany(p => p.Insights))
        {
            text.Append("- ").Append(insight.Text).Append('\n');
        }

        if (context.DataQuestion?.Answer is { } answer)
        {
            text.Append(answer.Text).Append('\n');
        }

        if (text.Length == 0)
        {
            text.Append("The records needed for this question cannot be read just now. Please ask again in a moment.");
        }

        return text.ToString();
    }

    private static string Plain(Value? value) => value?.KindCase switch
    {
        Value.KindOneofCase.Money => $"{value.Money.Amount} {value.Money.Currency}",
        Value.KindOneofCase.Count => value.Count.ToString(System.Globalization.CultureInfo.InvariantCulture),
        Value.KindOneofCase.Ratio => value.Ratio.ToString("P1", System.Globalization.CultureInfo.InvariantCulture),
        Value.KindOneofCase.Days => value.Days.ToString("0.#", System.Globalization.CultureInfo.InvariantCulture) + " days",
        Value.KindOneofCase.Date => value.Date.Iso,
        Value.KindOneofCase.Text => value.Text,
        Value.KindOneofCase.Number => value.Number.ToString(System.Globalization.CultureInfo.InvariantCulture),
        Value.KindOneofCase.Unknown => "not known: " + value.Unknown,
        Value.KindOneofCase.None or null => "not known",
        _ => "not known",
    };

    private static string Words(string part) => part switch
    {
        "data_question" => "The answer to the data question",
        "facts" => "The facts",
        "patterns" => "The patterns",
        "memories" => "Earlier notes",
        "entities" => "The names in the question",
        "conversation" => "The conversation so far",
        _ => part,
    };

    private static ConfidenceNote Warning(string code, string text) => new() { Code = code, Text = text, Severity = Severity.Warning };
}
