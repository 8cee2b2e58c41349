using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using Npgsql;
using Xunit;

namespace Platform.EndToEndTests;

/// <summary>Names through the whole system: a choice is remembered and taken back, a rename is known at once.</summary>
public sealed class NameTests(RunningPlatform platform)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Choice_OfAnAmbiguousName_IsAttributedAliasUntilDeleted()
    {
        const string Question = "How much does Delta owe us?";
        string session = $"names-{Guid.NewGuid():n}";
        JsonElement asked = await platform.AskAsync(Question, session, "chooser");
        JsonElement candidate = asked.GetProperty("disambiguation").GetProperty("candidates")[1];
        string city = candidate.GetProperty("distinguishing").GetProperty("city").GetString()!.Split(',')[0];

        JsonElement settled = await platform.AskAsync($"the one in {city}", session, "chooser");

        JsonElement entity = settled.GetProperty("entities")[0];
        Assert.Equal(candidate.GetProperty("id").GetString(), entity.GetProperty("id").GetString());
        string aliasId = entity.GetProperty("aliasId").GetString()!;
        using HttpClient http = platform.CreateClient("chooser");
        JsonElement alias = await http.GetFromJsonAsync<JsonElement>($"/api/entities/aliases/{aliasId}", Token);
        Assert.Equal(("Delta", "choice", "chooser"), (alias.GetProperty("alias").GetString(), alias.GetProperty("origin").GetString(), alias.GetProperty("createdBy").GetString()));
        Assert.Equal(settled.GetProperty("requestId").GetString(), alias.GetProperty("requestId").GetString());

        Assert.Equal(HttpStatusCode.NoContent, (await http.DeleteAsync($"/api/entities/aliases/{aliasId}", Token)).StatusCode);
        Assert.Equal("disambiguation", (await platform.AskAsync(Question)).GetProperty("intent").GetString());
    }

    [Fact]
    public async Task Rename_InSql_IsAnsweredWithinTwoSeconds()
    {
        await using NpgsqlConnection database = await platform.OpenDatabaseAsync();
        (string Id, string Name) customer = await database.QuerySingleAsync<(string, string)>(
            "SELECT customer_id, name FROM domain.customers WHERE organization_id = 'default' ORDER BY customer_id DESC LIMIT 1");
        using HttpClient http = platform.CreateClient();
        await ResolvesToAsync(http, customer.Name, customer.Id);
        try
        {
            await database.ExecuteAsync("UPDATE domain.customers SET name = 'Zephyr Harbour Works' WHERE organization_id = 'default' AND customer_id = @Id", new { customer.Id });
            long committed = Stopwatch.GetTimestamp();
            await RunningPlatform.EventuallyAsync(async () => await ResolveAsync(http, "zephyr harbour works balance") == ("exact", customer.Id), TimeSpan.FromSeconds(10), "the new name is known");
            Assert.InRange(Stopwatch.GetElapsedTime(committed), TimeSpan.Zero, TimeSpan.FromSeconds(2));
        }
        finally
        {
            await database.ExecuteAsync("UPDATE domain.customers SET name = @Name WHERE organization_id = 'default' AND customer_id = @Id", new { customer.Id, customer.Name });
        }
    }

    [Fact]
    public async Task ResolveBatch_TextsInOrder_OrTheFieldThatIsWrong()
    {
        using HttpClient http = platform.CreateClient();
        using HttpResponseMessage good = await http.PostAsJsonAsync("/api/entities/resolve-batch", new { texts = new[] { "Delta Industries' balance", "hello" } }, Token);
        JsonElement answers = await good.Content.ReadFromJsonAsync<JsonElement>(Token);
        Assert.Equal(2, answers.GetArrayLength());
        Assert.Equal("matched", answers[0].GetProperty("mentions")[0].GetProperty("outcome").GetString());
        Assert.Equal(0, answers[1].GetProperty("mentions").GetArrayLength());

        using HttpResponseMessage bad = await http.PostAsJsonAsync("/api/entities/resolve-batch", new { texts = Enumerable.Repeat("hello", 101) }, Token);
        Assert.Equal(HttpStatusCode.BadRequest, bad.StatusCode);
        Assert.Contains("100", (await bad.Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("errors").GetProperty("texts")[0].GetString(), StringComparison.Ordinal);
    }

    private static Task ResolvesToAsync(HttpClient http, string name, string id) =>
        RunningPlatform.EventuallyAsync(async () => (await ResolveAsync(http, $"status of \"{name}\"")).Id == id, TimeSpan.FromSeconds(10), $"{name} is known");

    private static async Task<(string? MatchType, string? Id)> ResolveAsync(HttpClient http, string text)
    {
        using HttpResponseMessage response = await http.PostAsJsonAsync("/api/entities/resolve", new { text }, Token);
        JsonElement mentions = (await response.Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("mentions");
        return mentions.GetArrayLength() == 0 || !mentions[0].TryGetProperty("candidates", out JsonElement candidates) || candidates.GetArrayLength() == 0
            ? (null, null)
            : (candidates[0].GetProperty("matchType").GetString(), candidates[0].GetProperty("id").GetString());
    }
}
