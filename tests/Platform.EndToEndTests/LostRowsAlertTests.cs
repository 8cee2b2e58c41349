using System.Globalization;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using Aspire.Hosting.Testing;
using Dapper;
using Npgsql;
using Xunit;

namespace Platform.EndToEndTests;

/// <summary>Alerts about rows that cannot be kept, were tampered with, or may not be paid fire when that happens once.</summary>
[Collection(PlatformWithModels.Collection)]
public sealed class LostRowsAlertTests(PlatformWithModels with)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    // Calls that wait for the limit of the model need not end; whether a budget refuses is known once the call before has ended.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongPatience = TimeSpan.FromSeconds(10);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Alerts_RowsAreRefusedTamperedWithOrPoison_Fire()
    {
        Assert.SkipUnless(AlertDrill.IsPossible, "Alerts are tried with a real Prometheus: apt-get install prometheus.");
        await with.RecoverAsync();
        await CallAsync(1, "default", Patience);
        using PrometheusProcess prometheus = AlertDrill.Start(with);
        await AlertDrill.EveryProcessIsScrapedAsync(prometheus);
        Assert.DoesNotContain(await AlertDrill.FiringAsync(prometheus), name => name is "AuditChainBroken" or "UsageRowsLost" or "InteractionsQuarantined" or "SpendBudgetRefuses");
        await using NpgsqlConnection database = await with.Platform.OpenDatabaseAsync();
        await PoisonAsync();
        await database.ExecuteAsync("ALTER TABLE app.usage ADD CONSTRAINT drill CHECK (organization_id <> 'refused') NOT VALID");
        (int shard, long sequence) = await database.QuerySingleAsync<(int, long)>("SELECT shard, sequence FROM app.audit ORDER BY shard, sequence LIMIT 1");
        try
        {
            await database.ExecuteAsync("UPDATE app.audit SET user_id = user_id || 'x' WHERE shard = @shard AND sequence = @sequence", new { shard, sequence });
            await CallAsync(1, "refused", LongPatience);
            await AlertDrill.FiringAsync(
                prometheus, Limit, () => CallAsync(2, PlatformWithModels.Spender, LongPatience), "InteractionsQuarantined", "UsageRowsLost", "AuditChainBroken", "SpendBudgetRefuses");
        }
        finally
        {
            await database.ExecuteAsync("ALTER TABLE app.usage DROP CONSTRAINT drill");
            await database.ExecuteAsync("UPDATE app.audit SET user_id = left(user_id, -1) WHERE shard = @shard AND sequence = @sequence", new { shard, sequence });
        }

        await RunningPlatform.EventuallyAsync(
            async () => !(await AlertDrill.FiringAsync(prometheus)).Contains("AuditChainBroken"), Limit, "an alert ends when the log is whole again");
    }

    [Fact]
    public async Task Alerts_TablesAreLocked_Fire()
    {
        Assert.SkipUnless(AlertDrill.IsPossible, "Alerts are tried with a real Prometheus: apt-get install prometheus.");
        using PrometheusProcess prometheus = AlertDrill.Start(with);
        await AlertDrill.EveryProcessIsScrapedAsync(prometheus);
        await using NpgsqlConnection database = await with.Platform.OpenDatabaseAsync();
        await using (NpgsqlTransaction locked = await database.BeginTransactionAsync(Token))
        {
            await database.ExecuteAsync("LOCK TABLE app.audit, app.interactions IN ACCESS EXCLUSIVE MODE");
            await with.Platform.AskAsync("What is the status of Delta Industries?", user: "waiting");
            await CallAsync(3 * PlatformWithModels.WaitingAuditRows, "default", Patience);
            await AlertDrill.FiringAsync(prometheus, Limit, () => Task.CompletedTask, "InteractionQueueLag", "AuditRowsLost");
        }

        await RunningPlatform.EventuallyAsync(
            async () => !(await AlertDrill.FiringAsync(prometheus)).Contains("InteractionQueueLag"), Limit, "an alert ends when its cause does");
    }

    /// <summary>Calls of the moderation model, which no other test needs; each is in the audit log, however it ends.</summary>
    private async Task CallAsync(int calls, string organization, TimeSpan patienceOfEach)
    {
        using HttpClient gateway = with.Platform.App.CreateHttpClient("model-gateway", "http");
        await Parallel.ForAsync(0, calls, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Token }, async (_, cancellationToken) =>
        {
            using HttpRequestMessage request = new(HttpMethod.Post, "/v1/moderations") { Content = JsonContent.Create(new { input = "hello" }) };
            request.Headers.Add("x-organization-id", organization);
            using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            patience.CancelAfter(patienceOfEach);
            try
            {
                using HttpResponseMessage response = await gateway.SendAsync(request, patience.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // It waits for the limit of the model; its row is written.
            }
        });
    }

    /// <summary>Puts an entry into the queue that nobody can record.</summary>
    private async Task PoisonAsync()
    {
        string redis = await with.Platform.App.GetConnectionStringAsync("redis", Token) ?? "";
        string[] address = redis.Split(',')[0].Split(':');
        string? password = redis.Split(',').Select(part => part.Split('=', 2)).FirstOrDefault(part => part[0] == "password")?[1];
        using TcpClient client = new();
        await client.ConnectAsync(address[0], int.Parse(address[1], CultureInfo.InvariantCulture), Token);
        await using NetworkStream stream = client.GetStream();
        string commands = (password is null ? "" : $"AUTH {password}\r\n") + "XADD platform:interactions * organization default data poison\r\nPING\r\n";
        await stream.WriteAsync(Encoding.UTF8.GetBytes(commands), Token);
        byte[] reply = new byte[4096];
        StringBuilder said = new();
        while (!said.ToString().Contains("+PONG", StringComparison.Ordinal))
        {
            int read = await stream.ReadAsync(reply, Token).AsTask().WaitAsync(TimeSpan.FromSeconds(5), Token);
            said.Append(Encoding.UTF8.GetString(reply, 0, read));
        }

        Assert.DoesNotContain("-", said.ToString().Split("\r\n").Where(line => line.StartsWith('-')));
    }
}
