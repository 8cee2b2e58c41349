using System.Diagnostics;
using System.Text;

namespace OpenTelemetry.Exporter;

/// <summary>Writes spans.</summary>
public class ConsoleActivityExporter : ConsoleExporter<Activity>
{
    /// <summary>An exporter with these options.</summary>
    public ConsoleActivityExporter(ConsoleExporterOptions options)
        : base(options)
    {
    }

    /// <inheritdoc/>
    public override ExportResult Export(in Batch<Activity> batch)
    {
        foreach (var activity in batch)
        {
            var text = new StringBuilder();
            AppendField(text, "Activity.TraceId", activity.TraceId);
            AppendField(text, "Activity.SpanId", activity.SpanId);
            AppendField(text, "Activity.TraceFlags", activity.ActivityTraceFlags);
            if (activity.ParentSpanId != default)
            {
                AppendField(text, "Activity.ParentSpanId", activity.ParentSpanId);
            }

            AppendField(text, "Activity.DisplayName", activity.DisplayName);
            AppendField(text, "Activity.Kind", activity.Kind);
            AppendField(text, "Activity.StartTime", activity.StartTimeUtc.ToString("O"));
            AppendField(text, "Activity.Duration", activity.Duration);
            if (activity.TagObjects.Any())
            {
                text.AppendLine("Activity.Tags:");
                foreach (var (name, value) in activity.TagObjects)
                {
                    AppendAttribute(text, name, value);
                }
            }

            if (activity.Status != ActivityStatusCode.Unset)
            {
                AppendField(text, "StatusCode", activity.Status);
                if (!string.IsNullOrEmpty(activity.StatusDescription))
                {
                    AppendField(text, "Activity.StatusDescription", activity.StatusDescription);
                }
            }

            foreach (var entry in activity.Events)
            {
                text.AppendLine("Activity.Event:");
                AppendAttribute(text, $"{entry.Name} [{entry.Timestamp:O}]", null);
                foreach (var (name, value) in entry.Tags)
                {
                    AppendAttribute(text, "    " + name, value);
                }
            }

            foreach (var link in activity.Links)
            {
                AppendField(text, "Activity.Link", $"{link.Context.TraceId} {link.Context.SpanId}");
            }

            AppendField(text, "Instrumentation scope", $"{activity.Source.Name} {activity.Source.Version}".TrimEnd());
            AppendResource(text);
            WriteLine(text);
        }

        return ExportResult.Success;
    }
}
