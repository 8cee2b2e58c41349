using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Grpc.Core;
using Grpc.Net.Client;
using Npgsql;
using Platform.Contracts.PatternAnalysis.V1;
using Platform.Testing;
using StackExchange.Redis;

namespace Platform.Benchmarks.Caching;

/// <summary>
/// Two real service processes over a PostgreSQL and a Redis of their own, under load by clients that record each request. C5: how soon both know of a change. F2: Redis is killed and comes
/// back. F7: PostgreSQL stands still for ten seconds. F3: PostgreSQL is killed and comes back. A refresher is killed in the middle of its run. Judged from the records.
/// </summary>
internal sealed class PatternFaultsBenchmark : IBenchmark
{
    private const int Customers = 300;
    private const int Clients = 8;
    private static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(10);

    public string Name => "pattern-faults";

    public async Task RunAsync(bool isShort, CancellationToken cancellationToken)
    {
        await using var postgres = await PlatformServers.StartOwnPostgresAsync(cancellationToken);
        await using var redis = await PlatformServers.StartOwnRedisAsync(cancellationToken);
        await using var database = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(postgres.ConnectionString) { Timeout = 3, MaxPoolSize = 10 }.ConnectionString);
        await PatternStage.FillAsync(database, Customers, cancellationToken);
        string[] connections = [postgres.ConnectionString, redis.ConnectionString];
        await KilledRefresherAsync(connections, database, cancellationToken);
        using var first = await StartAsync(connections, ["patterns:refresh:enabled=false"], cancellationToken);
        using var second = await StartAsync(connections, ["patterns:refresh:enabled=false"], cancellationToken);
        using var load = new Load([GrpcChannel.ForAddress(first.GrpcAddress), GrpcChannel.ForAddress(second.GrpcAddress)]);
        await load.WarmAsync(cancellationToken);
        await load.DeliveryAsync(isShort ? 10 : 100, customer => ChangeAsync(database, $"= '{customer}'", cancellationToken), cancellationToken);

        var pause = TimeSpan.FromSeconds(isShort ? 3 : 10);
        await load.PhaseAsync("no fault", TimeSpan.FromSeconds(isShort ? 2 : 5), _ => true, "", cancellationToken);

        // F2. What changes while Redis is away must not come back with it.
        KillRedis(redis.ConnectionString);
        var away = load.PhaseAsync("F2 Redis killed", pause, call => call.Succeeded, "success ≥ 99.9 %", cancellationToken);
        var changed = await ChangeAsync(database, "IS NOT NULL", cancellationToken);
        await away;
        await redis.StopAsync(cancellationToken);
        await redis.StartAsync(cancellationToken);
        await load.PhaseAsync("F2 Redis back", TimeSpan.FromSeconds(5), call => call.Succeeded, "success ≥ 99.9 %", cancellationToken);
        await load.CheckNotOlderAsync("F2 stale entry after return", changed, cancellationToken);

        // F7.
        var postmaster = await PostmasterAsync(database, cancellationToken);
        Signal("STOP", postmaster);
        try
        {
            await load.PhaseAsync("F7 PostgreSQL stands still", pause, call => call.Succeeded, "answers from caches ≥ 99.9 %", cancellationToken);
            Console.WriteLine($"F7         marked stale at the end of the pause: {load.StaleShareOfLast(TimeSpan.FromSeconds(1)):P1} of answers");
        }
        finally
        {
            Signal("CONT", postmaster);
        }

        await load.PhaseAsync("F7 PostgreSQL goes on", TimeSpan.FromSeconds(5), call => call.Succeeded, "success ≥ 99.9 %", cancellationToken);
        Console.WriteLine($"F7         marked stale 5 s later: {load.StaleShareOfLast(TimeSpan.FromSeconds(1)):P1} of answers");

