using Microsoft.Extensions.Logging.Abstractions;
using Platform.Migrations.Commands;
using Platform.Migrations.Schema;
using Platform.Testing;
using Xunit;

namespace Platform.Migrations.Tests.Schema;

public sealed class SchemaRunnerTests(PlatformServers servers)
{
    private static readonly SchemaFile First = SchemaFile.Create("0001_first.sql", "CREATE TABLE first (id int); INSERT INTO first VALUES (1);");
    private static readonly SchemaFile Second = SchemaFile.Create("0002_second.sql", "CREATE TABLE second (id int);");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Apply_NewFiles_RecordsNameAndChecksum()
    {
        await using var database = await TestDatabase.EmptyAsync(servers, Token);

        var applied = await Runner(database).ApplyAsync([First, Second], Token);

        Assert.Equal(["0001_first.sql", "0002_second.sql"], applied);
        Assert.Equal(
            [$"1|0001_first.sql|{First.Checksum}", $"2|0002_second.sql|{Second.Checksum}"],
            await database.RowsAsync("SELECT version, name, checksum FROM app.schema_versions ORDER BY version", Token));
    }

    [Fact]
    public async Task Apply_AppliedFiles_AreNotRunAgain()
    {
        await using var database = await TestDatabase.EmptyAsync(servers, Token);
        await Runner(database).ApplyAsync([First], Token);

        var applied = await Runner(database).ApplyAsync([First, Second], Token);

        Assert.Equal(["0002_second.sql"], applied);
        Assert.Equal(1L, await database.ScalarAsync<long>("SELECT count(*) FROM first", Token));
    }

    [Fact]
    public async Task Apply_ChangedFile_IsRefusedByName()
    {
        await using var database = await TestDatabase.EmptyAsync(servers, Token);
        await Runner(database).ApplyAsync([First], Token);

        var exception = await Assert.ThrowsAsync<MigrationException>(() => Runner(database).ApplyAsync([First with { Checksum = "other" }, Second], Token));

        Assert.Contains("0001_first.sql", exception.Message, StringComparison.Ordinal);
        Assert.Contains("changed", exception.Message, StringComparison.Ordinal);
        Assert.False(await database.ScalarAsync<bool>("SELECT to_regclass('second') IS NOT NULL", Token));
    }

    [Fact]
    public async Task Apply_FailingFile_LeavesNothingOfItAndKeepsTheOnesBefore()
    {
        await using var database = await TestDatabase.EmptyAsync(servers, Token);
        var broken = SchemaFile.Create("0002_broken.sql", "CREATE TABLE half (id int); SELECT * FROM absent;");

        var exception = await Assert.ThrowsAsync<MigrationException>(() => Runner(database).ApplyAsync([First, broken], Token));

        Assert.Contains("0002_broken.sql", exception.Message, StringComparison.Ordinal);
        Assert.Contains("absent", exception.Message, StringComparison.Ordinal);
        Assert.False(await database.ScalarAsync<bool>("SELECT to_regclass('half') IS NOT NULL", Token));
        Assert.Equal(["0001_first.sql"], await database.RowsAsync("SELECT name FROM app.schema_versions", Token));
    }

    [Fact]
    public void Pending_FileBelowTheLastApplied_IsRefused()
    {
        var exception = Assert.Throws<MigrationException>(() =>
            SchemaRunner.Pending([First, Second], [new SchemaRunner.AppliedFile(2, Second.Name, Second.Checksum)]));

        Assert.Contains("0001_first.sql", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Pending_DatabaseIsNewer_IsRefused()
    {
        var exception = Assert.Throws<MigrationException>(() =>
            SchemaRunner.Pending([First], [new SchemaRunner.AppliedFile(1, First.Name, First.Checksum), new SchemaRunner.AppliedFile(9, "0009_later.sql", "x")]));

        Assert.Contains("0009_later.sql", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Migrate_FourRunnersAtOnce_AllSucceedAndOneApplies()
    {
        await using var database = await TestDatabase.EmptyAsync(servers, Token);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => database.RunAsync(Token, "migrate", "--sample", "false")));

        Assert.All(outcomes, outcome => Assert.Equal((MigrationsCli.Done, ""), (outcome.ExitCode, outcome.Error)));
        Assert.Single(outcomes, outcome => !outcome.Output.Contains(" 0 schema files applied", StringComparison.Ordinal));
        Assert.Equal(0, (await database.RunAsync(Token, "check")).ExitCode);
    }

    [Fact]
    public async Task TakeLock_HeldByAnother_GivesUpAtTheLimit()
    {
        await using var database = await TestDatabase.EmptyAsync(servers, Token);
        await using var held = await MigrationLock.TakeAsync(database.DataSource, TimeSpan.FromSeconds(10), TimeProvider.System, Token);

        var exception = await Assert.ThrowsAsync<MigrationException>(() =>
            MigrationLock.TakeAsync(database.DataSource, TimeSpan.FromMilliseconds(300), TimeProvider.System, Token));

        Assert.Contains("lock", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TakeLock_GivenBack_CanBeTakenAgain()
    {
        await using var database = await TestDatabase.EmptyAsync(servers, Token);
        await using (await MigrationLock.TakeAsync(database.DataSource, TimeSpan.Zero, TimeProvider.System, Token))
        {
        }

        await using var again = await MigrationLock.TakeAsync(database.DataSource, TimeSpan.Zero, TimeProvider.System, Token);
    }

    private static SchemaRunner Runner(TestDatabase database) => new(database.DataSource, TimeProvider.System, NullLogger<SchemaRunner>.Instance);
}
