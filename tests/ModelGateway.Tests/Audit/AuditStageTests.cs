using Grpc.Core;
using Microsoft.Extensions.Configuration;
using Npgsql;
using Platform.Contracts.ModelGateway.V1;
using Platform.ModelGateway.Audit;
using Platform.ModelGateway.Tests.Safety;
using Platform.ServiceDefaults;
using Platform.Testing;

namespace Platform.ModelGateway.Tests.Audit;

public sealed class AuditStageTests(PlatformServers servers)
{
    private const string Email = "ann.example@mail.example.com";
    private const string Key = "a-secret-of-the-tests-with-32-characters";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Calls_OfEveryKind_AreInTheLogMaskedAndTheVerifierFindsItWhole()
    {
        await using var provider = await FakeProvider.StartAsync(Token);
        provider.Reply = Echo.Answer;
        var file = Path.GetTempFileName();
        string connection;
        await using (var gateway = await RunningGateway.StartAloneAsync(
            servers, [.. RunningGateway.Provider(provider.BaseUrl), ("PLATFORM_AUDIT_KEY", Key), ("modelGateway:audit:checkpointFile", file), ("modelGateway:safety:types:iban", "block")], Token))
        {
            connection = gateway.ConnectionString;
            await gateway.Models.CompleteAsync(Ask($"Who is {Email}?"), cancellationToken: Token);
            provider.Reply = Echo.Stream;
            using var stream = gateway.Models.CompleteStream(Ask($"And {Email}?"), cancellationToken: Token);
            await foreach (var _ in stream.ResponseStream.ReadAllAsync(Token))
            {
            }

            await gateway.RefusedAsync(Ask("IBAN DE89370400440532013000"), Token);
            provider.Reply = (http, _) => Answers.Status(400)(http);
            await gateway.RefusedAsync(Ask("Hello"), Token);
            await Assert.ThrowsAsync<RpcException>(async () => await gateway.Models.EmbedAsync(new EmbedRequest { Texts = { Email } }, cancellationToken: Token));
        }

        await using var database = NpgsqlDataSource.Create(connection);
        var rows = new List<AuditRow>();
        await foreach (var row in new AuditStore(database).ReadAsync(Token))
        {
            rows.Add(row);
        }

        Assert.Equal(
            ["chat.requested", "chat.answered", "chat.requested", "chat.answered", "chat.refused", "chat.requested", "chat.failed", "embed.requested", "embed.failed"],
            rows.Select(row => row.Entry.Action));
        Assert.DoesNotContain(rows, row => row.Entry.Detail.Contains(Email, StringComparison.Ordinal) || row.Entry.Detail.Contains("DE89", StringComparison.Ordinal));
        Assert.Contains("PII_EMAIL_1_", rows[0].Entry.Detail, StringComparison.Ordinal);
        Assert.Contains("And PII_EMAIL_1_", rows[3].Entry.Detail, StringComparison.Ordinal);
        Assert.Contains("BLOCKED_CONTENT", rows[4].Entry.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain(provider.Requests, request => request.Body.GetRawText().Contains(Email, StringComparison.Ordinal));

        var (code, output) = await VerifyAsync(connection, file);
        Assert.True(code == 0, output);
        Assert.Contains("9 rows in 1 shards", output, StringComparison.Ordinal);
        await using (var change = database.CreateCommand("UPDATE app.audit SET user_id = 'x' WHERE sequence = 3"))
        {
            await change.ExecuteNonQueryAsync(Token);
        }

        (code, output) = await VerifyAsync(connection, file);
        Assert.Equal(1, code);
        Assert.Contains("row 3 was changed", output, StringComparison.Ordinal);
        File.Delete(file);
    }

    [Fact]
    public async Task Complete_LogAwayAndPolicyRefuse_SendsNothing()
    {
        await using var provider = await FakeProvider.StartAsync(Token);
        await using var gateway = await RunningGateway.StartAloneAsync(
            servers, [.. RunningGateway.Provider(provider.BaseUrl), ("modelGateway:audit:whenUnavailable", "refuse"), ("modelGateway:audit:commitTimeout", "00:00:00.5")], Token);
        await using var database = NpgsqlDataSource.Create(gateway.ConnectionString);
        await using (var rename = database.CreateCommand("ALTER TABLE app.audit RENAME TO audit_away"))
        {
            await rename.ExecuteNonQueryAsync(Token);
        }

        var error = await gateway.RefusedAsync(RunningGateway.Question, Token);

        Assert.Equal((StatusCode.Unavailable, "AUDIT_UNAVAILABLE"), (error.StatusCode, RpcErrors.Reason(error)));
        Assert.Empty(provider.Requests);
        await using var back = database.CreateCommand("ALTER TABLE app.audit_away RENAME TO audit");
        await back.ExecuteNonQueryAsync(Token);
    }

    [Fact]
    public async Task Complete_LogAwayAndPolicyQueue_IsAnswered()
    {
        await using var provider = await FakeProvider.StartAsync(Token);
        provider.Then(Answers.Ok);
        await using var gateway = await RunningGateway.StartAloneAsync(servers, RunningGateway.Provider(provider.BaseUrl), Token);
        await using var database = NpgsqlDataSource.Create(gateway.ConnectionString);
        await using (var rename = database.CreateCommand("ALTER TABLE app.audit RENAME TO audit_away"))
        {
            await rename.ExecuteNonQueryAsync(Token);
        }

        await gateway.Models.CompleteAsync(RunningGateway.Question, cancellationToken: Token);

        await using var back = database.CreateCommand("ALTER TABLE app.audit_away RENAME TO audit");
        await back.ExecuteNonQueryAsync(Token);
        await Eventually.HoldsAsync(async () =>
        {
            await using var count = database.CreateCommand("SELECT count(*) FROM app.audit");
            return (long)(await count.ExecuteScalarAsync(Token))! == 2;
        });
    }

    private static async Task<(int Code, string Output)> VerifyAsync(string connection, string checkpoints)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("PLATFORM_AUDIT_KEY", Key)]).Build();
        using var output = new StringWriter();
        var code = await AuditCommand.RunAsync([AuditCommand.Name, "--connection", connection, "--checkpoints", checkpoints], configuration, output, output, Token);
        return (code, output.ToString());
    }

    private static CompletionRequest Ask(string text) => new() { Messages = { new Message { Role = Role.User, Text = text } } };
}
