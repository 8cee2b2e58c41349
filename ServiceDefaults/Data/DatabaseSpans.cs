using System.Diagnostics;
using Npgsql;

namespace Platform.ServiceDefaults;

/// <summary>Names spans of the database as OpenTelemetry's conventions say: by operation and tables, and without a literal.</summary>
internal static class DatabaseSpans
{
    internal static void Configure(NpgsqlTracingOptionsBuilder tracing) => tracing
        .ConfigureCommandSpanNameProvider(command => SqlText.Of(command.CommandText).Summary)
        .ConfigureCommandEnrichmentCallback((span, command) => Describe(span, SqlText.Of(command.CommandText)))
        .ConfigureBatchSpanNameProvider(batch => Of(batch).Summary)
        .ConfigureBatchEnrichmentCallback((span, batch) => Describe(span, Of(batch)));

    private static void Describe(Activity span, SqlText statement)
    {
        span.SetTag("db.query.summary", statement.Summary);
        span.SetTag("db.query.text", statement.Text);
    }

    private static SqlText Of(NpgsqlBatch batch) =>
        SqlText.Of(string.Join(";\n", batch.BatchCommands.Cast<NpgsqlBatchCommand>().Select(command => command.CommandText)));
}
