using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Platform.ModelGateway.Tests.Safety;

/// <summary>Providers that repeat what the user wrote.</summary>
internal static class Echo
{
    internal static Func<HttpContext, string, Task> AnswerText => async (http, text) => await Answers.Json(JsonSerializer.Serialize(new
    {
        choices = new[]
        {
            new
            {
                message = new
                {
                    content = text,
                    tool_calls = new[] { new { id = "t1", type = "function", function = new { name = "repeat", arguments = JsonSerializer.Serialize(new { text }) } } },
                },
                finish_reason = "stop",
            },
        },
    }))(http);

    internal static Func<HttpContext, JsonElement, Task> Answer => (http, body) => AnswerText(http, UserText(body));

    /// <summary>In pieces of three characters.</summary>
    internal static Func<HttpContext, JsonElement, Task> Stream => (http, body) => Answers.Stream([
        .. UserText(body).Chunk(3).Select(piece => JsonSerializer.Serialize(new { choices = new[] { new { index = 0, delta = new { content = new string(piece) } } } })),
        """{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""",
        "[DONE]"])(http);

    private static string UserText(JsonElement body) =>
        body.GetProperty("messages").EnumerateArray().Last(message => message.GetProperty("role").GetString() == "user").GetProperty("content").GetString()!;
}
