using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Platform.Caching.Changes;
using Platform.Testing;

namespace Platform.Caching.Tests.Changes;

/// <summary>The outbox and what follows it, over a real PostgreSQL.</summary>
public sealed class ChangeFeedTests(DomainDatabase database) : IClassFixture<DomainDatabase>
{
    private readonly string organization = $"o-{Guid.NewGuid():N}";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Since_CommittedInAnotherOrder_EachOnce()
    {
        await using var reading = await database.Source.OpenConnectionAsync(Token);
        await using var slow = await database.Source.OpenConnectionAsync(Token);
        var start = await ChangeOutbox.CurrentSnapshotAsync(reading, Token);
        await using var transaction = await slow.BeginTransactionAsync(Token);
        await ChangeAsync("slow", slow);
        await ChangeAsync("quick");

        var first = await ChangeOutbox.SinceAsync(reading, start, 100, Token);
        await transaction.CommitAsync(Token);
        var second = await ChangeOutbox.SinceAsync(reading, first.Snapshot, 100, Token);
        var third = await ChangeOutbox.SinceAsync(reading, second.Snapshot, 100, Token);

        Assert.Equal(["quick"], Customers(first));
        Assert.Equal(["slow"], Customers(second));
        Assert.Empty(Customers(third));
        Assert.True(second.Changes.Single(change => change.OrganizationId == organization).Position < first.Changes.Single(change => change.OrganizationId == organization).Position);
        Assert.False(DataSnapshot.Parse(first.Snapshot).Contains(second.Changes.Single(change => change.OrganizationId == organization).Position));
        Assert.True(DataSnapshot.Parse(second.Snapshot).Contains(second.Changes.Single(change => change.OrganizationId == organization).Position));
    }

    /// <summary>Many writers that commit or roll back in any order, looked at all the while: each committed change is seen exactly once.</summary>
    [Fact]
    public async Task Since_ManyWriters_NothingLostNothingTwice()
    {
        await using var reading = await database.Source.OpenConnectionAsync(Token);
        var snapshot = await ChangeOutbox.CurrentSnapshotAsync(reading, Token);
        List<string> seen = [];
        var writers = Task.WhenAll(Enumerable.Range(0, 4).Select(writer => Task.Run(
            async () =>
            {
                var random = new Random(writer);
                List<string> committed = [];
                for (var i = 0; i < 40; i++)
                {
                    await using var connection = await database.Source.OpenConnectionAsync(Token);
                    await using var transaction = await connection.BeginTransactionAsync(Token);
                    await ChangeAsync($"{writer}-{i}", connection);
                    await using (var pause = new NpgsqlCommand("SELECT pg_sleep(@s)", connection))
                    {
                        pause.Parameters.AddWithValue("s", random.NextDouble() * 0.01);
                        await pause.ExecuteNonQueryAsync(Token);
                    }

                    if (random.Next(4) > 0)
                    {
                        await transaction.CommitAsync(Token);
                        committed.Add($"{writer}-{i}");
                    }
                }

                return committed;
            },
            Token)));
        while (!writers.IsCompleted)
        {
            await LookAsync();
        }

        await LookAsync();
        Assert.Equal((await writers).SelectMany(committed => committed).Order(StringComparer.Ordinal), seen.Order(StringComparer.Ordinal));

        async Task LookAsync()
        {
            var look = await ChangeOutbox.SinceAsync(reading, snapshot, 100, Token);
            snapshot = look.Snapshot;
            seen.AddRange(Customers(look));
        }
    }

    [Fact]
    public async Task Since_MoreChangesThanTheBound_TheWholeOrganizationOnce()
    {
        await using var reading = await database.Source.OpenConnectionAsync(Token);
        var start = await ChangeOutbox.CurrentSnapshotAsync(reading, Token);
        await database.ExecuteAsync($"INSERT INTO app.change_events (organization_id, table_name, customer_id) SELECT '{organization}', 'invoices', 'C' || i FROM generate_series(1, 6) i");

        Assert.Equal(["*"], Customers(await ChangeOutbox.SinceAsync(reading, start, 5, Token)));
        Assert.Equal(6, Customers(await ChangeOutbox.SinceAsync(reading, start, 6, Token)).Count);
    }

    [Fact]
    public async Task Since_SnapshotOfANewerDatabase_Broken()
    {
        await using var reading = await database.Source.OpenConnectionAsync(Token);

        Assert.False((await ChangeOutbox.SinceAsync(reading, "4000000000000:4000000000000:", 5, Token)).IsUnbroken);
    }

