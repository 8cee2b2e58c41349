using System.Collections.Concurrent;
using System.Text;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Platform.Contracts.ModelGateway.V1;
using Platform.ModelGateway.Audit;
using Platform.Testing;
using StackExchange.Redis;
using IServer = Microsoft.AspNetCore.Hosting.Server.IServer;

namespace Platform.ModelGateway.Tests.Safety;

/// <summary>Secrets go through the service as it is deployed, logging everything and exporting telemetry; then every place that it writes to is searched for them.</summary>
public sealed class PlantedSecretsTests(PlatformServers servers)
{
    private const string AuditKeyText = "a-secret-of-the-tests-with-32-characters";

    private static readonly string[] Secrets =
    [
        "Wolfgang Amadeus Zehetmayr", "Zehetmayr", "4539578763621486", "DE89370400440532013000", "zehetmayr.w@private-mail.example.org", "+49 170 5550199",
        "sk-proj-Zx81abcdefghijklmnopqrstuv012345", "536-90-4399", "10.77.88.99", "Hunter2-Zx81",
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Calls_WithSecrets_LeaveNoneOfThemInAnySink()
    {
        var folder = Directory.CreateTempSubdirectory("planted-secrets");
        var prefix = $"planted-{Guid.NewGuid():n}";
        await using var collector = await Collector.StartAsync(Token);
        await using var provider = await FakeProvider.StartAsync(Token);
        provider.Reply = (http, body) => body.TryGetProperty("stream", out var stream) && stream.GetBoolean() ? Echo.Stream(http, body) : Echo.Answer(http, body);
        var connectionString = await servers.CreateDatabaseAsync("planted", Token);
        await using var database = NpgsqlDataSource.Create(connectionString);
        await PlatformSchema.CreateAsync(database, Token);
        var settings = RunningGateway.Provider(provider.BaseUrl).Concat(
        [
            ("ConnectionStrings:platform", (string?)connectionString), ("ConnectionStrings:redis", servers.RedisConnectionString), ("modelGateway:limits:keyPrefix", prefix),
            ("PLATFORM__telemetry__logFile__folder", folder.FullName), ("PLATFORM__modelGateway__telemetry__content", "true"), ("PLATFORM__modelGateway__ledger__folder", folder.FullName),
            ("Logging:LogLevel:Default", "Trace"), ("PLATFORM_AUDIT_KEY", AuditKeyText), ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Address), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
            ("OTEL_BSP_SCHEDULE_DELAY", "200"), ("OTEL_BLRP_SCHEDULE_DELAY", "200"),
        ]).Select(setting => setting.Item1.StartsWith("modelGateway:", StringComparison.Ordinal) ? ("PLATFORM__" + setting.Item1, setting.Item2) : setting);
        using (var gateway = await GatewayProcess.StartAsync(settings, Token))
        {
            var text = $"I am {Secrets[0]}, card {Secrets[2]}, IBAN {Secrets[3]}, mail {Secrets[4]}, call {Secrets[5]}, key {Secrets[6]}, SSN {Secrets[7]}, host {Secrets[8]}, password is {Secrets[9]}.";
            var request = new CompletionRequest { Messages = { new Message { Role = Role.User, Text = text } }, Operation = "planted" };
            var answer = await gateway.Models.CompleteAsync(request, cancellationToken: Token);
            Assert.Contains(Secrets[0], answer.Text, StringComparison.Ordinal);
            Assert.Contains(Secrets[2], answer.Text, StringComparison.Ordinal);
            using var stream = gateway.Models.CompleteStream(request, cancellationToken: Token);
            await foreach (var _ in stream.ResponseStream.ReadAllAsync(Token))
            {
            }

            await Eventually.HoldsAsync(async () => (await AuditActionsAsync(database)).Count == 4);
            await Eventually.HoldsAsync(() => collector.Text().Contains("gen_ai.output.messages", StringComparison.Ordinal));

            // Killed in the middle of calls: what was committed must still be a whole chain.
            var running = Enumerable.Range(0, 40).Select(_ => gateway.Models.CompleteAsync(request, cancellationToken: Token).ResponseAsync).ToArray();
            await Task.WhenAny(running);
            await gateway.KillAsync();
            await Task.WhenAll(running.Select(call => call.ContinueWith(_ => { }, TaskScheduler.Default)));
        }

        var sinks = new Dictionary<string, string>
        {
            ["provider"] = string.Join('\n', provider.Requests.Select(sent => sent.Body.GetRawText())),
            ["otlp"] = collector.Text(),
            ["redis"] = await RedisAsync(prefix),
            ["database"] = await DatabaseAsync(database),
        };
        foreach (var file in folder.EnumerateFiles("*", SearchOption.AllDirectories).Where(file => file.Length > 0))
        {
            sinks[file.Name] = Encoding.UTF8.GetString(await File.ReadAllBytesAsync(file.FullName, Token));
        }

        var found = sinks.SelectMany(sink => Secrets.Where(secret => sink.Value.Contains(secret, StringComparison.OrdinalIgnoreCase)).Select(secret => $"{sink.Key}: {secret}")).ToArray();
        Assert.True(found.Length == 0, string.Join('\n', found));
        Assert.All(["provider", "otlp", "database"], name => Assert.Contains("PII_CARD_1_", name == "otlp" ? sinks[name].Replace("[CARD]", "PII_CARD_1_", StringComparison.Ordinal) : sinks[name], StringComparison.Ordinal));
        Assert.Contains(sinks, sink => sink.Key.EndsWith(".log", StringComparison.Ordinal));

        var report = await AuditVerifier.VerifyAsync(new AuditStore(database).ReadAsync(Token), [AuditKey.Of(AuditKeyText)], [], Token);
        Assert.Empty(report.Problems);
        Assert.True(report.Rows >= 4);
        folder.Delete(recursive: true);
    }

