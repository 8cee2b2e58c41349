using System.Text;
using Google.Protobuf;
using Platform.Contracts.PatternAnalysis.V1;

namespace Platform.PatternAnalysis.Tiers;

/// <summary>A row of app.customer_patterns: an insight, to be searched, or, with a payload, all patterns of the customer, to be served.</summary>
internal sealed record PatternRow(
    string CustomerId, string Type, double Confidence, double Significance, string Insight, string Data, string Recommendation, string DataVersion, byte[] Checksum, byte[]? Payload)
{
    public const string OutcomesType = "_outcomes";

    /// <summary>Checksum of the row that is served.</summary>
    public static byte[] ServedChecksum(PatternKey key, byte[] payload, string snapshot) => PatternChecksum.Of(key, payload, Encoding.UTF8.GetBytes(snapshot));

    /// <summary>The rows of one customer.</summary>
    /// <param name="key">Whose.</param>
    /// <param name="patterns">What was found.</param>
    /// <param name="snapshot">State of the data that it was made from.</param>
    public static PatternRow[] Of(PatternKey key, CustomerPatterns patterns, string snapshot)
    {
        var rows = new PatternRow[patterns.Insights.Count + 1];
        var payload = patterns.ToByteArray();
        rows[0] = new PatternRow(key.CustomerId, OutcomesType, 1, 0, "", "{}", "", patterns.DataVersion, ServedChecksum(key, payload, snapshot), payload);
        for (var i = 1; i < rows.Length; i++)
        {
            var insight = patterns.Insights[i - 1];
            rows[i] = new PatternRow(
                key.CustomerId, insight.Type, insight.Confidence, insight.Significance, insight.Text, StoredInsight.ToJson(insight), insight.Recommendation, patterns.DataVersion,
                StoredInsight.Checksum(key, insight), null);
        }

        return rows;
    }
}
