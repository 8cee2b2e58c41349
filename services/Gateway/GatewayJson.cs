using System.Text.Json;
using System.Text.Json.Serialization;
using Platform.Gateway.Answers;
using Platform.Gateway.Contexts;
using Platform.Gateway.Entities;
using Platform.Gateway.Operations;

namespace Platform.Gateway;

/// <summary>JSON bodies of the endpoints other than chat.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, NumberHandling = JsonNumberHandling.Strict)]
[JsonSerializable(typeof(AliasRequest))]
[JsonSerializable(typeof(FeedbackRequest))]
[JsonSerializable(typeof(ResolutionRequest))]
[JsonSerializable(typeof(ResolutionBatchRequest))]
[JsonSerializable(typeof(ContextRequest))]
[JsonSerializable(typeof(ContextQuery))]
[JsonSerializable(typeof(BreakerRequest))]
internal sealed partial class GatewayJson : JsonSerializerContext;
