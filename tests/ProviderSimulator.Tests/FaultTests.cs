using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Platform.ProviderSimulator.Records;
using Platform.Testing;

namespace Platform.ProviderSimulator.Tests;

/// <summary>Every fault, seen by a plain HTTP client and in the simulator's own records.</summary>
public sealed class FaultTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static string Question(bool stream, string model = "sim-large") =>
        JsonSerializer.Serialize(new { model, stream, stream_options = stream ? new { include_usage = true } : null, messages = new[] { new { role = "user", content = "What does Delta owe us today?" } } });

    [Theory]
    [InlineData("status-400", 400)]
    [InlineData("status-401", 401)]
    [InlineData("status-403", 403)]
    [InlineData("status-404", 404)]
    [InlineData("status-429", 429)]
    [InlineData("status-500", 500)]
    [InlineData("status-503", 503)]
    public async Task Status_Scripted_ComesWithAnErrorBody(string behaviour, int status)
    {
        await using var simulator = await ProviderSimulatorHost.StartAsync(cancellationToken: Token);
        simulator.Script.Then(behaviour);

        var (response, body) = await AskAsync(simulator, stream: true);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(JsonValueKind.Object, JsonElement.Parse(body).GetProperty("error").ValueKind);
        Assert.Null(response.Headers.RetryAfter);
        Assert.Equal(status, (await OnlyAsync(simulator)).Status);
    }

    [Fact]
    public async Task Status_WithRetryAfter_TellsSecondsOrADate()
    {
        await using var simulator = await ProviderSimulatorHost.StartAsync(cancellationToken: Token);
        simulator.Script.Then("status-429+retry-after-7").Then("status-503+retry-date-30");

        var (seconds, _) = await AskAsync(simulator, stream: false);
        var (date, _) = await AskAsync(simulator, stream: false);

        Assert.Equal(TimeSpan.FromSeconds(7), seconds.Headers.RetryAfter!.Delta);
        Assert.NotNull(date.Headers.RetryAfter!.Date);
    }

    [Theory]
    [InlineData("reset", true)]
    [InlineData("reset", false)]
    [InlineData("close", true)]
    [InlineData("close", false)]
    public async Task Connection_EndedBeforeAnything_FailsTheRequest(string behaviour, bool stream)
    {
        await using var simulator = await ProviderSimulatorHost.StartAsync(cancellationToken: Token);
        simulator.Script.Then(behaviour, times: 5);

        await Assert.ThrowsAsync<HttpRequestException>(() => AskAsync(simulator, stream));

        var record = simulator.Requests.All[0];
        Assert.Equal((RequestEnd.BrokenOff, 0, behaviour), (record.End, record.Status, record.Did));
    }

    [Theory]
    [InlineData("cut-mid-stream+after-3")]
    [InlineData("reset-mid-stream+after-3")]
    public async Task Stream_BrokenInItsMiddle_DeliversWhatCameBefore(string behaviour)
    {
        await using var simulator = await ProviderSimulatorHost.StartAsync(cancellationToken: Token);
        simulator.Script.Then(behaviour);

        var (lines, failure) = await ReadStreamAsync(simulator);

        Assert.IsAssignableFrom<IOException>(failure);
        Assert.Equal(4, lines.Count(line => line.StartsWith("data: {", StringComparison.Ordinal)));
        Assert.DoesNotContain(lines, line => line.Contains("\"finish_reason\":\"stop\"", StringComparison.Ordinal));
        var record = await OnlyAsync(simulator);
        Assert.Equal((RequestEnd.BrokenOff, 3, 200), (record.End, record.Frames, record.Status));
        Assert.Null(record.ClientLeftAfter);
    }

    [Theory]
    [InlineData("cut-mid-stream")]
    [InlineData("reset-mid-stream")]
    public async Task Answer_NotStreamedAndCut_IsShorterThanItsLength(string behaviour)
    {
        await using var simulator = await ProviderSimulatorHost.StartAsync(cancellationToken: Token);
        simulator.Script.Then(behaviour);

        await Assert.ThrowsAnyAsync<Exception>(() => AskAsync(simulator, stream: false));
    }

    [Fact]
    public async Task EndEarly_Streamed_EndsInOrderWithoutAFinish()
    {
        await using var simulator = await ProviderSimulatorHost.StartAsync(cancellationToken: Token);
        simulator.Script.Then("end-early+after-2");

        var (lines, failure) = await ReadStreamAsync(simulator);

        Assert.Null(failure);
        Assert.DoesNotContain(lines, line => line.Contains("\"stop\"", StringComparison.Ordinal) || line == "data: [DONE]");
    }

    [Theory]
    [InlineData("hang-before-headers", true)]
    [InlineData("hang-after-headers", false)]
    [InlineData("hang-mid-stream", true)]
    [InlineData("slow-drip", true)]
    public async Task Hang_ClientGivesUp_IsRecordedAsItsLeaving(string behaviour, bool stream)
    {
        await using var simulator = await ProviderSimulatorHost.StartAsync(cancellationToken: Token);
        simulator.Script.Then(behaviour);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var asking = AskAsync(simulator, stream, patience.Token);
        await Eventually.HoldsAsync(() => simulator.Requests.All.Any(r => r.Did == behaviour));

        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);

        await Eventually.HoldsAsync(() => simulator.Requests.All[0] is { End: RequestEnd.ClientLeft, ClientLeftAfter: not null });
    }

    [Theory]
    [InlineData("garbage", "<html>")]
    [InlineData("garbage-mid-stream+after-1", "choi\n")]
    [InlineData("error-in-success", "\"error\"")]
    [InlineData("error-mid-stream+after-1", "\"error\"")]
    [InlineData("empty-body", "")]
    public async Task Success_ThatIsNone_LooksAsScripted(string behaviour, string holds)
    {
        await using var simulator = await ProviderSimulatorHost.StartAsync(cancellationToken: Token);
        simulator.Script.Then(behaviour);

        var (response, body) = await AskAsync(simulator, stream: true);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains(holds, body, StringComparison.Ordinal);
        Assert.Equal(behaviour == "empty-body", body.Length == 0);
    }

    [Fact]
    public async Task Chunks_DuplicateReorderedAndWithoutUsage_AreCountable()
    {
        await using var simulator = await ProviderSimulatorHost.StartAsync(cancellationToken: Token);
        simulator.Script.Then("duplicate-chunks").Then("reordered-chunks").Then("missing-usage").Then("missing-end-mark").Then("wrong-content-type");

        var (duplicate, _) = await ReadStreamAsync(simulator);
        var (reordered, _) = await ReadStreamAsync(simulator);
        var (noUsage, _) = await ReadStreamAsync(simulator);
        var (noEnd, _) = await ReadStreamAsync(simulator);
        var (typed, _) = await AskAsync(simulator, stream: true);

        Assert.Equal(2, duplicate.Count(Finishes));
        Assert.Equal(2, duplicate.Count(line => line.Contains("\"usage\"", StringComparison.Ordinal)));
        Assert.True(reordered.FindIndex(Finishes) < reordered.FindLastIndex(line => line.Contains("\"content\"", StringComparison.Ordinal)));
        Assert.DoesNotContain(noUsage, line => line.Contains("\"usage\"", StringComparison.Ordinal));
        Assert.DoesNotContain("data: [DONE]", noEnd);
        Assert.Single(noEnd, Finishes);
        Assert.Equal("text/html", typed.Content.Headers.ContentType!.MediaType);

        static bool Finishes(string line) => line.Contains("\"finish_reason\":\"stop\"", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task HugeLine_Asked_IsLongerThan32MegabytesWithoutABreak(bool stream)
    {
        await using var simulator = await ProviderSimulatorHost.StartAsync(cancellationToken: Token);
        simulator.Script.Then("huge-line");

        var (_, body) = await AskAsync(simulator, stream);

        Assert.True(body.IndexOf('\n', StringComparison.Ordinal) > 32 * 1024 * 1024);
    }

    [Fact]
    public async Task Addresses_RefusingAndBlackHole_NeverConnect()
    {
        await using var simulator = await ProviderSimulatorHost.StartAsync(cancellationToken: Token);
        using var http = new HttpClient();

        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync(simulator.RefusingUrl, Token));
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Token);
        patience.CancelAfter(TimeSpan.FromMilliseconds(300));

        Assert.Equal(SocketError.ConnectionRefused, (refused.InnerException as SocketException)?.SocketErrorCode);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => http.GetAsync(simulator.BlackHoleUrl, patience.Token));
    }

    private static async Task<(HttpResponseMessage Response, string Body)> AskAsync(ProviderSimulatorHost simulator, bool stream, CancellationToken? token = null)
    {
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 1 });
        using var content = new StringContent(Question(stream), Encoding.UTF8, "application/json");
        var response = await http.PostAsync($"{simulator.OpenAiUrl}/chat/completions", content, token ?? Token);
        return (response, await response.Content.ReadAsStringAsync(token ?? Token));
    }

    private static async Task<(List<string> Lines, Exception? Failure)> ReadStreamAsync(ProviderSimulatorHost simulator)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{simulator.OpenAiUrl}/chat/completions") { Content = new StringContent(Question(stream: true), Encoding.UTF8, "application/json") };
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Token));
        var lines = new List<string>();
        try
        {
            while (await reader.ReadLineAsync(Token) is { } line)
            {
                lines.Add(line);
            }

            return (lines, null);
        }
        catch (IOException broken)
        {
            return (lines, broken);
        }
    }

    private static async Task<RequestRecord> OnlyAsync(ProviderSimulatorHost simulator)
    {
        await Eventually.HoldsAsync(() => simulator.Requests.Running == 0);
        return Assert.Single(simulator.Requests.All);
    }
}
