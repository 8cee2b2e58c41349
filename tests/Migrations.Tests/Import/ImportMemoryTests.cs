using System.Globalization;
using Platform.Testing;
using Xunit;

namespace Platform.Migrations.Tests.Import;

/// <summary>Runs alone: what other tests allocate at the same time would be counted too.</summary>
[CollectionDefinition(nameof(ImportMemoryTests), DisableParallelization = true)]
[Collection(nameof(ImportMemoryTests))]
public sealed class ImportMemoryTests(PlatformServers servers)
{
    private const string Map = """
        name: test
        defaults: { currency: EUR }
        tables:
          customers:
            columns: { customer_id: customer, name: customer, created_at: issued }
          invoices:
            columns: { invoice_id: invoice, customer_id: customer, amount: amount, currency: currency, created_at: issued, due_date: due, disputed: { from: disputed, default: no } }
          payments:
            when: settled
            columns: { payment_id: { from: invoice, prefix: P- }, invoice_id: invoice, amount: amount, currency: currency, paid_at: settled }
        """;

    private const string Header = "invoice,customer,amount,currency,issued,due,settled,disputed\n";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Import_ThirtyThousandLines_KeepsFewOfThemInMemory()
    {
        await using var database = await TestDatabase.MigratedAsync(servers, Token);
        using var folder = new TemporaryFolder();
        var path = folder.PathOf("large.csv");
        await using (var writer = new StreamWriter(path))
        {
            await writer.WriteAsync(Header);
            for (var i = 0; i < 30_000; i++)
            {
                await writer.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"L{i},C{i % 500},{i % 900 + 1}.25,EUR,2025-01-05,2025-02-05,2025-02-10,"));
            }
        }

        GC.Collect();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var outcome = await database.RunAsync(Token, "import", "--map", folder.Write("map.yaml", Map), "--file", path);

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        Assert.Equal(30_000L, await database.ScalarAsync<long>("SELECT count(*) FROM domain.payments", Token));

        // What stays allocated is far less than the file: no list of its lines is kept.
        Assert.True(GC.GetTotalMemory(forceFullCollection: true) - before < new FileInfo(path).Length / 2 + (8 << 20));
    }
}
