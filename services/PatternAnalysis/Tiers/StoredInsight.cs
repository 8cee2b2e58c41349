using Google.Protobuf;
using Platform.Contracts.PatternAnalysis.V1;

namespace Platform.PatternAnalysis.Tiers;

/// <summary>Insights and outcomes as JSON for app.customer_patterns. PostgreSQL reorders the keys of jsonb, so the checksum is taken over the message in one canonical order.</summary>
internal static class StoredInsight
{
    private static readonly JsonFormatter Formatter = new(JsonFormatter.Settings.Default.WithPreserveProtoFieldNames(true));
    private static readonly JsonParser Parser = new(JsonParser.Settings.Default.WithIgnoreUnknownFields(false));

    public static string ToJson(IMessage message) => Formatter.Format(message);

    public static byte[] Checksum(PatternKey key, Insight insight) => PatternChecksum.Of(key, Canonical(insight).ToByteArray());

    public static T? TryParse<T>(string json)
        where T : class, IMessage, new()
    {
        try
        {
            return Parser.Parse<T>(json);
        }
        catch (Exception exception) when (exception is InvalidProtocolBufferException or FormatException or OverflowException)
        {
            return null;
        }
    }

    public static Insight Canonical(Insight insight)
    {
        var copy = insight.Clone();
        copy.Figures.Clear();
        foreach (var (name, value) in insight.Figures.OrderBy(figure => figure.Key, StringComparer.Ordinal))
        {
            copy.Figures.Add(name, value);
        }

        return copy;
    }
}
