using System.Text.Json;
using System.Text.Json.Serialization;

namespace Platform.Gateway.Answers;

/// <summary>JSON of answer records: as the answers themselves.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AnswerRecordView))]
[JsonSerializable(typeof(AnswerView))]
[JsonSerializable(typeof(ReplayView))]
internal sealed partial class AnswersJson : JsonSerializerContext;
