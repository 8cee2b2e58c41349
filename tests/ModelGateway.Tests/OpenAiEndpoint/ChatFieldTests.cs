using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Platform.ModelGateway.Tests.OpenAiEndpoint;

/// <summary>Every field of a chat request is kept or refused by name.</summary>
public sealed class ChatFieldTests(SharedGatewayOverSimulator shared) : IClassFixture<SharedGatewayOverSimulator>
{
    private const string Messages = "\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]";
    private const string Tools = """ "tools":[{"type":"function","function":{"name":"balance","strict":true,"parameters":{"type":"object"}}},{"type":"function","function":{"name":"orders"}}] """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("""{"model":"primary","messages":[]}""", 400, "messages")]
    [InlineData($$"""{{{Messages}}}""", 400, "model")]
    [InlineData($$"""{"model":"primary","n":2,{{Messages}}}""", 400, "n")]
    [InlineData($$"""{"model":"primary","logprobs":true,{{Messages}}}""", 400, "logprobs")]
    [InlineData($$"""{"model":"primary","top_logprobs":2,{{Messages}}}""", 400, "top_logprobs")]
    [InlineData($$"""{"model":"primary","store":true,{{Messages}}}""", 400, "store")]
    [InlineData($$"""{"model":"primary","logit_bias":{"50256":-100},{{Messages}}}""", 400, "logit_bias")]
    [InlineData($$"""{"model":"primary","service_tier":"flex",{{Messages}}}""", 400, "service_tier")]
    [InlineData($$"""{"model":"primary","modalities":["text","audio"],{{Messages}}}""", 400, "modalities")]
    [InlineData($$"""{"model":"primary","functions":[],{{Messages}}}""", 400, "functions")]
    [InlineData($$"""{"model":"primary","top_k":5,{{Messages}}}""", 400, "top_k")]
    [InlineData($$"""{"model":"primary","stream":true,"stream_options":{"include_everything":true},{{Messages}}}""", 400, "stream_options.include_everything")]
    [InlineData($$"""{"model":"primary","temperature":3,{{Messages}}}""", 400, "temperature")]
    [InlineData($$"""{"model":"primary","top_p":1.5,{{Messages}}}""", 400, "top_p")]
    [InlineData($$"""{"model":"primary","presence_penalty":-3,{{Messages}}}""", 400, "presence_penalty")]
    [InlineData($$"""{"model":"primary","seed":1.5,{{Messages}}}""", 400, "seed")]
    [InlineData($$"""{"model":"primary","reasoning_effort":"much",{{Messages}}}""", 400, "reasoning_effort")]
    [InlineData($$"""{"model":"primary","tool_choice":"required",{{Messages}}}""", 400, "tool_choice")]
    [InlineData($$$"""{"model":"primary","tool_choice":{"type":"function","function":{"name":"unknown"}},{{{Tools}}},{{{Messages}}}}""", 400, "tool_choice")]
    [InlineData($$"""{"model":"primary","parallel_tool_calls":false,{{Messages}}}""", 400, "parallel_tool_calls")]
    [InlineData($$"""{"model":"primary","max_tokens":"many",{{Messages}}}""", 400, "max_tokens")]
    [InlineData("""{"model":"primary","messages":[{"role":"robot","content":"x"}]}""", 400, "messages[0].role")]
    [InlineData("""{"model":"primary","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"http://x"}}]}]}""", 400, "messages[0].content")]
    [InlineData($$"""{"model":"primary","response_format":{"type":"xml"},{{Messages}}}""", 400, "response_format")]
    [InlineData($$"""{"model":"gpt-9",{{Messages}}}""", 404, "model")]
    [InlineData("""["model"]""", 400, "body")]
    [InlineData("""{"model":""", 400, "body")]
    public async Task Chat_NotServable_NamesTheFieldInOpenAisShape(string body, int status, string parameter)
    {
        var before = shared.Over.Simulator.Requests.All.Count;

        var (answered, answer) = await PostAsync(body);

        var error = answer.GetProperty("error");
        Assert.Equal((status, parameter), (answered, error.GetProperty("param").GetString()));
        Assert.Equal("invalid_request_error", error.GetProperty("type").GetString());
        Assert.True(error.GetProperty("message").GetString()!.Length > 10);
        Assert.Equal(before, shared.Over.Simulator.Requests.All.Count);
    }

    [Theory]
    [InlineData("\"top_p\":0.5", "top_p", "0.5")]
    [InlineData("\"frequency_penalty\":-0.25", "frequency_penalty", "-0.25")]
    [InlineData("\"presence_penalty\":1.5", "presence_penalty", "1.5")]
    [InlineData("\"seed\":9007199254740993", "seed", "9007199254740993")]
    [InlineData("\"stop\":[\"END\",\"---\"]", "stop", """["END","---"]""")]
    [InlineData("\"reasoning_effort\":\"low\"", "reasoning_effort", "\"low\"")]
    [InlineData($"\"tool_choice\":\"none\",{Tools}", "tool_choice", "\"none\"")]
    [InlineData($"\"tool_choice\":\"required\",{Tools}", "tool_choice", "\"required\"")]
    [InlineData($"\"tool_choice\":{{\"type\":\"function\",\"function\":{{\"name\":\"orders\"}}}},{Tools}", "tool_choice", """{"type":"function","function":{"name":"orders"}}""")]
    [InlineData($"\"parallel_tool_calls\":false,{Tools}", "parallel_tool_calls", "false")]
    [InlineData("\"n\":1,\"logprobs\":false,\"store\":false,\"logit_bias\":{},\"service_tier\":\"auto\",\"top_p\":null", "top_p", "")]
    public async Task Chat_Setting_ReachesTheProvider(string field, string sent, string value)
    {
        var (status, answer) = await PostAsync($$"""{"model":"primary",{{field}},{{Messages}}}""");

        Assert.True(status == 200, answer.GetRawText());
        var asked = Asked();
        Assert.Equal(value, asked.TryGetProperty(sent, out var found) ? found.GetRawText() : "");
        Assert.Equal(sent != "top_p" || value.Length == 0, asked.TryGetProperty("temperature", out _));
    }

    [Fact]
    public async Task Chat_SchemaAndTool_KeepNameDescriptionAndStrictness()
    {
        var format = """ "response_format":{"type":"json_schema","json_schema":{"name":"owed","description":"What is owed.","strict":true,"schema":{"type":"object","properties":{"amount":{"type":"number"}}}}} """;

        var (status, answer) = await PostAsync($$"""{"model":"primary",{{format}},{{Tools}},{{Messages}}}""");

        Assert.True(status == 200, answer.GetRawText());
        var asked = Asked();
        var schema = asked.GetProperty("response_format").GetProperty("json_schema");
        Assert.Equal(("owed", "What is owed.", true), (schema.GetProperty("name").GetString(), schema.GetProperty("description").GetString(), schema.GetProperty("strict").GetBoolean()));
        Assert.True(asked.GetProperty("tools")[0].GetProperty("function").GetProperty("strict").GetBoolean());
        Assert.False(asked.GetProperty("tools")[1].GetProperty("function").TryGetProperty("strict", out _));
    }

    [Fact]
    public async Task Chat_User_ReachesTheProviderAsAHashOnly()
    {
        await PostAsync($$"""{"model":"primary","user":"jane.miller@example.com",{{Messages}}}""");
        var first = Asked().GetProperty("user").GetString()!;
        await PostAsync($$"""{"model":"primary","user":"jane.miller@example.com",{{Messages}}}""");
        var again = Asked().GetProperty("user").GetString()!;
        await PostAsync($$"""{"model":"primary","user":"john.miller@example.com",{{Messages}}}""");

        Assert.Matches("^[0-9a-f]{32}$", first);
        Assert.Equal(first, again);
        Assert.NotEqual(first, Asked().GetProperty("user").GetString());
    }

    private JsonElement Asked() => shared.Over.Simulator.Requests.All[^1].Body!.Value;

    private async Task<(int Status, JsonElement Answer)> PostAsync(string body)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{shared.Over.Gateway.OpenAiUrl}/chat/completions") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "any");
        using var response = await http.SendAsync(request, Token);
        return ((int)response.StatusCode, JsonElement.Parse(await response.Content.ReadAsStringAsync(Token)));
    }
}
