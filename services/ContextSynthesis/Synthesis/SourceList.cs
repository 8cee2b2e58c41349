using Platform.Contracts.Common.V1;
using Platform.Contracts.DataQuestions.V1;
using Platform.Contracts.Memory.V1;
using Platform.Contracts.PatternAnalysis.V1;

namespace Platform.ContextSynthesis.Synthesis;

/// <summary>Collects where each kept piece comes from; ids count from s1.</summary>
internal sealed class SourceList
{
    private readonly List<Source> _sources = [];

    public IReadOnlyList<Source> All => _sources;

    public void Add(AskResponse response)
    {
        if (response.Answer is not { } answer)
        {
            return;
        }

        var source = Next(SourceKind.Database, answer.Dataset.Length > 0 ? $"Database query over the dataset {answer.Dataset}" : "Database query");
        source.AsOf = answer.ExecutedAt;
        source.Covers.Add("data_question");
        source.Evidence.Add(new Evidence { Sql = answer.Sql, TotalRows = answer.Result?.Rows.Count ?? 0 });
    }

    /// <summary>One source for each table behind the facts of one entity.</summary>
    public void Add(EntityFacts facts)
    {
        var id = facts.Entity?.Id ?? string.Empty;
        foreach (var table in facts.Facts.GroupBy(f => f.Evidence?.Table ?? string.Empty))
        {
            var about = facts.Entity is null ? "all customers" : facts.Entity.Name;
            var asOf = facts.AsOf is { Iso.Length: > 0 } ? $" as of {Wording.Day(facts.AsOf)}" : string.Empty;
            var source = Next(SourceKind.Database, $"{NameOf(table.Key)} {(facts.Entity is null ? "over" : "of")} {about}{asOf}");
            source.AsOf = facts.ReadAt;
            source.Stale = facts.Stale;
            source.SqlSources = facts.SqlSources.GetValueOrDefault(table.Key, string.Empty);
            source.Covers.AddRange(table.Select(f => $"fact:{id}/{f.Kind}"));
            source.Evidence.AddRange(table.Where(f => f.Evidence is not null).Select(f => f.Evidence)
                .DistinctBy(e => (e.Sql, string.Join('\n', e.RowIds))).Select(e => e.Clone()));
        }
    }

    public void Add(CustomerPatterns patterns)
    {
        var customer = patterns.Customer?.Name ?? string.Empty;
        var id = patterns.Customer?.Id ?? string.Empty;
        foreach (var insight in patterns.Insights)
        {
            var source = Next(SourceKind.Pattern, $"Pattern analysis of {customer}: {insight.Type.Replace('_', ' ')}");
            source.AsOf = patterns.ComputedAt;
            source.Stale = patterns.Stale;
            source.Covers.Add("insight:" + insight.Id);
            source.Covers.Add("patterns:" + id);
            source.Evidence.AddRange(insight.Evidence.Select(e => e.Clone()));
        }

        if (patterns.Insights.Count == 0 && patterns.Outcomes.Count > 0)
        {
            var source = Next(SourceKind.Pattern, $"Pattern analysis of {customer}");
            source.AsOf = patterns.ComputedAt;
            source.Stale = patterns.Stale;
            source.Covers.Add("patterns:" + id);
        }
    }

    public void Add(ScoredMemory scored)
    {
        var memory = scored.Memory;
        var day = memory.CreatedAt is null ? string.Empty
            : " of " + Wording.Day(new Date { Iso = memory.CreatedAt.ToDateTime().ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture) });
        var source = Next(memory.Kind == MemoryKind.Document ? SourceKind.Document : SourceKind.Memory, KindOf(memory.Kind) + day);
        source.AsOf = memory.CreatedAt;
        source.Covers.Add("memory:" + memory.Id);
        source.Evidence.Add(new Evidence { Table = "app.memories", RowIds = { memory.Id }, TotalRows = 1 });
    }

    /// <summary>The id of the source that backs a thing, or an empty text.</summary>
    public string IdOf(string covers) => _sources.FirstOrDefault(s => s.Covers.Contains(covers))?.Id ?? string.Empty;

    private Source Next(SourceKind kind, string title)
    {
        var source = new Source { Id = $"s{_sources.Count + 1}", Kind = kind, Title = title };
        _sources.Add(source);
        return source;
    }

    private static string NameOf(string table) => table[(table.LastIndexOf('.') + 1)..] switch
    {
        "invoices" => "Invoices",
        "payments" => "Payments",
        "sales_orders" => "Orders",
        "customers" => "Customer record",
        "" => "Records",
        var other => char.ToUpperInvariant(other[0]) + other[1..].Replace('_', ' '),
    };

    private static string KindOf(MemoryKind kind) => kind switch
    {
        MemoryKind.Interaction => "Earlier question",
        MemoryKind.Note => "Note",
        MemoryKind.Preference => "Preference",
        MemoryKind.Decision => "Decision on file",
        MemoryKind.Document => "Document",
        _ => "Memory",
    };
}
