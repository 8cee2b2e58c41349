using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Npgsql;
using Platform.Caching;
using Platform.Contracts.Common.V1;
using Platform.Contracts.DataQuestions.V1;
using Platform.DataQuestions.Facts.Shapes;

namespace Platform.DataQuestions.Facts.Tiers;

/// <summary>Reads all facts of one entity, or of the portfolio, without their SQL: that follows from scope and kind.</summary>
internal sealed class FactSource(FactsReader reader, TimeProvider clock) : ICacheSource<EntityFacts>
{
    /// <summary>What a fact says whose statement failed.</summary>
    public const string Unreadable = "the figure could not be read";

    public async Task<SourceResult<EntityFacts>> ComputeAsync(CacheKey key, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        var (organization, scope, id, day) = FactKey.From(key);
        var asOf = day ?? DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        try
        {
            var reading = await reader.ReadAsync(organization, scope, id, asOf, cancellationToken);
            var facts = scope == FactScope.Portfolio ? ToFacts(reading, new FactSubject("", "", null), asOf)
                : reading.Subject is { } subject ? ToFacts(reading, subject, asOf)
                : null;
            var entry = new CacheEntry<EntityFacts>(facts, asOf.ToString("O", CultureInfo.InvariantCulture), reading.Snapshot, clock.GetElapsedTime(started));
            return new SourceResult<EntityFacts>(entry, reading.FailedKinds.Count == 0);
        }
        catch (Exception exception) when (IsUnavailable(exception) && !cancellationToken.IsCancellationRequested)
        {
            throw new SourceUnavailableException("The facts cannot be read", exception);
        }
    }

    private static bool IsUnavailable(Exception exception) => exception switch
    {
        PostgresException postgres => postgres.IsTransient || postgres.SqlState is PostgresErrorCodes.QueryCanceled || postgres.SqlState.StartsWith("57P", StringComparison.Ordinal),
        NpgsqlException or TimeoutException => true,
        _ => false,
    };

    private EntityFacts ToFacts(FactReading reading, FactSubject subject, DateOnly day)
    {
        var facts = new EntityFacts { AsOf = FactValues.Day(day).Date, ReadAt = clock.GetUtcNow().ToTimestamp() };
        if (reading.Scope != FactScope.Portfolio)
        {
            facts.Entity = new EntityRef { Type = FactBook.ToEntityType(reading.Scope), Id = subject.EntityId, Name = subject.Name };
        }

        // The same rows are evidence of many facts; one text for each id keeps an entry small.
        Dictionary<string, string> rowIds = new(StringComparer.Ordinal);
        var byKind = reading.Rows.ToLookup(row => row.Kind, row => row.Row, StringComparer.Ordinal);
        foreach (var kind in FactCatalog.For(reading.Scope))
        {
            var fact = new Fact { Kind = kind.Name, Label = kind.Label, Definition = kind.Definition };
            var rows = byKind[kind.Name].ToList();
            if (reading.FailedKinds.Contains(kind.Name))
            {
                fact.Value = FactValues.Unknown(Unreadable);
            }
            else
            {
                kind.Read(fact, rows, subject);
            }

            fact.Evidence = new Evidence { Table = kind.Table, TotalRows = rows.Count == 0 ? 0 : TotalRows(rows) };
            fact.Evidence.RowIds.Add(rows.SelectMany(row => row.RowIds).Distinct(StringComparer.Ordinal).Take(FactProvider.MaxRowIds).Select(Shared));
            facts.Facts.Add(fact);
        }

        return facts;

        string Shared(string id) => rowIds.TryGetValue(id, out var known) ? known : rowIds[id] = id;
    }

    // A row without a part stands for all of its parts.
    private static long TotalRows(List<FactRow> rows) =>
        rows.Any(row => row.Part is null) ? rows.Where(row => row.Part is null).Sum(row => row.TotalRows) : rows.Sum(row => row.TotalRows);
}
