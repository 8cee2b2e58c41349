using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Nodes;
using Grpc.Core;
using Platform.Contracts.ModelGateway.V1;

namespace Platform.Memory.AnswerRecords;

/// <summary>
/// Masks personal data in the words of a record, by the rules under which texts leave for a model (G7). Figures, SQL, keys and
/// the names of entities stay. When the rules cannot be asked the words are withheld, because a record is kept for long.
/// </summary>
internal sealed partial class RecordScreen(SafetyService.SafetyServiceClient safety, TimeProvider time, ILogger<RecordScreen> log)
{
    /// <summary>What stands for words that could not be searched for personal data.</summary>
    public const string Withheld = "[WITHHELD]";

    private const int MostTexts = 1_000;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    // What people wrote, and what may repeat it.
    private static readonly FrozenSet<string> Words =
        FrozenSet.Create(StringComparer.Ordinal, "question", "standaloneQuestion", "query", "answer", "text", "title", "mention", "suggestions", "assumptions", "missing", "wouldChange");

    public async Task<string> MaskAsync(string recordJson, CancellationToken cancellationToken)
    {
        var record = JsonNode.Parse(recordJson)!;
        List<JsonValue> found = [];
        Collect(record, false, found);
        var words = found.Take(MostTexts).ToList();
        if (words.Count == 0)
        {
            return recordJson;
        }

        var masked = await MaskAsync(words.ConvertAll(value => value.GetValue<string>()), cancellationToken);
        for (var i = 0; i < found.Count; i++)
        {
            found[i].ReplaceWith(i < masked.Count ? masked[i] : Withheld);
        }

        return record.ToJsonString();
    }

    /// <summary>One masked text for each; none when the rules cannot be asked.</summary>
    private async Task<IReadOnlyList<string>> MaskAsync(List<string> texts, CancellationToken cancellationToken)
    {
        try
        {
            MaskRequest request = new();
            request.Texts.AddRange(texts);
            var reply = await safety.MaskAsync(request, deadline: time.GetUtcNow().UtcDateTime + Limit, cancellationToken: cancellationToken);
            return reply.Texts;
        }
        catch (RpcException failure) when (!cancellationToken.IsCancellationRequested)
        {
            Log.NotScreened(log, failure.StatusCode);
            return [];
        }
    }

    private static void Collect(JsonNode? node, bool isWords, List<JsonValue> found)
    {
        switch (node)
        {
            case JsonObject properties:
                foreach (var (name, value) in properties)
                {
                    Collect(value, Words.Contains(name), found);
                }

                break;
            case JsonArray items:
                foreach (var item in items)
                {
                    Collect(item, isWords, found);
                }

                break;
            case JsonValue value when isWords && value.GetValueKind() == JsonValueKind.String:
                found.Add(value);
                break;
            default:
                break;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventName = "RecordNotScreened", Level = LogLevel.Warning, Message = "The words of an answer record are withheld: they could not be searched for personal data ({Status})")]
        public static partial void NotScreened(ILogger logger, StatusCode status);
    }
}
