using Npgsql;
using Platform.ModelGateway.Audit;
using Platform.Testing;

namespace Platform.ModelGateway.Tests.Audit;

/// <summary>Someone who may do anything in the database, but has neither the key nor the checkpoints: seven ways, a hundred places each.</summary>
public sealed class AuditTamperingTests(PlatformServers servers)
{
    private const int Rows = 200;
    private const int Places = 100;
    private static readonly AuditKey Forger = AuditKey.Of("a-key-that-the-forger-made-up-himself-000");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("modify")]
    [InlineData("delete")]
    [InlineData("insert")]
    [InlineData("reorder")]
    [InlineData("truncate")]
    [InlineData("swap")]
    [InlineData("re-sign")]
    public async Task Verify_TamperedAtAnyPlace_IsFound(string way)
    {
        await using var database = await AuditDatabase.CreateAsync(servers, Token);
        var checkpoints = await FillAsync(database);
        Assert.Empty((await database.VerifyAsync(checkpoints, Token)).Problems);
        var random = new Random(way.GetHashCode(StringComparison.Ordinal) ^ 17);
        var places = Enumerable.Range(0, Places).Select(place => way == "truncate" ? place + 1 : random.Next(1, Rows)).ToArray();
        await using var connection = await database.Source.OpenConnectionAsync(Token);
        foreach (var place in places)
        {
            await using var transaction = await connection.BeginTransactionAsync(Token);
            await TamperAsync(connection, way, place, random);

            var report = await AuditVerifier.VerifyAsync(AuditStore.ReadAsync(connection, Token), [AuditDatabase.Key], checkpoints, Token);

            Assert.True(report.Problems.Count > 0, $"{way} at {place} was not found");
            await transaction.RollbackAsync(Token);
        }
    }

    [Fact]
    public async Task Verify_ForgedCheckpoint_IsFound()
    {
        await using var database = await AuditDatabase.CreateAsync(servers, Token);
        var checkpoints = await FillAsync(database);

        var report = await database.VerifyAsync([checkpoints[^1] with { Sequence = checkpoints[^1].Sequence - 1 }], Token);

        Assert.Contains(report.Problems, problem => problem.Contains("checkpoint", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Verify_WholeLogReplacedByAnUnsignedOne_IsFound()
    {
        await using var database = await AuditDatabase.CreateAsync(servers, Token);
        await FillAsync(database, AuditKey.None);

        var report = await database.VerifyAsync([], Token);

        Assert.Contains(report.Problems, problem => problem.Contains("is not signed", StringComparison.Ordinal));
    }

    private static async Task<List<AuditCheckpoint>> FillAsync(AuditDatabase database, AuditKey? key = null)
    {
        var signed = key ?? AuditDatabase.Key;
        var chain = new AuditChain(database.Store, signed, shards: 1, firstShard: 0);
        var checkpoints = new List<AuditCheckpoint>();
        foreach (var entries in Enumerable.Range(1, Rows).Select(AuditDatabase.Entry).Chunk(50))
        {
            checkpoints.Add(AuditCheckpoint.Of(await chain.AppendAsync(entries, Token), TimeProvider.System.GetUtcNow(), signed));
        }

        return checkpoints;
    }

    private static Task TamperAsync(NpgsqlConnection connection, string way, int place, Random random) => way switch
    {
        "modify" => ExecuteAsync(connection, $"UPDATE app.audit SET {Change(random)} WHERE sequence = {place}"),
        "delete" => ExecuteAsync(connection, $"DELETE FROM app.audit WHERE sequence = {place}; UPDATE app.audit SET sequence = -sequence WHERE sequence > {place}; UPDATE app.audit SET sequence = -sequence - 1 WHERE sequence < 0"),
        "insert" => ExecuteAsync(connection, $"""
            UPDATE app.audit SET sequence = -sequence WHERE sequence > {place}; UPDATE app.audit SET sequence = -sequence + 1 WHERE sequence < 0;
            INSERT INTO app.audit SELECT shard, {place + 1}, organization_id, 'made up', user_id, action, detail, hash, sha256(hash || 'x'), created_at, key_id FROM app.audit WHERE sequence = {place}
            """),
        "reorder" => SwapAsync(connection, "sequence", place, random),
        "truncate" => ExecuteAsync(connection, $"DELETE FROM app.audit WHERE sequence > {Rows - place}"),
        "swap" => SwapAsync(connection, "detail", place, random),
        "re-sign" => ReSignAsync(connection, place, random),
        _ => throw new ArgumentOutOfRangeException(nameof(way)),
    };

    private static string Change(Random random) => random.Next(6) switch
    {
        0 => "detail = '{\"text\": \"another\"}'",
        1 => "detail = (detail::text || ' ')::json",
        2 => "organization_id = organization_id || ' '",
        3 => "created_at = created_at + interval '1 microsecond'",
        4 => "user_id = 'somebody'",
        _ => "action = 'chat.failed'",
    };

    private static async Task SwapAsync(NpgsqlConnection connection, string column, int place, Random random)
    {
        var other = place == 1 ? random.Next(2, Rows) : random.Next(1, place);
        await ExecuteAsync(connection, column == "sequence"
            ? $"UPDATE app.audit SET sequence = 0 WHERE sequence = {place}; UPDATE app.audit SET sequence = {place} WHERE sequence = {other}; UPDATE app.audit SET sequence = {other} WHERE sequence = 0"
            : $"UPDATE app.audit a SET detail = b.detail, request_id = b.request_id FROM app.audit b WHERE a.sequence IN ({place}, {other}) AND b.sequence = {place + other} - a.sequence");
    }

    /// <summary>Changes a row and computes this and every later hash anew: without a key, or with another one under either name.</summary>
    private static async Task ReSignAsync(NpgsqlConnection connection, int place, Random random)
    {
        var rows = new List<AuditRow>();
        await foreach (var row in AuditStore.ReadAsync(connection, Token))
        {
            rows.Add(row);
        }

        var variant = random.Next(3);
        var previous = place == 1 ? AuditRow.Genesis : rows[place - 2].Hash;
        await using var batch = new NpgsqlBatch(connection);
        foreach (var row in rows.Skip(place - 1))
        {
            var entry = row.Sequence == place ? row.Entry with { User = "somebody" } : row.Entry;
            var forged = AuditRow.After(row.Shard, row.Sequence, previous, entry, variant == 0 ? AuditKey.None : Forger);
            forged = variant == 2 ? forged with { KeyId = row.KeyId } : forged;
            forged = variant == 2 ? forged with { Hash = forged.ComputeHash(Forger) } : forged;
            batch.BatchCommands.Add(new NpgsqlBatchCommand("UPDATE app.audit SET user_id = $1, previous_hash = $2, hash = $3, key_id = $4 WHERE sequence = $5")
            {
                Parameters = { new() { Value = entry.User }, new() { Value = forged.PreviousHash }, new() { Value = forged.Hash }, new() { Value = forged.KeyId }, new() { Value = row.Sequence } },
            });
            previous = forged.Hash;
        }

        await batch.ExecuteNonQueryAsync(Token);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string statements)
    {
        await using var command = new NpgsqlCommand(statements, connection);
        await command.ExecuteNonQueryAsync(Token);
    }
}
