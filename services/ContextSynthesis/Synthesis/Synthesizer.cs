using System.Text;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Options;
using Platform.ContextSynthesis.Decisions;
using Platform.Contracts.Common.V1;
using Platform.Contracts.ContextSynthesis.V1;
using Platform.Contracts.DataQuestions.V1;
using Platform.Contracts.PatternAnalysis.V1;

namespace Platform.ContextSynthesis.Synthesis;

/// <summary>Merges what was retrieved for a question into one context: the most relevant pieces, their sources, and what to be careful about.</summary>
internal sealed class Synthesizer(FrameworkCatalog frameworks, IOptionsMonitor<SynthesisOptions> options, TimeProvider clock)
{
    public SynthesizedContext Synthesize(SynthesizeRequest request)
    {
        var settings = options.CurrentValue;
        request = WithPortfolio(request);
        var understanding = request.Understanding ?? new Understanding { StandaloneQuery = request.Query };
        var pieces = Pieces(request, new Relevance(understanding, frameworks.Find(understanding.Framework)));
        var (kept, dropped) = TokenBudget.Fit(pieces, request.TokenBudget > 0 ? request.TokenBudget : settings.TokenBudget);

        var context = new SynthesizedContext { Query = request.Query, Understanding = understanding.Clone() };
        context.Entities.AddRange(Entities(request, understanding));
        context.UnknownNames.AddRange(request.Mentions.Where(m => m.NotFound && m.Match is null && m.Text.Length > 0).Select(m => m.Text).Distinct(StringComparer.OrdinalIgnoreCase));
        context.Facts.AddRange(KeptFacts(request, kept));
        context.Patterns.AddRange(KeptPatterns(request, kept));
        context.Memories.AddRange(kept.OfType<MemoryPiece>().Select(p => p.Memory.Clone()));
        context.DataQuestion = kept.OfType<DataQuestionPiece>().FirstOrDefault()?.Response.Clone();
        context.Dropped.AddRange(dropped.Select(p => p.Name));

        if (request.PortfolioPatterns is { } portfolio)
        {
            (context.PortfolioCustomers, context.PortfolioAnalysed, context.PortfolioAll) = (portfolio.TotalCustomers, portfolio.AnalysedCustomers, portfolio.OrganizationCustomers);
        }

        var conflicts = Conflicts.Find(request.Facts, request.Patterns, request.Memories).ToList();
        context.Notes.AddRange(NotesFor(request, context, settings, conflicts, dropped.Count));
        context.Confidence = Confidence.Of(request, understanding, context.Entities.Count, context.UnknownNames.Count, conflicts.Count(c => c.Code == "conflict"));
        context.AsOf = request.Facts.Where(f => f.ReadAt is not null).Select(f => f.ReadAt).MinBy(t => t.ToDateTimeOffset())?.Clone()
            ?? Timestamp.FromDateTimeOffset(clock.GetUtcNow());

        var sources = Sources(context);
        context.Sources.AddRange(sources.All);
        context.PrimaryContext = PrimaryContext(context, sources);
        return context;
    }

    private static List<Piece> Pieces(SynthesizeRequest request, Relevance relevance)
    {
        var pieces = new List<Piece>();
        if (request.DataQuestion is not null)
        {
            pieces.Add(new DataQuestionPiece(request.DataQuestion, 2));
        }

        pieces.AddRange(request.Facts.SelectMany(f => f.Facts.Select(fact => new FactPiece(f, fact, relevance.Of(fact)))));
        pieces.AddRange(request.Patterns.SelectMany(p => p.Insights.Select(i => new InsightPiece(p, i, relevance.Of(i)))));
        pieces.AddRange(request.Memories.Where(m => m.Memory is not null).DistinctBy(m => m.Memory.Id.Length > 0 ? m.Memory.Id : m.Memory.Text)
            .Select(m => new MemoryPiece(m, relevance.Of(m))));
        return pieces;
    }

    private static IEnumerable<EntityRef> Entities(SynthesizeRequest request, Understanding understanding) =>
        understanding.Entities.Concat(request.Mentions.Where(m => m.Match?.Entity is not null).Select(m => m.Match.Entity))
            .DistinctBy(e => (e.Type, e.Id)).Select(e => e.Clone());

    private static IEnumerable<EntityFacts> KeptFacts(SynthesizeRequest request, IReadOnlyList<Piece> kept)
    {
        foreach (var own in request.Facts)
        {
            var copy = own.Clone();
            copy.Facts.Clear();
            copy.Facts.AddRange(kept.OfType<FactPiece>().Where(p => ReferenceEquals(p.Owner, own)).Select(p => p.Fact.Clone()));
            if (copy.Facts.Count > 0)
            {
                yield return copy;
            }
        }
    }

