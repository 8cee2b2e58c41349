using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Dapper;
using Npgsql;
using Xunit;

namespace Platform.EndToEndTests;

/// <summary>An answer without a part that is late, what is left of it when the gateway dies, and who may read how it came about.</summary>
public sealed class AnswerRecordTests(RunningPlatform platform)
{
    private const string Question = "What is the status of Delta Industries?";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Patterns_LongerAwayThanTheirBudget_AnswerComesInTimeWithoutThemAndSaysSo()
    {
        await FullAsync();
        // No other test asks about this one, so that no earlier reply stands in.
        string name;
        await using (NpgsqlConnection database = await platform.OpenDatabaseAsync())
        {
            name = (await database.ExecuteScalarAsync<string>("SELECT name FROM domain.customers WHERE organization_id = 'default' AND customer_id = 'CUS-00137'"))!;
        }

        long began;
        JsonElement answer;
        using (ServiceProcesses.Freeze(Assert.Single(ServiceProcesses.Find("Platform.PatternAnalysis.dll"))))
        {
            began = Stopwatch.GetTimestamp();
            answer = await platform.AskAsync($"What is the status of {name}?");
        }

        // The retrieval may take 5 s; all else that an answer needs, a second of a quiet machine.
        Assert.InRange(Stopwatch.GetElapsedTime(began).TotalSeconds, 4.5, 10);
        Assert.Contains("patterns", answer.GetProperty("degradation").GetProperty("missing").EnumerateArray().Select(m => m.GetString()));
        Assert.Contains(answer.GetProperty("notes").EnumerateArray(), n => n.GetProperty("code").GetString()!.StartsWith("patterns", StringComparison.Ordinal));
        Assert.Empty(answer.GetProperty("patterns").EnumerateArray());
        Assert.NotEmpty(answer.GetProperty("sources").EnumerateArray());
        await FullAsync();
    }

    [Fact]
    public async Task Gateway_KilledAfterAnAnswer_TurnAndRecordAreKept()
    {
        await FullAsync();
        string session = "killed-" + Guid.NewGuid().ToString("N");
        int gateway = Assert.Single(ServiceProcesses.Find("Platform.Gateway.dll"));

        JsonElement answer = await platform.AskAsync(Question, session);
        ServiceProcesses.Kill(gateway);

        await RunningPlatform.EventuallyAsync(
            () => Task.FromResult(ServiceProcesses.Find("Platform.Gateway.dll").Any(id => id != gateway)), Patience, "the gateway is started again");
        string id = answer.GetProperty("requestId").GetString()!;
        await RunningPlatform.EventuallyAsync(async () => (await ReadAsync($"/api/answers/{id}")).Status == HttpStatusCode.OK, Patience, "the record can be read");
        JsonElement conversation = (await ReadAsync($"/api/conversations/{session}")).Body;
        Assert.Equal(id, Assert.Single(conversation.GetProperty("recent").EnumerateArray()).GetProperty("requestId").GetString());
    }

    [Fact]
    public async Task Record_OfAnAnswer_IsThereInAFewSecondsForItsReaderOnly()
    {
        JsonElement answer = await platform.AskAsync(Question);
        string path = $"/api/answers/{answer.GetProperty("requestId").GetString()}";
        await RunningPlatform.EventuallyAsync(async () => (await ReadAsync(path)).Status == HttpStatusCode.OK, TimeSpan.FromSeconds(5), "the record can be read");

        JsonElement record = (await ReadAsync(path)).Body.GetProperty("record");
        JsonElement balance = record.GetProperty("retrieved").GetProperty("facts").EnumerateArray().SelectMany(f => f.GetProperty("facts").EnumerateArray())
            .Single(f => f.GetProperty("kind").GetString() == "open_balance");
        Assert.Contains("SELECT", balance.GetProperty("evidence").GetProperty("sql").GetString(), StringComparison.Ordinal);
        Assert.NotEmpty(balance.GetProperty("evidence").GetProperty("rowIds").EnumerateArray());
        Assert.NotEqual("", record.GetProperty("retrieved").GetProperty("patterns")[0].GetProperty("dataVersion").GetString());
        Assert.NotEmpty(record.GetProperty("response").GetProperty("gates").EnumerateArray());
        Assert.Equal(HttpStatusCode.NotFound, (await ReadAsync(path, user: "somebody")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await ReadAsync(path, organization: "elsewhere")).Status);
    }

    private async Task<(HttpStatusCode? Status, JsonElement Body)> ReadAsync(string path, string user = "e2e", string organization = "default")
    {
        using HttpClient http = platform.CreateClient(user, organization);
        try
        {
            using HttpResponseMessage response = await http.GetAsync(path, Token);
            return (response.StatusCode, JsonElement.Parse(await response.Content.ReadAsStringAsync(Token)));
        }
        catch (HttpRequestException)
        {
            return (null, default);
        }
    }

    private Task FullAsync() => RunningPlatform.EventuallyAsync(
        async () => (await platform.AskAsync(Question)).GetProperty("degradation").GetProperty("level").GetString() == "full", Patience, "answers are whole");
}
