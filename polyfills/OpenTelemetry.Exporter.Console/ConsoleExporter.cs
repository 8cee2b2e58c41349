using System.Globalization;
using System.Text;

namespace OpenTelemetry.Exporter;

/// <summary>Writes telemetry as text for a person to read. The text is no format: do not parse it.</summary>
public abstract class ConsoleExporter<T> : BaseExporter<T>
    where T : class
{
    private readonly ConsoleExporterOptions _options;

    /// <summary>An exporter with these options.</summary>
    protected ConsoleExporter(ConsoleExporterOptions options) => _options = options ?? new ConsoleExporterOptions();

    /// <summary>Writes one line.</summary>
    protected void WriteLine(string message)
    {
        if (_options.Targets.HasFlag(ConsoleExporterOutputTargets.Console))
        {
            Console.WriteLine(message);
        }

        if (_options.Targets.HasFlag(ConsoleExporterOutputTargets.Debug))
        {
            System.Diagnostics.Trace.WriteLine(message);
        }
    }

    // A batch entry is one write, so that entries of several threads do not mix.
    private protected void WriteLine(StringBuilder text) => WriteLine(text.ToString());

    private protected static StringBuilder AppendField(StringBuilder text, string name, object? value)
        => text.Append(name).Append(": ").Append(Convert.ToString(value, CultureInfo.InvariantCulture)).AppendLine();

    private protected static StringBuilder AppendAttribute(StringBuilder text, string name, object? value) => AppendField(text, "    " + name, value switch
    {
        string single => single,
        System.Collections.IEnumerable list => $"[{string.Join(',', list.Cast<object?>())}]",
        _ => value,
    });

    private protected void AppendResource(StringBuilder text)
    {
        if (ParentProvider?.GetResource() is { } resource && resource.Attributes.Any())
        {
            text.AppendLine("Resource:");
            foreach (var (name, value) in resource.Attributes)
            {
                AppendAttribute(text, name, value);
            }
        }
    }
}