    private static IEnumerable<CustomerPatterns> KeptPatterns(SynthesizeRequest request, IReadOnlyList<Piece> kept)
    {
        foreach (var own in request.Patterns)
        {
            var copy = own.Clone();
            copy.Insights.Clear();
            copy.Insights.AddRange(kept.OfType<InsightPiece>().Where(p => ReferenceEquals(p.Owner, own)).Select(p => p.Insight.Clone()));

            // All left out is not the same as none found.
            if (copy.Insights.Count > 0 || own.Insights.Count == 0)
            {
                yield return copy;
            }
        }
    }

    /// <summary>What was found over all customers, as the patterns of each.</summary>
    private static SynthesizeRequest WithPortfolio(SynthesizeRequest request)
    {
        if (request.PortfolioPatterns is not { Entries.Count: > 0 } portfolio)
        {
            return request;
        }

        var merged = request.Clone();
        foreach (var customer in portfolio.Entries.GroupBy(e => e.Customer.Id))
        {
            var patterns = new CustomerPatterns { Customer = customer.First().Customer.Clone(), ComputedAt = customer.Select(e => e.ComputedAt).FirstOrDefault(t => t is not null)?.Clone() };
            patterns.Insights.AddRange(customer.Select(e => e.Insight.Clone()));
            merged.Patterns.Add(patterns);
        }

        return merged;
    }

    private IEnumerable<ConfidenceNote> NotesFor(
        SynthesizeRequest request, SynthesizedContext context, SynthesisOptions settings, List<ConfidenceNote> conflicts, int dropped)
    {
        var notes = Notes.Missing(request.Missing)
            .Concat(Notes.UnknownNames(context.UnknownNames))
            .Concat(conflicts)
            .Concat(request.Facts.SelectMany(f => Notes.Facts(f, settings)))
            .Concat(request.Patterns.SelectMany(p => Notes.Patterns(p, settings)))
            .Concat(Notes.DataQuestion(request.DataQuestion, settings))
            .Concat(Notes.Memories(context.Memories, clock.GetUtcNow(), settings));
        if (dropped > 0)
        {
            notes = notes.Append(Notes.Trimmed(dropped));
        }

        return notes.DistinctBy(n => (n.Code, n.Text)).OrderByDescending(n => n.Severity);
    }

    private static SourceList Sources(SynthesizedContext context)
    {
        var sources = new SourceList();
        if (context.DataQuestion is not null)
        {
            sources.Add(context.DataQuestion);
        }

        foreach (var facts in context.Facts)
        {
            sources.Add(facts);
        }

        foreach (var patterns in context.Patterns)
        {
            sources.Add(patterns);
        }

        foreach (var memory in context.Memories)
        {
            sources.Add(memory);
        }

        return sources;
    }

    private static string PrimaryContext(SynthesizedContext context, SourceList sources)
    {
        var text = new StringBuilder();
        if (context.DataQuestion is { } data && Lines.Of(data) is { Length: > 0 } line)
        {
            text.Append(line).Append(Reference("data_question")).Append('\n');
        }

        foreach (var facts in context.Facts)
        {
            text.Append(facts.Entity is null ? "All customers" : facts.Entity.Name)
                .Append(facts.AsOf is { Iso.Length: > 0 } ? $" as of {Wording.Day(facts.AsOf)}" : string.Empty).Append(":\n");
            foreach (var fact in facts.Facts)
            {
                text.Append("- ").Append(Lines.Of(fact)).Append(Reference($"fact:{facts.Entity?.Id}/{fact.Kind}")).Append('\n');
            }
        }

        foreach (var patterns in context.Patterns.Where(p => p.Insights.Count > 0))
        {
            text.Append("Patterns of ").Append(patterns.Customer?.Name).Append(":\n");
            foreach (var insight in patterns.Insights)
            {
                text.Append("- ").Append(Lines.Of(insight)).Append(Reference("insight:" + insight.Id)).Append('\n');
            }
        }

        if (context.Memories.Count > 0)
        {
            text.Append("On file:\n");
            foreach (var memory in context.Memories)
            {
                text.Append("- ").Append(Lines.Of(memory.Memory)).Append(Reference("memory:" + memory.Memory.Id)).Append('\n');
            }
        }

        return text.ToString().TrimEnd();

        string Reference(string covers) => sources.IdOf(covers) is { Length: > 0 } id ? $" [{id}]" : string.Empty;
    }
}

/// <summary>Keeps the most relevant pieces that fit: the least relevant are dropped first, and one piece always stays.</summary>
internal static class TokenBudget
{
    public static (IReadOnlyList<Piece> Kept, IReadOnlyList<Piece> Dropped) Fit(IReadOnlyList<Piece> pieces, int budget)
    {
        var ordered = pieces.OrderByDescending(p => p.Relevance).ToList();
        var tokens = 0;
        var keep = 0;
        while (keep < ordered.Count && (keep == 0 || tokens + ordered[keep].Tokens <= budget))
        {
            tokens += ordered[keep].Tokens;
            keep++;
        }

        return (ordered[..keep], ordered[keep..]);
    }
}
