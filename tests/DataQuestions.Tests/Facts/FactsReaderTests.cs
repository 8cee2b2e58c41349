using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Platform.DataQuestions.Facts;
using Platform.Testing;

namespace Platform.DataQuestions.Tests.Facts;

public sealed class FactsReaderTests(DomainDatabase database) : IClassFixture<DomainDatabase>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ReadAsync_OfOneEntity_IsPlannedOnceForAConnectionAndLeavesItAsItWas()
    {
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(database.ConnectionString) { MaxPoolSize = 1 }.ConnectionString);
        var reader = new FactsReader(source, new FixedOptions<FactsOptions>(new FactsOptions()), new DataQuestionsMetrics(new MeterFactory()), NullLogger<FactsReader>.Instance);
        foreach (var customer in (string[])["A", "B", "C"])
        {
            await reader.ReadAsync("acme", FactScope.Customer, customer, new DateOnly(2026, 3, 31), Token);
        }

        Assert.Equal("auto", await ScalarAsync(source, "SHOW plan_cache_mode"));
        Assert.Equal("3, 0", await ScalarAsync(source, "SELECT generic_plans || ', ' || custom_plans FROM pg_prepared_statements WHERE statement LIKE 'WITH %'"));
    }

    private static async Task<object?> ScalarAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync(Token);
    }
}
