using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;
using Platform.Memory.Memories;
using Platform.Migrations.Commands;
using Platform.Testing;

namespace Platform.Memory.Tests.Memories;

/// <summary>What an answer costs to recall does not grow with the answers that were given before: each leaves an interaction behind.</summary>
public sealed partial class CandidatesTests(PlatformServers servers) : IAsyncLifetime
{
    private const int Interactions = 5_000;
    private const int Notes = 20;
    private const int PerReason = 50;
    private static readonly LinkedEntity DeltaIndustries = new("customer", "C-1", "Delta Industries");
    private string _connectionString = "";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _connectionString = await servers.CreateDatabaseAsync("candidates", Token);
        using var complaints = new StringWriter();
        Assert.True(await MigrationsCli.RunAsync(["migrate", "--sample", "false", "--connection", _connectionString], TextWriter.Null, complaints, Token) == MigrationsCli.Done, complaints.ToString());
        await MemoryDatabase.ExecuteAsync(
            _connectionString,
            $"""
            INSERT INTO app.memories (organization_id, user_id, kind, text, entity_links, created_at)
            SELECT 'default', 'user-' || n % 8, CASE WHEN n <= {Notes} THEN 'note' ELSE 'interaction' END, 'Asked: What is the status of Delta Industries? Answered: number ' || n,
                   ARRAY['{DeltaIndustries.Link}'], now() - interval '1 minute' * n
            FROM generate_series(1, {Notes + Interactions}) n;
            ANALYZE app.memories
            """,
            Token);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData("status of Delta Industries", true)]
    [InlineData("status of Delta Industries", false)]
    [InlineData("", true)]
    public async Task Candidates_OfWhatAnswersRecall_ReadNoInteractions(string question, bool entitiesOnly)
    {
        var read = await ReadAsync(new(question, [DeltaIndustries], ["note", "preference"], "default", null, entitiesOnly, 10));
        Assert.InRange(read.Found, Notes, 3 * Notes);
        Assert.InRange(read.Looked, read.Found, 3 * Notes);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("user-3")]
    public async Task Candidates_OfEveryKind_LatestAreReadInTheirOrder(string? user)
    {
        var read = await ReadAsync(new("", [], [], "default", user, false, 10));
        Assert.Equal(PerReason, read.Found);
        Assert.InRange(read.Looked, read.Found, 2 * PerReason);
    }

    /// <returns>Rows that the statement gave, and rows of the table that it looked at for them.</returns>
    private async Task<(int Found, int Looked)> ReadAsync(MemoryQuery query)
    {
        await using var database = NpgsqlDataSource.Create(_connectionString);
        await using var connection = await database.OpenConnectionAsync(Token);
        await using var command = MemoryStore.Candidates("default", query, [.. Remembering.Words(query.Text)], PerReason, TimeProvider.System.GetUtcNow())!;
        command.Connection = connection;
        command.CommandText = "EXPLAIN (ANALYZE, TIMING OFF) " + command.CommandText;
        await using var reader = await command.ExecuteReaderAsync(Token);
        var (found, scanned, removed) = (-1, 0, 0);
        while (await reader.ReadAsync(Token))
        {
            var line = reader.GetString(0);
            var rows = Rows().Match(line) is { Success: true } match ? int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : 0;
            found = found < 0 ? rows : found;
            scanned += line.Contains(" on memories", StringComparison.Ordinal) ? rows : 0;
            removed += Removed().Match(line) is { Success: true } left ? int.Parse(left.Groups[1].Value, CultureInfo.InvariantCulture) : 0;
        }

        return (found, scanned + removed);
    }

    [GeneratedRegex(@"actual rows=(\d+)")]
    private static partial Regex Rows();

    [GeneratedRegex(@"Rows Removed by (?:Filter|Index Recheck): (\d+)")]
    private static partial Regex Removed();
}