    private static async Task<List<string>> AuditActionsAsync(NpgsqlDataSource database)
    {
        var actions = new List<string>();
        await foreach (var row in new AuditStore(database).ReadAsync(Token))
        {
            actions.Add(row.Entry.Action);
        }

        return actions;
    }

    /// <summary>Every row of every table of both schemas as text.</summary>
    private static async Task<string> DatabaseAsync(NpgsqlDataSource database)
    {
        var tables = new List<string>();
        await using (var list = database.CreateCommand("SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) FROM pg_tables WHERE schemaname IN ('app', 'domain')"))
        await using (var reader = await list.ExecuteReaderAsync(Token))
        {
            while (await reader.ReadAsync(Token))
            {
                tables.Add(reader.GetString(0));
            }
        }

        var text = new StringBuilder();
        foreach (var table in tables)
        {
            await using var rows = database.CreateCommand($"SELECT t::text FROM {table} t");
            await using var reader = await rows.ExecuteReaderAsync(Token);
            while (await reader.ReadAsync(Token))
            {
                text.AppendLine(reader.GetString(0));
            }
        }

        return text.ToString();
    }

    private async Task<string> RedisAsync(string prefix)
    {
        using var redis = await ConnectionMultiplexer.ConnectAsync(servers.RedisConnectionString);
        var text = new StringBuilder();
        var keys = (RedisKey[])(await redis.GetDatabase().ScriptEvaluateAsync("return redis.call('KEYS', ARGV[1])", values: [$"*{prefix}*"]))!;
        foreach (var key in keys)
        {
            text.Append(key.ToString()).Append(' ').AppendLine(Encoding.UTF8.GetString(await redis.GetDatabase().KeyDumpAsync(key) ?? []));
        }

        return text.ToString();
    }

    /// <summary>Takes whatever is exported to it.</summary>
    private sealed class Collector(WebApplication app) : IAsyncDisposable
    {
        private readonly ConcurrentQueue<byte[]> _bodies = new();

        internal string Address => app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single();

        internal static async Task<Collector> StartAsync(CancellationToken cancellationToken)
        {
            var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = Path.GetTempPath() });
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            var collector = new Collector(builder.Build());
            collector.Run();
            await collector.StartHostAsync(cancellationToken);
            return collector;
        }

        internal string Text() => string.Concat(_bodies.Select(Encoding.UTF8.GetString));

        public ValueTask DisposeAsync() => app.DisposeAsync();

        private void Run() => app.Run(async http =>
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body, http.RequestAborted);
            _bodies.Enqueue(body.ToArray());
            http.Response.StatusCode = StatusCodes.Status200OK;
        });

        private Task StartHostAsync(CancellationToken cancellationToken) => app.StartAsync(cancellationToken);
    }
}