        // F3.
        await KillAsync(postmaster[0], cancellationToken);
        await load.PhaseAsync("F3 PostgreSQL killed", pause, call => call.Succeeded, "cached answers ≥ 99.9 %", cancellationToken);
        Console.WriteLine($"F3         marked stale: {load.StaleShareOfLast(TimeSpan.FromSeconds(1)):P1} of answers");
        await postgres.StopAsync(cancellationToken);
        await postgres.StartAsync(cancellationToken);
        await load.PhaseAsync("F3 PostgreSQL back", TimeSpan.FromSeconds(isShort ? 6 : 8), call => call.Succeeded, "success ≥ 99.9 %", cancellationToken);
        Console.WriteLine($"F3         marked stale in the last second: {load.StaleShareOfLast(TimeSpan.FromSeconds(1)):P1} of answers");
        Console.WriteLine($"           both processes still run: {first.Process.IsRunning && second.Process.IsRunning}");
    }

    private static async Task KilledRefresherAsync(string[] connections, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        string[] settings = ["patterns:refresh:startDelay=00:00:00", "patterns:refresh:batchSize=10", "patterns:refresh:dutyCycle=0.05", "patterns:refresh:pollInterval=00:00:00.2", "patterns:refresh:leaseDuration=00:00:01"];
        var doneAtKill = 0L;
        using (await StartAsync(connections, settings, cancellationToken))
        {
            while ((doneAtKill = await DoneAsync(database, cancellationToken)) < Customers / 4)
            {
                await PauseAsync(20, cancellationToken);
            }
        }

        doneAtKill = await DoneAsync(database, cancellationToken);
        using var next = await StartAsync(connections, [.. settings[..2], "patterns:refresh:dutyCycle=1", .. settings[3..]], cancellationToken);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        await using var finished = database.CreateCommand("SELECT count(*) FROM app.pattern_refreshes WHERE finished_at IS NOT NULL");
        while ((long)(await finished.ExecuteScalarAsync(limit.Token))! == 0)
        {
            await PauseAsync(50, limit.Token);
        }

        var done = await DoneAsync(database, cancellationToken);
        Console.WriteLine($"refresher  killed after {doneAtKill} of {Customers} customers; another finished with {done} looked at in all (bar {Customers}: {(done == Customers && doneAtKill < Customers ? "met" : "NOT met")})");
    }

    private static async Task<long> DoneAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT coalesce(max(done), 0) FROM app.pattern_refreshes");
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <returns>When the change was committed.</returns>
    private static async Task<DateTimeOffset> ChangeAsync(NpgsqlDataSource database, string which, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand($"INSERT INTO app.change_events (organization_id, table_name, customer_id) SELECT organization_id, 'invoices', customer_id FROM domain.customers WHERE organization_id = '{PatternStage.Organization}' AND customer_id {which}; NOTIFY domain_changes");
        await command.ExecuteNonQueryAsync(cancellationToken);
        return TimeProvider.System.GetUtcNow();
    }

    private static void KillRedis(string connectionString)
    {
        using var connection = ConnectionMultiplexer.Connect(connectionString + ",allowAdmin=true");
        var information = connection.GetServer(connection.GetEndPoints()[0]).InfoRaw("server")!;
        var id = information.Split('\n').First(line => line.StartsWith("process_id:", StringComparison.Ordinal))[11..].Trim();
        Process.GetProcessById(int.Parse(id, CultureInfo.InvariantCulture)).Kill();
    }

    /// <returns>The server's main process first, then its children.</returns>
    private static async Task<int[]> PostmasterAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1)::int");
        var main = (int)(await command.ExecuteScalarAsync(cancellationToken))!;
        var children = Directory.GetDirectories("/proc").Select(Path.GetFileName).Where(name => int.TryParse(name, out _))
            .Select(name => (Id: int.Parse(name!, CultureInfo.InvariantCulture), Parent: Parent(name!))).Where(process => process.Parent == main).Select(process => process.Id);
        return [main, .. children];
    }

    private static int Parent(string id)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{id}/stat");
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static void Signal(string signal, int[] processes)
    {
        foreach (var process in processes)
        {
            using var kill = Process.Start("kill", ["-" + signal, process.ToString(CultureInfo.InvariantCulture)]);
            kill.WaitForExit(2000);
        }
    }

    private static async Task KillAsync(int process, CancellationToken cancellationToken)
    {
        using var main = Process.GetProcessById(process);
        main.Kill();
        await main.WaitForExitAsync(cancellationToken);
    }

    private static async Task PauseAsync(int milliseconds, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(milliseconds));
        await timer.WaitForNextTickAsync(cancellationToken);
    }

    private static Task<ServiceProcess> StartAsync(string[] connections, IEnumerable<string> settings, CancellationToken cancellationToken) =>
        ServiceProcess.StartAsync(
            "PatternAnalysis",
            [
                ("ConnectionStrings:platform", connections[0]),
                ("ConnectionStrings:redis", connections[1]),
                .. settings.Select(setting => ("PLATFORM:" + setting.Split('=')[0], (string?)setting.Split('=')[1])),
            ],
            cancellationToken);

    private sealed record Call(long At, TimeSpan Elapsed, StatusCode Status, bool IsStale)
    {
        public bool Succeeded => Status == StatusCode.OK;
    }

    /// <summary>Clients that never pause and keep a record of each request.</summary>
    private sealed class Load(GrpcChannel[] channels) : IDisposable
    {
        private static readonly Metadata Headers = new() { { "x-organization-id", PatternStage.Organization } };
        private readonly ConcurrentQueue<Call> calls = new();

        public async Task WarmAsync(CancellationToken cancellationToken)
        {
            foreach (var channel in channels)
            {
                for (var customer = 1; customer <= Customers; customer++)
                {
                    await AskAsync(channel, customer, cancellationToken);
                }
            }
        }

        /// <summary>C5: how long after a change each process still answers with what it had.</summary>
        public async Task DeliveryAsync(int changes, Func<string, Task<DateTimeOffset>> change, CancellationToken cancellationToken)
        {
            var elapsed = new double[changes];
            for (var i = 0; i < changes; i++)
            {
                var request = new GetPatternsRequest { CustomerIds = { PatternStage.Customer(1 + (i % Customers)).Id } };
                var changed = await change(request.CustomerIds[0]);
                foreach (var channel in channels)
                {
                    var client = new PatternAnalysisService.PatternAnalysisServiceClient(channel);
                    while (TimeProvider.System.GetUtcNow() - changed < CallLimit
                        && (await client.GetPatternsAsync(request, Headers, cancellationToken: cancellationToken)).Customers[0].ComputedAt.ToDateTimeOffset() < changed)
                    {
                        await PauseAsync(2, cancellationToken);
                    }
                }

                elapsed[i] = (TimeProvider.System.GetUtcNow() - changed).TotalMilliseconds;
            }

            Array.Sort(elapsed);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"C5         {changes} changes, each known to both processes after p50 {elapsed[changes / 2]:0} ms, longest {elapsed[^1]:0} ms (bar 2,000 ms: {(elapsed[^1] <= 2000 ? "met" : "NOT met")})"));
        }

        public async Task PhaseAsync(string label, TimeSpan time, Func<Call, bool> isGood, string bar, CancellationToken cancellationToken)
        {
            var started = TimeProvider.System.GetTimestamp();
            ConcurrentBag<Call> own = [];
            await Task.WhenAll(Enumerable.Range(0, Clients).Select(client => Task.Run(
                async () =>
                {
                    var random = new Random(client);
                    while (TimeProvider.System.GetElapsedTime(started) < time)
                    {
                        var call = await AskAsync(channels[random.Next(channels.Length)], 1 + random.Next(Customers), cancellationToken);
                        own.Add(call);
                        calls.Enqueue(call);
                    }
                },
                cancellationToken)));
            var good = own.Count(isGood) / (double)own.Count;
            var elapsed = own.Select(call => call.Elapsed.TotalMilliseconds).Order().ToArray();
            var failures = string.Join(", ", own.Where(call => !call.Succeeded).GroupBy(call => call.Status).Select(group => $"{group.Count()} {group.Key}"));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{label}: {own.Count:N0} requests, {good:P2} good, p50 {elapsed[elapsed.Length / 2]:0.0} ms, p99 {elapsed[(int)(elapsed.Length * 0.99)]:0.0} ms, longest {elapsed[^1]:0} ms{(failures.Length > 0 ? "; " + failures : "")}{(bar.Length > 0 ? $" (bar {bar}: {(good >= 0.999 ? "met" : "NOT met")})" : "")}"));
        }

        public double StaleShareOfLast(TimeSpan time)
        {
            var last = calls.Where(call => call.Succeeded && TimeProvider.System.GetElapsedTime(call.At) < time + TimeSpan.FromMilliseconds(200)).ToList();
            return last.Count == 0 ? 0 : last.Count(call => call.IsStale) / (double)last.Count;
        }

        public async Task CheckNotOlderAsync(string label, DateTimeOffset changed, CancellationToken cancellationToken)
        {
            var older = 0;
            foreach (var channel in channels)
            {
                for (var customer = 1; customer <= Customers; customer++)
                {
                    var request = new GetPatternsRequest { CustomerIds = { PatternStage.Customer(customer).Id } };
                    var answer = await new PatternAnalysisService.PatternAnalysisServiceClient(channel).GetPatternsAsync(request, Headers, cancellationToken: cancellationToken);
                    older += answer.Customers[0].ComputedAt.ToDateTimeOffset() < changed && !answer.Customers[0].Stale ? 1 : 0;
                }
            }

            Console.WriteLine($"{label}: {older} of {channels.Length * Customers} (bar 0: {(older == 0 ? "met" : "NOT met")})");
        }

        public void Dispose() => Array.ForEach(channels, channel => channel.Dispose());

        private static async Task<Call> AskAsync(GrpcChannel channel, int customer, CancellationToken cancellationToken)
        {
            var started = TimeProvider.System.GetTimestamp();
            try
            {
                var request = new GetPatternsRequest { CustomerIds = { PatternStage.Customer(customer).Id } };
                var answer = await new PatternAnalysisService.PatternAnalysisServiceClient(channel)
                    .GetPatternsAsync(request, Headers, TimeProvider.System.GetUtcNow().UtcDateTime + CallLimit, cancellationToken);
                return new Call(TimeProvider.System.GetTimestamp(), TimeProvider.System.GetElapsedTime(started), StatusCode.OK, answer.Customers[0].Stale);
            }
            catch (RpcException exception)
            {
                return new Call(TimeProvider.System.GetTimestamp(), TimeProvider.System.GetElapsedTime(started), exception.StatusCode, false);
            }
        }
    }
}
