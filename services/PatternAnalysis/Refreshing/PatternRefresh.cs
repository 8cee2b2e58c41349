using Npgsql;
using Platform.Caching;
using Platform.Contracts.PatternAnalysis.V1;
using Platform.PatternAnalysis.Patterns;
using Platform.PatternAnalysis.Tiers;

namespace Platform.PatternAnalysis.Refreshing;

/// <summary>Recomputes the patterns of many customers, a few at a time, and says how far it is. Done is what app.customer_patterns holds; failed is what it could not be given.</summary>
internal sealed partial class PatternRefresh(NpgsqlDataSource database, PatternReader patterns, ILogger<PatternRefresh> logger)
{
    private const int Parallelism = 2;
    private const int ReportEvery = 20;

    public async Task RunAsync(string organizationId, IReadOnlyList<string> customerIds, Func<RefreshProgress, Task> report, CancellationToken cancellationToken)
    {
        var ids = customerIds.Count > 0 ? customerIds : await AllAsync(organizationId, cancellationToken);
        var progress = new RefreshProgress { Total = ids.Count };
        await report(progress.Clone());
        foreach (var chunk in ids.Chunk(ReportEvery))
        {
            var failed = 0;
            await Parallel.ForEachAsync(chunk, new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken }, async (customerId, token) =>
            {
                try
                {
                    var reading = await patterns.RefreshAsync(new PatternKey(organizationId, customerId), token);
                    if (reading.IsStale || !reading.IsKept)
                    {
                        Interlocked.Increment(ref failed);
                    }
                }
                catch (Exception exception) when (exception is UnknownCustomerException or SourceUnavailableException)
                {
                    Interlocked.Increment(ref failed);
                    Log.RefreshFailed(logger, exception, customerId);
                }
            });
            progress.Done += chunk.Length;
            progress.Failed += failed;
            await report(progress.Clone());
        }
    }

    private async Task<IReadOnlyList<string>> AllAsync(string organizationId, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT customer_id FROM domain.customers WHERE organization_id = @organization ORDER BY customer_id");
        command.Parameters.AddWithValue("organization", organizationId);
        List<string> ids = [];
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            ids.Add(reader.GetString(0));
        }

        return ids;
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 81, EventName = "PatternRefreshFailed", Level = LogLevel.Warning, Message = "The patterns of customer {CustomerId} could not be refreshed")]
        public static partial void RefreshFailed(ILogger logger, Exception exception, string customerId);
    }
}
