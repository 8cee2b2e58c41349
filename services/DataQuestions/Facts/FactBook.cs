using Google.Protobuf.WellKnownTypes;
using Npgsql;
using Platform.Contracts.Common.V1;
using Platform.Contracts.DataQuestions.V1;
using Platform.DataQuestions.Facts.Shapes;

namespace Platform.DataQuestions.Facts;

/// <summary>Facts about entities or the portfolio; last known ones, marked stale, while the database cannot be read.</summary>
internal sealed partial class FactBook(FactsReader reader, LastKnownFacts lastKnown, DataQuestionsMetrics metrics, TimeProvider clock, ILogger<FactBook> logger)
{
    /// <param name="entities">Scope and id, in the order of the answer.</param>
    /// <param name="evidence">How much of the evidence each fact carries; null for all of it.</param>
    /// <exception cref="UnknownEntityException">An entity does not exist in the organization.</exception>
    public async Task<GetFactsResponse> GetAsync(
        string organization, IReadOnlyList<(FactScope Scope, string Id)> entities, IReadOnlyList<string> kinds, DateOnly? asOf, bool portfolio, CancellationToken cancellationToken,
        EvidenceDetail? evidence = null)
    {
        var started = clock.GetTimestamp();
        evidence ??= EvidenceDetail.All;
        var day = asOf ?? DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        var groups = entities.GroupBy(entity => entity.Scope)
            .Select(group => new FactGroup(group.Key, [.. group.Select(entity => entity.Id).Distinct(StringComparer.Ordinal)], FactCatalog.For(group.Key, kinds)))
            .ToList();
        if (portfolio)
        {
            groups.Add(new FactGroup(FactScope.Portfolio, [], FactCatalog.For(FactScope.Portfolio, kinds)));
        }

        LastKnownFacts.Key Key(FactScope scope, string id) => new(organization, scope, id, string.Join(',', kinds), asOf);

        var response = new GetFactsResponse();
        try
        {
            var readings = (await reader.ReadAsync(organization, groups, day, cancellationToken)).ToDictionary(reading => reading.Group.Scope);
            foreach (var (scope, id) in entities)
            {
                if (!readings[scope].Subjects.TryGetValue(id, out var subject))
                {
                    throw new UnknownEntityException(scope, id);
                }

                var facts = ToFacts(readings[scope], subject, day, evidence);
                lastKnown.Store(Key(scope, id), facts);
                response.Entities.Add(facts);
            }

            if (portfolio)
            {
                var facts = ToFacts(readings[FactScope.Portfolio], new FactSubject("", "", null), day, evidence);
                lastKnown.Store(Key(FactScope.Portfolio, ""), facts);
                response.Entities.Add(facts);
            }

            foreach (var kind in readings.Values.SelectMany(reading => reading.FailedKinds).Distinct(StringComparer.Ordinal))
            {
                response.Notes.Add(new ConfidenceNote { Code = "fact_unavailable", Text = $"The figure \"{kind}\" could not be read.", Severity = Severity.Warning });
            }

            metrics.FactsRead("fresh", clock.GetElapsedTime(started));
        }
        catch (Exception exception) when (IsUnavailable(exception) && !cancellationToken.IsCancellationRequested)
        {
            IEnumerable<(FactScope Scope, string Id)> wanted = portfolio ? entities.Append((FactScope.Portfolio, "")) : entities;
            var known = wanted.Select(entity => lastKnown.Find(Key(entity.Scope, entity.Id))).ToList();
            if (known.Contains(null))
            {
                metrics.FactsRead("failed", clock.GetElapsedTime(started));
                throw;
            }

            Log.ServedStale(logger, exception);
            response.Entities.Add(known);
            response.Notes.Add(new ConfidenceNote
            {
                Code = "stale_facts",
                Text = $"The database cannot be read; the figures are those of {known.Min(facts => facts!.ReadAt.ToDateTime()):yyyy-MM-dd HH:mm} UTC.",
                Severity = Severity.Warning,
            });
            metrics.FactsRead("stale", clock.GetElapsedTime(started));
        }

        return response;
    }

    private static bool IsUnavailable(Exception exception) => exception switch
    {
        PostgresException postgres => postgres.IsTransient || postgres.SqlState is PostgresErrorCodes.QueryCanceled || postgres.SqlState.StartsWith("57P", StringComparison.Ordinal),
        NpgsqlException or TimeoutException => true,
        _ => false,
    };

    private EntityFacts ToFacts(FactReading reading, FactSubject subject, DateOnly day, EvidenceDetail evidence)
    {
        var scope = reading.Group.Scope;
        var facts = new EntityFacts { AsOf = FactValues.Day(day).Date, ReadAt = clock.GetUtcNow().ToTimestamp() };
        if (scope != FactScope.Portfolio)
        {
            facts.Entity = new EntityRef { Type = ToEntityType(scope), Id = subject.EntityId, Name = subject.Name };
        }

        var byKind = reading.Rows.Where(row => row.Row.EntityId == subject.EntityId).ToLookup(row => row.Kind, row => row.Row, StringComparer.Ordinal);
        foreach (var kind in reading.Group.Kinds)
        {
            var fact = new Fact { Kind = kind.Name, Label = kind.Label, Definition = kind.Definition };
            var rows = byKind[kind.Name].ToList();
            if (reading.FailedKinds.Contains(kind.Name))
            {
                fact.Value = FactValues.Unknown("the figure could not be read");
            }
            else
            {
                kind.Read(fact, rows, subject);
            }

            fact.Evidence = new Evidence { Table = kind.Table, TotalRows = rows.Count == 0 ? 0 : TotalRows(rows) };
            fact.Evidence.RowIds.Add(rows.SelectMany(row => row.RowIds).Distinct(StringComparer.Ordinal).Take(evidence.Rows));
            if (evidence.SharesSql)
            {
                fact.Evidence.Sql = FactStatement.WithoutSources(kind);
                facts.SqlSources[kind.Table] = FactStatement.Sources(scope, kind.Table);
            }
            else
            {
                fact.Evidence.Sql = FactStatement.Single(scope, kind);
            }

            facts.Facts.Add(fact);
        }

        return facts;
    }

    // A row without a part stands for all of its parts.
    private static long TotalRows(List<FactRow> rows) =>
        rows.Any(row => row.Part is null) ? rows.Where(row => row.Part is null).Sum(row => row.TotalRows) : rows.Sum(row => row.TotalRows);

    public static EntityType ToEntityType(FactScope scope) => scope switch
    {
        FactScope.Customer => EntityType.Customer,
        FactScope.Order => EntityType.Order,
        FactScope.Invoice => EntityType.Invoice,
        _ => EntityType.Unspecified,
    };

    private static partial class Log
    {
        [LoggerMessage(EventId = 11, EventName = "StaleFactsServed", Level = LogLevel.Warning, Message = "Facts could not be read; the last known ones are served")]
        public static partial void ServedStale(ILogger logger, Exception exception);
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