    [Fact]
    public async Task Feed_Change_AppliedAndToldToRedis()
    {
        var follower = new RecordingFollower();
        await using var _ = await RunAsync(follower);
        await Eventually.HoldsAsync(() => !follower.IsSharedSuspended);
        Assert.Equal(1, follower.SharedDrops);

        await ChangeAsync("C1");

        await Eventually.HoldsAsync(() => follower.Applied.Contains($"{organization}/C1"));
    }

    [Fact]
    public async Task Feed_StartedAfterChanges_RedisIsToldOfThemBeforeItIsUsed()
    {
        await using var reading = await database.Source.OpenConnectionAsync(Token);
        var follower = new RecordingFollower { SharedSnapshot = await ChangeOutbox.CurrentSnapshotAsync(reading, Token) };
        await ChangeAsync("while everything was down");

        await using var _ = await RunAsync(follower);
        await Eventually.HoldsAsync(() => !follower.IsSharedSuspended);

        Assert.Contains($"{organization}/while everything was down", follower.Applied);
        Assert.Equal(0, follower.SharedDrops);
    }

    [Fact]
    public async Task Feed_RedisNotTold_SuspendedUntilItHasBeen()
    {
        var follower = new RecordingFollower();
        await using var _ = await RunAsync(follower);
        await Eventually.HoldsAsync(() => !follower.IsSharedSuspended);

        follower.IsSharedAway = true;
        await ChangeAsync("C1");
        await Eventually.HoldsAsync(() => follower.IsSharedSuspended);
        follower.Forget();
        follower.IsSharedAway = false;

        await Eventually.HoldsAsync(() => !follower.IsSharedSuspended);
        Assert.Contains($"{organization}/C1", follower.Applied);
    }

    private async Task<RunningFeed> RunAsync(RecordingFollower follower)
    {
        var feed = new ChangeFeed(database.Source, [follower], () => new ChangeFeedOptions { PollInterval = TimeSpan.FromMilliseconds(200) }, TimeProvider.System, NullLogger<ChangeFeed>.Instance);
        await feed.StartAsync(Token);
        return new RunningFeed(feed);
    }

    private async Task ChangeAsync(string customer, NpgsqlConnection? connection = null)
    {
        var sql = $"INSERT INTO app.change_events (organization_id, table_name, customer_id) VALUES ('{organization}', 'invoices', '{customer}')";
        if (connection is null)
        {
            await database.ExecuteAsync(sql);
            return;
        }

        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Token);
    }

    private List<string> Customers(ChangeLook look) => [.. look.Changes.Where(change => change.OrganizationId == organization).Select(change => change.CustomerId)];

    private sealed class RunningFeed(ChangeFeed feed) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await feed.StopAsync(CancellationToken.None);
            feed.Dispose();
        }
    }

    private sealed class RecordingFollower : IChangeFollower
    {
        private readonly Lock gate = new();
        private readonly HashSet<string> applied = [];
        private volatile bool isBehind, isSuspended, isAway;

        public string Name => "recording";

        public bool IsBehind { get => isBehind; set => isBehind = value; }

        public bool IsSharedSuspended { get => isSuspended; set => isSuspended = value; }

        public bool IsSharedAway { get => isAway; set => isAway = value; }

        public string? SharedSnapshot { get; set; }

        public int SharedDrops { get; private set; }

        public IReadOnlyCollection<string> Applied
        {
            get
            {
                lock (gate)
                {
                    return [.. applied];
                }
            }
        }

        public void Forget()
        {
            lock (gate)
            {
                applied.Clear();
            }
        }

        public void BeginFollowing()
        {
        }

        public void DropEverythingLocal()
        {
        }

        public Task<bool> ApplyAsync(DataChange change, CancellationToken cancellationToken)
        {
            lock (gate)
            {
                applied.Add($"{change.OrganizationId}/{change.CustomerId}");
            }

            return Task.FromResult(!isAway);
        }

        public Task<bool> DropEverythingSharedAsync(CancellationToken cancellationToken)
        {
            SharedDrops += isAway ? 0 : 1;
            return Task.FromResult(!isAway);
        }

        public Task<(bool Answered, string? Snapshot)> ReadSharedSnapshotAsync(CancellationToken cancellationToken) => Task.FromResult((!isAway, isAway ? null : SharedSnapshot));

        public Task<bool> WriteSharedSnapshotAsync(string snapshot, TimeSpan life, CancellationToken cancellationToken)
        {
            SharedSnapshot = isAway ? SharedSnapshot : snapshot;
            return Task.FromResult(!isAway);
        }
    }
}
