using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Xunit;

namespace Platform.Gateway.Tests;

/// <summary>The real gateway in front of a <see cref="FakePlatform"/>.</summary>
internal sealed class GatewayHost(FakePlatform platform, params (string Key, string Value)[] settings) : WebApplicationFactory<Program>
{
    // Nothing listens on port 1 of loopback.
    public const string Nowhere = "http://127.0.0.1:1";

    private static readonly string[] Dependencies =
        ["entity-resolution", "memory", "pattern-analysis", "data-questions", "context-synthesis", "response-generation", "model-gateway"];

    /// <summary>A setting that makes one service refuse connections.</summary>
    public static (string, string) Away(string service) => ($"services:{service}:grpc:0", Nowhere);

    public async Task<(HttpResponseMessage Response, JsonElement Body)> AskAsync(object question, string user = "tester")
    {
        using HttpClient http = CreateClient();
        using HttpRequestMessage request = new(HttpMethod.Post, "/api/chat") { Content = JsonContent.Create(question) };
        request.Headers.Add("x-user-id", user);
        HttpResponseMessage response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return (response, await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken));
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Testing");
        foreach (string service in Dependencies)
        {
            builder.UseSetting($"services:{service}:grpc:0", platform.Address);
        }

        // Limits are for slow services, not for a busy build machine; a test that is about a limit sets its own.
        foreach (string limit in (string[])["conversation", "resolution", "understanding", "synthesis"])
        {
            builder.UseSetting("gateway:chat:" + limit, "00:00:10");
        }

        builder.UseSetting("gateway:chat:warmUp", "00:00:00");
        builder.UseSetting("ConnectionStrings:redis", "127.0.0.1:1,connectTimeout=200");
        foreach ((string key, string value) in settings)
        {
            builder.UseSetting(key, value);
        }
    }
}
