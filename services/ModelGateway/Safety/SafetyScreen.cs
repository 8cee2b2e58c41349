using System.Text;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Platform.ModelGateway.Providers;
using Platform.ModelGateway.Safety.Placeholders;
using Platform.ModelGateway.Telemetry;
using Platform.ServiceDefaults;

namespace Platform.ModelGateway.Safety;

/// <summary>
/// Applies an organization's modes to texts. It fails closed: when the search breaks or takes too long, nothing leaves.
/// </summary>
internal sealed partial class SafetyScreen(PiiDetector detector, IOptionsMonitor<ModelGatewayOptions> options, ModelGatewayMetrics metrics, ILogger<SafetyScreen> logger)
{
    internal bool Enabled => options.CurrentValue.Safety.Enabled;

    /// <summary>The text as it may leave.</summary>
    /// <param name="organization">Whose modes count.</param>
    /// <param name="text">The text.</param>
    /// <param name="placeholders">Takes the values that are put back later; without it placeholders become masks.</param>
    /// <exception cref="RpcException">The text holds what must not leave (BLOCKED_CONTENT), or could not be searched (SAFETY_UNAVAILABLE).</exception>
    internal string Apply(string organization, string text, PlaceholderSet? placeholders)
    {
        var configured = options.CurrentValue.Safety;
        if (!configured.Enabled || text.Length == 0)
        {
            return text;
        }

        SortedSet<string>? blocked = null;
        var safe = Replace(text, Search(text, configured.Timeout), span =>
        {
            var mode = configured.Mode(organization, span.Type);
            metrics.PersonalDataFound(span.Type.Name(), mode.ToString());
            switch (mode)
            {
                case SafetyMode.Allow:
                    return null;
                case SafetyMode.Block:
                    (blocked ??= new SortedSet<string>(StringComparer.Ordinal)).Add(span.Type.Name());
                    return Mask(span.Type);
                case SafetyMode.Placeholder when placeholders is not null:
                    return placeholders.Of(span.Type, text.Substring(span.Start, span.Length));
                default:
                    return Mask(span.Type);
            }
        });
        return blocked is null ? safe : throw Blocked(blocked);
    }

    /// <summary>The text with every find masked that this organization does not allow: for what is kept, whatever the mode.</summary>
    internal string Masked(string organization, string text)
    {
        var configured = options.CurrentValue.Safety;
        return text.Length == 0 ? text : Replace(
            text, Search(text, configured.Timeout), span => configured.Mode(organization, span.Type) == SafetyMode.Allow ? null : Mask(span.Type));
    }

    private List<PiiSpan> Search(string text, TimeSpan limit)
    {
        try
        {
            return detector.Find(text, limit);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // Which exception it was may tell what the text was: only its type is kept.
            Log.SearchFailed(logger, error.GetType().Name, text.Length);
            metrics.SafetyFailed();
            throw RpcErrors.Unavailable("SAFETY_UNAVAILABLE", "The text could not be searched for personal data, so it was not sent to a model.");
        }
    }

    private static string Mask(PiiType type) => $"[{type.Name().ToUpperInvariant()}]";

    private static RpcException Blocked(IEnumerable<string> types) => RpcErrors.FailedPrecondition(
        "BLOCKED_CONTENT", $"The text holds personal data that must not be sent to a model: {string.Join(", ", types)}. Remove it, or allow it under {SafetyOptions.Section}.");

    private static string Replace(string text, List<PiiSpan> spans, Func<PiiSpan, string?> replacement)
    {
        if (spans.Count == 0)
        {
            return text;
        }

        var replaced = new StringBuilder(text.Length);
        var position = 0;
        foreach (var span in spans)
        {
            if (replacement(span) is { } instead)
            {
                replaced.Append(text, position, span.Start - position).Append(instead);
                position = span.End;
            }
        }

        return replaced.Append(text, position, text.Length - position).ToString();
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, EventName = "SafetySearchFailed", Level = LogLevel.Error, Message = "A text of {Length} characters could not be searched for personal data ({Error}); the call was refused")]
        internal static partial void SearchFailed(ILogger logger, string error, int length);
    }
}
