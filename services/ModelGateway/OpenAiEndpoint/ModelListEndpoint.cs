using System.Text.Json;

namespace Platform.ModelGateway.OpenAiEndpoint;

/// <summary><c>GET /v1/models</c> and <c>GET /v1/models/{model}</c>.</summary>
internal sealed class ModelListEndpoint(EndpointModels models)
{
    internal async Task ListAsync(HttpContext http)
    {
        http.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(http.Response.BodyWriter);
        json.WriteStartObject();
        json.WriteString("object", "list");
        json.WriteStartArray("data");
        foreach (var (name, owner) in models.All())
        {
            Write(json, name, owner);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        await json.FlushAsync(http.RequestAborted);
    }

    internal async Task OneAsync(HttpContext http)
    {
        var wanted = http.GetRouteValue("model") as string ?? "";
        var (name, owner) = models.All().FirstOrDefault(model => string.Equals(model.Name, wanted, StringComparison.OrdinalIgnoreCase));
        if (name is null)
        {
            throw models.Unknown(wanted);
        }

        http.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(http.Response.BodyWriter);
        Write(json, name, owner);
        await json.FlushAsync(http.RequestAborted);
    }

    private static void Write(Utf8JsonWriter json, string name, string owner)
    {
        json.WriteStartObject();
        json.WriteString("id", name);
        json.WriteString("object", "model");
        json.WriteNumber("created", 0);
        json.WriteString("owned_by", owner);
        json.WriteEndObject();
    }
}
