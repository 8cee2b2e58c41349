using System.Globalization;
using System.Text;
using Platform.Testing;
using Xunit;

namespace Platform.Migrations.Tests.Import;

public sealed class ImportCommandTests(PlatformServers servers)
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

    private const string Content = """
        SELECT 'c|' || customer_id || '|' || name || '|' || currency || '|' || (created_at AT TIME ZONE 'UTC')::date FROM domain.customers
        UNION ALL SELECT 'i|' || invoice_id || '|' || customer_id || '|' || amount || '|' || currency || '|' || due_date || '|' || disputed FROM domain.invoices
        UNION ALL SELECT 'p|' || payment_id || '|' || invoice_id || '|' || amount || '|' || (paid_at AT TIME ZONE 'UTC')::date FROM domain.payments
        ORDER BY 1
        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Import_GoodFile_FillsThreeTables()
    {
        await using var database = await TestDatabase.MigratedAsync(servers, Token);

        var outcome = await ImportAsync(database, Header + "A1,Ada,10.50,USD,2026-01-05,2026-02-05,2026-02-10,yes\nA2,Ada,7,,2026-01-03,2026-02-03,,\n");

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        Assert.Contains("2 lines read, 0 rejected", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("invoices: 2 added, 0 changed", outcome.Output, StringComparison.Ordinal);
        Assert.Equal(
            ["c|Ada|Ada|EUR|2026-01-03", "i|A1|Ada|10.50|USD|2026-02-05|true", "i|A2|Ada|7.00|EUR|2026-02-03|false", "p|P-A1|A1|10.50|2026-02-10"],
            await database.RowsAsync(Content, Token));
    }

    [Fact]
    public async Task Import_SameFileTwice_ChangesNothing()
    {
        await using var database = await TestDatabase.MigratedAsync(servers, Token);
        const string File = Header + "A1,Ada,10.50,EUR,2026-01-05,2026-02-05,2026-02-10,yes\nA2,Ben,7,EUR,2026-01-03,2026-02-03,,\n";
        await ImportAsync(database, File);
        var before = await database.RowsAsync(Content, Token);
        await database.ExecuteAsync("TRUNCATE app.change_events", Token);

        var again = await ImportAsync(database, File);

        Assert.Equal(0, again.ExitCode);
        Assert.Contains("invoices: 0 added, 0 changed", again.Output, StringComparison.Ordinal);
        Assert.Contains("payments: 0 added, 0 changed", again.Output, StringComparison.Ordinal);
        Assert.Equal(before, await database.RowsAsync(Content, Token));
        Assert.Equal(0L, await database.ScalarAsync<long>("SELECT count(*) FROM app.change_events", Token));
    }

    [Fact]
    public async Task Import_InvoiceSettledMeanwhile_AddsThePayment()
    {
        await using var database = await TestDatabase.MigratedAsync(servers, Token);
        await ImportAsync(database, Header + "A1,Ada,10,EUR,2026-01-05,2026-02-05,,\n");

        var again = await ImportAsync(database, Header + "A1,Ada,10,EUR,2026-01-05,2026-02-05,2026-02-01,\n");

        Assert.Contains("payments: 1 added", again.Output, StringComparison.Ordinal);
        Assert.Contains("invoices: 0 added, 0 changed", again.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_OneBadLine_LoadsNothingAndListsIt()
    {
        await using var database = await TestDatabase.MigratedAsync(servers, Token);
        using var folder = new TemporaryFolder();

        var outcome = await ImportAsync(database, Header + "A1,Ada,10,EUR,2026-01-05,2026-02-05,,\nA2,Ada,-3,EUR,05.01.2026,2026-02-05,,\n", Map, folder);

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("Nothing was loaded", outcome.Output, StringComparison.Ordinal);
        Assert.Empty(await database.RowsAsync(Content, Token));
        Assert.Equal(0L, await database.ScalarAsync<long>("SELECT count(*) FROM app.imports", Token));
        Assert.Equal(
            ["line,reason,record", "3,\"customers: created_at '05.01.2026' is not a date like yyyy-MM-dd or yyyy-MM-dd HH:mm:ss or yyyy-MM-dd'T'HH:mm:ss or yyyy-MM-dd'T'HH:mm:ssK or yyyy-MM-dd HH:mm:sszzz between 1900 and 2200; invoices: amount -3 is negative; invoices: created_at '05.01.2026' is not a date like yyyy-MM-dd or yyyy-MM-dd HH:mm:ss or yyyy-MM-dd'T'HH:mm:ss or yyyy-MM-dd'T'HH:mm:ssK or yyyy-MM-dd HH:mm:sszzz between 1900 and 2200\",\"A2,Ada,-3,EUR,05.01.2026,2026-02-05,,\""],
            await File.ReadAllLinesAsync(folder.PathOf("rejects.csv"), Token));
    }

    [Fact]
    public async Task Import_SkipRejects_LoadsTheOthers()
    {
        await using var database = await TestDatabase.MigratedAsync(servers, Token);

        var outcome = await ImportAsync(database, Header + "A1,Ada,10,EUR,2026-01-05,2026-02-05,,\nA2,Ben,x,EUR,2026-01-05,2026-02-05,,\n", skipRejects: true);

        Assert.Equal(0, outcome.ExitCode);
        Assert.Contains("2 lines read, 1 rejected", outcome.Output, StringComparison.Ordinal);
        Assert.Equal(["c|Ada|Ada|EUR|2026-01-05", "i|A1|Ada|10.00|EUR|2026-02-05|false"], await database.RowsAsync(Content, Token));
        Assert.Equal(["test|2|1|2|0"], await database.RowsAsync("SELECT map_name, rows_read, rows_rejected, rows_added, rows_changed FROM app.imports", Token));
    }

    [Theory]
    [InlineData("A2,Ada,10,XYZ,2026-01-05,2026-02-05,,", "currency 'XYZ' is unknown")]
    [InlineData("A2,,10,EUR,2026-01-05,2026-02-05,,", "customer_id is blank")]
    [InlineData("A2,Ada,10,EUR,2026-01-05,2026-02-05", "has 6 fields where the header has 8")]
    [InlineData("A2,Ada,10,EUR,2026-01-05,2026-02-05,,,,", "has 10 fields where the header has 8")]
    [InlineData("A2,A\"da,10,EUR,2026-01-05,2026-02-05,,", "quotes are not closed or stand inside a field")]
    [InlineData("A2,Ada,0,EUR,2026-01-05,2026-02-05,2026-02-06,", "amount 0 is not a payment")]
    [InlineData("A1,Ada,11,EUR,2026-01-05,2026-02-05,,", "invoice_id A1 is on line 2 already, with other content")]
    [InlineData("A2,Ada,10,EUR,2026-01-05,2026-13-05,,", "due_date '2026-13-05' is not a date")]
    [InlineData("A2,Ada,10,EUR,2026-01-05,2026-02-05,,perhaps", "disputed 'perhaps' is not yes or no")]
    public async Task Import_BadLine_IsRejectedWithLineAndReason(string line, string expected)
    {
        await using var database = await TestDatabase.MigratedAsync(servers, Token);
        using var folder = new TemporaryFolder();

        await ImportAsync(database, Header + "A1,Ada,10,EUR,2026-01-05,2026-02-05,,\n" + line + "\n", Map, folder, skipRejects: true);

        var rejected = Assert.Single((await File.ReadAllLinesAsync(folder.PathOf("rejects.csv"), Token)).Skip(1));
        Assert.StartsWith("3,", rejected, StringComparison.Ordinal);
        Assert.Contains(expected, rejected.Replace("\"\"", "\"", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal(["A1"], await database.RowsAsync("SELECT invoice_id FROM domain.invoices", Token));
    }

    [Fact]
    public async Task Import_SameLineTwiceInTheFile_CountsOnce()
    {
        await using var database = await TestDatabase.MigratedAsync(servers, Token);
        const string Line = "A1,Ada,10,EUR,2026-01-05,2026-02-05,2026-02-06,\n";

        var outcome = await ImportAsync(database, Header + Line + Line);

        Assert.Equal(0, outcome.ExitCode);
        Assert.Contains("invoices: 1 added", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_OtherContentInTheDatabase_IsRejectedUnlessTheMapUpdates()
    {
        await using var database = await TestDatabase.MigratedAsync(servers, Token);
        await ImportAsync(database, Header + "A1,Ada,10,EUR,2026-01-05,2026-02-05,,\n");
        const string Changed = Header + "A1,Ada,12,EUR,2026-01-05,2026-02-05,,\n";

        var rejected = await ImportAsync(database, Changed);
        var updated = await ImportAsync(database, Changed, Map.Replace("  invoices:\n", "  invoices:\n    whenDifferent: update\n", StringComparison.Ordinal));

        Assert.Equal(1, rejected.ExitCode);
        Assert.Contains("line 2: invoice_id A1 is in the database already, with other content", rejected.Output, StringComparison.Ordinal);
        Assert.Contains("invoices: 0 added, 1 changed", updated.Output, StringComparison.Ordinal);
        Assert.Equal(["12.00"], await database.RowsAsync("SELECT amount FROM domain.invoices", Token));
    }

    [Fact]
    public async Task Import_UpdateWithTwoVersionsInTheFile_TheLastOneCounts()
    {
        await using var database = await TestDatabase.MigratedAsync(servers, Token);

        await ImportAsync(
            database, Header + "A1,Ada,10,EUR,2026-01-05,2026-02-05,,\nA1,Ada,12,EUR,2026-01-05,2026-02-05,,\n",
            Map.Replace("  invoices:\n", "  invoices:\n    whenDifferent: update\n", StringComparison.Ordinal));

        Assert.Equal(["12.00"], await database.RowsAsync("SELECT amount FROM domain.invoices", Token));
    }

    [Fact]
    public async Task Import_UnknownCustomer_RejectsTheLineAndWhatHangsOnIt()
    {
        await using var database = await TestDatabase.MigratedAsync(servers, Token);
        await ImportAsync(database, Header + "A1,Ada,10,EUR,2026-01-05,2026-02-05,,\n");
        var withoutCustomers = Map.Replace("  customers:\n    columns: { customer_id: customer, name: customer, created_at: issued }\n", "", StringComparison.Ordinal);

        var outcome = await ImportAsync(
            database, Header + "A2,Ada,10,EUR,2026-01-05,2026-02-05,,\nA3,Zoe,10,EUR,2026-01-05,2026-02-05,2026-02-06,\n", withoutCustomers, skipRejects: true);

        Assert.Contains("line 3: customer_id Zoe is unknown: no such row in customers", outcome.Output, StringComparison.Ordinal);
        Assert.Equal(["A1", "A2"], await database.RowsAsync("SELECT invoice_id FROM domain.invoices ORDER BY 1", Token));
        Assert.Empty(await database.RowsAsync("SELECT payment_id FROM domain.payments", Token));
    }

    [Fact]
    public async Task Import_PaymentsOfARejectedInvoice_FallWithIt()
    {
        await using var database = await TestDatabase.MigratedAsync(servers, Token);
        const string TwoParts = """
            name: parts
            defaults: { currency: EUR }
            tables:
              invoices:
                when: issued
                columns: { invoice_id: invoice, customer_id: customer, amount: amount, created_at: issued, due_date: issued }
              payments:
                when: settled
                columns: { payment_id: payment, invoice_id: invoice, amount: amount, paid_at: settled }
            """;

        var outcome = await ImportAsync(
            database, "payment,invoice,customer,amount,issued,settled\n,I1,Nobody,10,2026-01-01,\nP1,I1,,10,,2026-02-01\n", TwoParts, skipRejects: true);

        Assert.Contains("2 lines read, 2 rejected", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("line 3: invoice_id I1 is unknown", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_RecordsOverSeveralLines_KeepTheirLineNumbers()
    {
        await using var database = await TestDatabase.MigratedAsync(servers, Token);

        var outcome = await ImportAsync(database, Header + "A1,\"Ada\nand\nBen\",10,EUR,2026-01-05,2026-02-05,,\n\nA2,\"x\ny\",bad,EUR,2026-01-05,2026-02-05,,\n", skipRejects: true);

        Assert.Contains("  line 6: invoices: amount 'bad' is not a number", outcome.Output, StringComparison.Ordinal);
        Assert.Equal(["Ada\nand\nBen"], await database.RowsAsync("SELECT customer_id FROM domain.customers", Token));
    }

    [Fact]
    public async Task Import_QuoteNeverClosed_StopsInsteadOfReadingOn()
    {
        await using var database = await TestDatabase.MigratedAsync(servers, Token);
        var file = new StringBuilder(Header).Append("A1,\"Ada,10,EUR,2026-01-05,2026-02-05,,\n");
        for (var i = 0; i < 3000; i++)
        {
            file.Append(CultureInfo.InvariantCulture, $"B{i},Ada,10,EUR,2026-01-05,2026-02-05,,\n");
        }

        var outcome = await ImportAsync(database, file.ToString());

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("is a quote not closed?", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_HeaderLacksAColumn_NamesColumnAndKey()
    {
        await using var database = await TestDatabase.MigratedAsync(servers, Token);

        var outcome = await ImportAsync(database, "invoice,customer,currency,issued,due,settled,disputed\n");

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("has no column 'amount', which key 'tables.invoices.columns.amount' of map 'test' reads", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_EmptyFile_SaysSo()
    {
        await using var database = await TestDatabase.MigratedAsync(servers, Token);

        Assert.Contains("is empty", (await ImportAsync(database, "")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_ByteOrderMarkAndHeaderInOtherCase_AreUnderstood()
    {
        await using var database = await TestDatabase.MigratedAsync(servers, Token);

        var outcome = await ImportAsync(database, "\uFEFF" + Header.ToUpperInvariant() + "A1,Ada,10,EUR,2026-01-05,2026-02-05,,\r\n");

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
    }

    [Fact]
    public async Task Import_WindowsEncodingAndDecimalComma_AreReadByTheGermanMap()
    {
        await using var database = await TestDatabase.MigratedAsync(servers, Token);
        using var folder = new TemporaryFolder();
        var file = folder.Write(
            "de.csv", "Rechnungsnr;Kundennr;Kunde;Ort;Datum;Ziel;Betrag;Währung;Bezahlt am;Storniert am\nR1;K1;Müller & Söhne;Köln;31.12.2025;30.01.2026;1.234,50;;15.01.2026;\n",
            CodePagesEncodingProvider.Instance.GetEncoding(1252));

        var outcome = await database.RunAsync(Token, "import", "--map", MapPath("german-invoices.yaml"), "--file", file, "--rejects", folder.PathOf("rejects.csv"));

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        Assert.Equal(["Müller & Söhne|Köln|1234.50|2026-01-30|2026-01-15"], await database.RowsAsync(
            "SELECT c.name, c.city, i.amount, i.due_date::text, (p.paid_at AT TIME ZONE 'UTC')::date::text FROM domain.customers c JOIN domain.invoices i USING (organization_id, customer_id) JOIN domain.payments p USING (organization_id, invoice_id)", Token));
    }

    [Fact]
    public async Task Import_NorthwindOrders_UpdatesWhatWasShippedSince()
    {
        await using var database = await TestDatabase.MigratedAsync(servers, Token);
        using var folder = new TemporaryFolder();
        const string Columns = "order_id,customer_id,company_name,city,country,order_date,required_date,shipped_date,total\n";
        var open = folder.Write("open.csv", Columns + "10248,VINET,Vins et alcools,Reims,France,1996-07-04,1996-08-01,,440.0004\n");
        var shipped = folder.Write("shipped.csv", Columns + "10248,VINET,Vins et alcools,Reims,France,1996-07-04,1996-08-01,1996-07-16,440.0004\n");

        await database.RunAsync(Token, "import", "--map", MapPath("northwind-orders.yaml"), "--file", open);
        var outcome = await database.RunAsync(Token, "import", "--map", MapPath("northwind-orders.yaml"), "--file", shipped);

        Assert.Contains("sales_orders: 0 added, 1 changed", outcome.Output, StringComparison.Ordinal);
        Assert.Equal(["NW-10248|10248|NW-VINET|shipped|440.00"], await database.RowsAsync("SELECT order_id, order_number, customer_id, status, amount FROM domain.sales_orders", Token));
    }

    [Fact]
    public async Task Import_TwoOrganizations_DoNotSeeEachOther()
    {
        await using var database = await TestDatabase.MigratedAsync(servers, Token);
        using var folder = new TemporaryFolder();
        var map = folder.Write("map.yaml", Map);
        var file = folder.Write("in.csv", Header + "A1,Ada,10,EUR,2026-01-05,2026-02-05,,\n");

        foreach (var organization in new[] { "one", "two" })
        {
            var outcome = await database.RunAsync(Token, "import", "--map", map, "--file", file, "--organization", organization);
            Assert.Contains("invoices: 1 added", outcome.Output, StringComparison.Ordinal);
        }

        Assert.Equal(["one|A1", "two|A1"], await database.RowsAsync("SELECT organization_id, invoice_id FROM domain.invoices ORDER BY 1", Token));
        Assert.Equal(["default", "one", "two"], await database.RowsAsync("SELECT organization_id FROM app.organizations ORDER BY 1", Token));
    }

    [Fact]
    public async Task Import_RejectsPathIsAnotherFile_IsNotOverwritten()
    {
        await using var database = await TestDatabase.MigratedAsync(servers, Token);
        using var folder = new TemporaryFolder();
        folder.Write("rejects.csv", "precious\n");

        var outcome = await ImportAsync(database, Header, Map, folder);

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("not a list of rejects", outcome.Error, StringComparison.Ordinal);
        Assert.Equal("precious\n", await File.ReadAllTextAsync(folder.PathOf("rejects.csv"), Token));
    }

    [Fact]
    public async Task Import_CleanRunAfterRejects_RemovesTheOldList()
    {
        await using var database = await TestDatabase.MigratedAsync(servers, Token);
        using var folder = new TemporaryFolder();

        await ImportAsync(database, Header + "A1,Ada,x,EUR,2026-01-05,2026-02-05,,\n", Map, folder);
        Assert.True(File.Exists(folder.PathOf("rejects.csv")));
        await ImportAsync(database, Header + "A1,Ada,1,EUR,2026-01-05,2026-02-05,,\n", Map, folder);

        Assert.False(File.Exists(folder.PathOf("rejects.csv")));
    }

    private static string MapPath(string name) => Path.Combine(TestData.RepositoryRoot, "config", "imports", name);

    private static async Task<CommandOutcome> ImportAsync(
        TestDatabase database, string csv, string map = Map, TemporaryFolder? keep = null, bool skipRejects = false)
    {
        using var own = new TemporaryFolder();
        var folder = keep ?? own;
        string[] arguments =
        [
            "import", "--map", folder.Write("map.yaml", map), "--file", folder.Write("in.csv", csv), "--rejects", folder.PathOf("rejects.csv"),
            .. skipRejects ? ["--skip-rejects"] : Array.Empty<string>(),
        ];
        return await database.RunAsync(Token, arguments);
    }
}
