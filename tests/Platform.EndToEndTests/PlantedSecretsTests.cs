using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Aspire.Hosting.Testing;
using Dapper;
using Npgsql;
using StackExchange.Redis;
using Xunit;

namespace Platform.EndToEndTests;

/// <summary>
/// Secrets in questions go through the whole chain, chat to model and back; then every place that any service writes to is searched for them. Only
/// what Memory keeps of a conversation for its user (docs/safety-and-audit.md) may hold what the user wrote.
/// </summary>
[Collection(PlatformWithModels.Collection)]
public sealed class PlantedSecretsTests(PlatformWithModels with)
{
    /// <summary>The user's own conversations, their way into them included.</summary>
    private static readonly string[] Conversations = ["app.memories", "app.conversations", "app.interactions", "platform:interactions"];

    private static readonly string[] Secrets =
    [
        "4539578763621486", "DE89370400440532013000", "zehetmayr.w@private-mail.example.org", "+49 170 5550199", "sk-proj-Zx81abcdefghijklmnopqrstuv012345", "536-90-4399", "Hunter2-Zx81",
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Chat_WithSecrets_LeavesNoneOfThemInAnySink()
    {
        await with.RecoverAsync();
        string question = $"What is the status of Delta Industries? My card is {Secrets[0]}, my IBAN {Secrets[1]}, my mail {Secrets[2]}, call me at {Secrets[3]}, the key is {Secrets[4]}, my SSN is {Secrets[5]} and my password is {Secrets[6]}.";
        JsonElement answer = await with.Platform.AskAsync(question, user: "planted");
        using HttpClient http = with.Platform.CreateClient("planted");
        using HttpResponseMessage streamed = await http.PostAsJsonAsync("/api/chat/stream", new { query = question }, Token);
        string events = await streamed.Content.ReadAsStringAsync(Token);
        Assert.Equal("model", answer.GetProperty("method").GetString());
        Assert.Contains("\"method\":\"model\"", events, StringComparison.Ordinal);
        await using NpgsqlConnection database = await with.Platform.OpenDatabaseAsync();
        await RunningPlatform.EventuallyAsync(
            async () => await database.ExecuteScalarAsync<long>("SELECT count(*) FROM app.audit WHERE user_id = 'planted'") >= 4
                && await database.ExecuteScalarAsync<long>("SELECT count(*) FROM app.interactions WHERE user_id = 'planted'") >= 2,
            TimeSpan.FromSeconds(20), "both chats are in the audit log and remembered");
        await RunningPlatform.EventuallyAsync(() => Task.FromResult(with.Collector.Spans.Any(span => span["enduser.id"] == "planted")), TimeSpan.FromSeconds(20), "telemetry is exported");

        Dictionary<string, string> sinks = new() { ["telemetry"] = Telemetry() };
        using (HttpClient simulator = with.Simulator())
        {
            sinks["provider"] = await simulator.GetStringAsync("/simulator/requests", Token);
        }

        await AddTablesAsync(database, sinks);
        await AddKeysAsync(sinks);
        // A lock is empty and not shared.
        foreach (FileInfo file in with.Folder.EnumerateFiles("*", SearchOption.AllDirectories).Where(file => file.Extension != ".lock"))
        {
            await using FileStream open = new(file.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using StreamReader reader = new(open, Encoding.UTF8);
            sinks[file.Name] = await reader.ReadToEndAsync(Token);
        }

        string[] found =
        [
            .. sinks.Where(sink => !Conversations.Contains(sink.Key))
                .SelectMany(sink => Secrets.Where(secret => sink.Value.Contains(secret, StringComparison.OrdinalIgnoreCase)).Select(secret => $"{sink.Key}: {secret}")),
        ];
        Assert.True(found.Length == 0, string.Join('\n', found));

        // The search looks where something is: logs of every service, tables, and the question where it is meant to be.
        Assert.True(sinks.Keys.Count(name => name.EndsWith(".log", StringComparison.Ordinal)) >= 8, string.Join(", ", sinks.Keys));
        Assert.Contains(Secrets[0], sinks["app.interactions"], StringComparison.Ordinal);
        Assert.Contains("PII_CARD_1_", sinks["app.audit"], StringComparison.Ordinal);
    }

    private string Telemetry() => string.Join('\n', with.Collector.Bodies.Select(Encoding.UTF8.GetString));

    private static async Task AddTablesAsync(NpgsqlConnection database, Dictionary<string, string> sinks)
    {
        foreach (string table in await database.QueryAsync<string>("SELECT schemaname || '.' || tablename FROM pg_tables WHERE schemaname IN ('app', 'domain')"))
        {
            sinks[table] = string.Join('\n', await database.QueryAsync<string>($"SELECT t::text FROM {table} t"));
        }
    }

    /// <summary>Every value of every key, by its type: a dump would be compressed.</summary>
    private async Task AddKeysAsync(Dictionary<string, string> sinks)
    {
        string connection = await with.Platform.App.GetConnectionStringAsync("redis", Token) ?? throw new InvalidOperationException("Redis has no connection string.");
        using ConnectionMultiplexer redis = await ConnectionMultiplexer.ConnectAsync(connection);
        IDatabase database = redis.GetDatabase();
        const string read = """
            local kind = redis.call('TYPE', KEYS[1]).ok
            if kind == 'string' then return {redis.call('GET', KEYS[1])} end
            if kind == 'hash' then return redis.call('HGETALL', KEYS[1]) end
            if kind == 'list' then return redis.call('LRANGE', KEYS[1], 0, -1) end
            if kind == 'set' then return redis.call('SMEMBERS', KEYS[1]) end
            if kind == 'zset' then return redis.call('ZRANGE', KEYS[1], 0, -1) end
            local all = {}
            if kind == 'stream' then
              for _, entry in ipairs(redis.call('XRANGE', KEYS[1], '-', '+')) do
                for _, field in ipairs(entry[2]) do all[#all + 1] = field end
              end
            end
            return all
            """;
        RedisKey[] keys = (RedisKey[])(await database.ScriptEvaluateAsync("return redis.call('KEYS', '*')"))!;
        foreach (RedisKey key in keys)
        {
            RedisValue[] values = (RedisValue[])(await database.ScriptEvaluateAsync(read, [key]))!;
            sinks[key.ToString()] = $"{key}\n" + string.Join('\n', values.Select(value => Encoding.UTF8.GetString((byte[])value! ?? [])));
        }
    }
}
