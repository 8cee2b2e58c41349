using System.Text;
using OpenTelemetry.Logs;

namespace OpenTelemetry.Exporter;

/// <summary>Writes log records.</summary>
public class ConsoleLogRecordExporter : ConsoleExporter<LogRecord>
{
    /// <summary>An exporter with these options.</summary>
    public ConsoleLogRecordExporter(ConsoleExporterOptions options)
        : base(options)
    {
    }

    /// <inheritdoc/>
    public override ExportResult Export(in Batch<LogRecord> batch)
    {
        foreach (var record in batch)
        {
            var text = new StringBuilder();
            AppendField(text, "LogRecord.Timestamp", record.Timestamp.ToString("O"));
            if (record.TraceId != default)
            {
                AppendField(text, "LogRecord.TraceId", record.TraceId);
                AppendField(text, "LogRecord.SpanId", record.SpanId);
                AppendField(text, "LogRecord.TraceFlags", record.TraceFlags);
            }

            AppendField(text, "LogRecord.CategoryName", record.CategoryName);
            AppendField(text, "LogRecord.LogLevel", record.LogLevel);
            if (record.FormattedMessage is { } message)
            {
                AppendField(text, "LogRecord.FormattedMessage", message);
            }

            if (record.Body is { } body)
            {
                AppendField(text, "LogRecord.Body", body);
            }

            if (record.Attributes is { Count: > 0 } attributes)
            {
                text.AppendLine("LogRecord.Attributes (Key:Value):");
                foreach (var (name, value) in attributes)
                {
                    AppendAttribute(text, name, value);
                }
            }

            if (record.EventId != default)
            {
                AppendField(text, "LogRecord.EventId", record.EventId.Id);
                AppendField(text, "LogRecord.EventName", record.EventId.Name);
            }

            if (record.Exception is { } exception)
            {
                AppendField(text, "LogRecord.Exception", exception);
            }

            record.ForEachScope(
                static (scope, text) =>
                {
                    foreach (var (name, value) in scope)
                    {
                        AppendAttribute(text, "scope " + name, value);
                    }
                },
                text);
            AppendResource(text);
            WriteLine(text);
        }

        return ExportResult.Success;
    }
}
