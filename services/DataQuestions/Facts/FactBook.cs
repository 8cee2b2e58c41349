using System.Globalization;
using Microsoft.Extensions.Options;
using Platform.Caching;
using Platform.Contracts.Common.V1;
using Platform.Contracts.DataQuestions.V1;
using Platform.DataQuestions.Facts.Tiers;

namespace Platform.DataQuestions.Facts;

/// <summary>Facts about entities or the portfolio, from the cache or the database; last known ones, marked stale, while it cannot be read.</summary>
internal sealed partial class FactBook(TieredCache<EntityFacts> cache, IOptionsMonitor<FactsOptions> options, DataQuestionsMetrics metrics, TimeProvider clock, ILogger<FactBook> logger)
{
    /// <param name="organization">Whose.</param>
    /// <param name="entities">Scope and id, in the order of the answer.</param>
    /// <param name="kinds">Names; none means all that apply.</param>
    /// <param name="asOf">The day; null for the present one.</param>
    /// <param name="portfolio">Whether facts over all customers come last.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <param name="evidence">How much of the evidence each fact carries; null for all of it.</param>
    /// <exception cref="UnknownEntityException">An entity does not exist in the organization.</exception>
    /// <exception cref="SourceUnavailableException">The database cannot be read and nothing is known from before.</exception>
    public async Task<GetFactsResponse> GetAsync(
        string organization, IReadOnlyList<(FactScope Scope, string Id)> entities, IReadOnlyList<string> kinds, DateOnly? asOf, bool portfolio, CancellationToken cancellationToken,
        EvidenceDetail? evidence = null)
    {
        var started = clock.GetTimestamp();
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        IReadOnlyList<(FactScope Scope, string Id)> wanted = portfolio ? [.. entities, (FactScope.Portfolio, "")] : entities;
        var readings = new CacheReading<EntityFacts>[wanted.Count];
        try
        {
            var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.CurrentValue.Parallelism, CancellationToken = cancellationToken };
            await Parallel.ForAsync(0, wanted.Count, parallel, async (i, token) =>
                readings[i] = await ReadAsync(new FactKey(organization, wanted[i].Scope, wanted[i].Id, asOf == today ? null : asOf), today, token));
        }
        catch (SourceUnavailableException)
        {
            metrics.FactsRead("failed", clock.GetElapsedTime(started));
            throw;
        }

        var response = new GetFactsResponse();
        for (var i = 0; i < wanted.Count; i++)
        {
            var (scope, id) = wanted[i];
            response.Entities.Add(Show(readings[i].Value ?? throw new UnknownEntityException(scope, id), scope, kinds, evidence ?? EvidenceDetail.All, readings[i].IsStale));
        }

        AddNotes(response);
        metrics.FactsRead(readings.Any(r => r.IsStale) ? "stale" : readings.All(r => r.Level != CacheLevel.Computed) ? "cached" : "fresh", clock.GetElapsedTime(started));
        return response;
    }

    public static EntityType ToEntityType(FactScope scope) => scope switch
    {
        FactScope.Customer => EntityType.Customer,
        FactScope.Order => EntityType.Order,
        FactScope.Invoice => EntityType.Invoice,
        _ => EntityType.Unspecified,
    };

    private async Task<CacheReading<EntityFacts>> ReadAsync(FactKey key, DateOnly today, CancellationToken cancellationToken)
    {
        var reading = await cache.GetAsync(key, cancellationToken);
        var isYesterdays = key.Day is null && reading.Value is { } kept && kept.AsOf.Iso != today.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return isYesterdays && !reading.IsStale ? await cache.RefreshAsync(key, cancellationToken) : reading;
    }

    // A copy around shared parts: what is kept in memory is never changed.
    private static EntityFacts Show(EntityFacts kept, FactScope scope, IReadOnlyList<string> kinds, EvidenceDetail evidence, bool isStale)
    {
        var shown = new EntityFacts { Entity = kept.Entity, AsOf = kept.AsOf, ReadAt = kept.ReadAt, Stale = isStale };
        foreach (var fact in kept.Facts.Where(fact => kinds.Count == 0 || kinds.Contains(fact.Kind)))
        {
            if (!FactCatalog.TryFind(fact.Kind, out var kind))
            {
                continue;
            }

            var copy = new Fact { Kind = fact.Kind, Label = fact.Label, Value = fact.Value, Definition = fact.Definition };
            copy.Parts.Add(fact.Parts);
            copy.Evidence = new Evidence { Table = fact.Evidence.Table, TotalRows = fact.Evidence.TotalRows };
            copy.Evidence.RowIds.Add(fact.Evidence.RowIds.Take(evidence.Rows));
            if (evidence.SharesSql)
            {
                copy.Evidence.Sql = FactStatement.WithoutSources(kind!);
                shown.SqlSources[kind!.Table] = FactStatement.Sources(scope, kind.Table);
            }
            else
            {
                copy.Evidence.Sql = FactStatement.Single(scope, kind!);
            }

            shown.Facts.Add(copy);
        }

        return shown;
    }

    private void AddNotes(GetFactsResponse response)
    {
        var unreadable = response.Entities.SelectMany(facts => facts.Facts).Where(fact => fact.Value?.Unknown == FactSource.Unreadable).Select(fact => fact.Kind);
        response.Notes.Add(unreadable.Distinct(StringComparer.Ordinal)
            .Select(kind => new ConfidenceNote { Code = "fact_unavailable", Text = $"The figure \"{kind}\" could not be read.", Severity = Severity.Warning }));
        if (response.Entities.Where(facts => facts.Stale).Select(facts => facts.ReadAt.ToDateTime()).Order().FirstOrDefault() is var oldest && oldest != default)
        {
            Log.ServedStale(logger);
            response.Notes.Add(new ConfidenceNote
            {
                Code = "stale_facts",
                Text = $"The database cannot be read; the figures are those of {oldest:yyyy-MM-dd HH:mm} UTC.",
                Severity = Severity.Warning,
            });
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 11, EventName = "StaleFactsServed", Level = LogLevel.Warning, Message = "Facts could not be read; the last known ones are served")]
        public static partial void ServedStale(ILogger logger);
    }
}

/// <summary>How much of the evidence a fact carries.</summary>
/// <param name="Rows">Most row ids.</param>
/// <param name="SharesSql">Whether the sources of the statements are told once for each table.</param>
internal sealed record EvidenceDetail(int Rows, bool SharesSql)
{
    public static EvidenceDetail All { get; } = new(FactProvider.MaxRowIds, false);
}

/// <summary>An entity that a request names does not exist in the organization.</summary>
internal sealed class UnknownEntityException(FactScope scope, string id) : Exception($"There is no {scope} \"{id}\"")
{
    public FactScope Scope { get; } = scope;

    public string Id { get; } = id;
}
