using Platform.Migrations.Import;
using Platform.Testing;
using Xunit;

namespace Platform.Migrations.Tests.Import;

public sealed class MapReaderTests
{
    private const string Valid = """
        name: test
        defaults: { currency: EUR }
        tables:
          customers:
            columns:
              customer_id: id
              name: { from: [trade, legal], prefix: "x" }
              created_at: { from: day, addDays: 3 }
        """;

    public static TheoryData<string> ShippedMaps =>
        [.. Directory.GetFiles(Path.Combine(TestData.RepositoryRoot, "config", "imports"), "*.yaml").Select(path => Path.GetFileName(path))];

    [Theory]
    [MemberData(nameof(ShippedMaps))]
    public async Task Read_ShippedMap_IsValidAndNamedAfterItsFile(string file)
    {
        var text = await File.ReadAllTextAsync(Path.Combine(TestData.RepositoryRoot, "config", "imports", file), TestContext.Current.CancellationToken);

        Assert.Equal(Path.GetFileNameWithoutExtension(file), MapReader.Read(text, file).Name);
    }

    [Fact]
    public async Task Read_MapInTheDocumentation_IsValid()
    {
        var text = await File.ReadAllTextAsync(Path.Combine(TestData.RepositoryRoot, "docs", "bring-your-own-data.md"), TestContext.Current.CancellationToken);
        var start = text.IndexOf("```yaml", StringComparison.Ordinal) + 7;

        var map = MapReader.Read(text[start..text.IndexOf("```", start, StringComparison.Ordinal)], "bring-your-own-data.md");

        Assert.Equal(["customers", "invoices", "payments"], map.Tables.Select(table => table.Relation.Name));
    }

    [Fact]
    public void Read_ValidMap_KeepsWhatItSays()
    {
        var table = Assert.Single(MapReader.Read(Valid, "m.yaml").Tables);

        Assert.Equal(("customers", WhenDifferent.Keep), (table.Relation.Name, table.WhenDifferent));
        Assert.Equal(["id"], Column(table, "customer_id").Sources);
        Assert.Equal(["trade", "legal"], Column(table, "name").Sources);
        Assert.Equal("x", Column(table, "name").Prefix);
        Assert.Equal(3, Column(table, "created_at").AddDays);
        Assert.Equal("EUR", Column(table, "currency").Constant);
    }

    [Fact]
    public void Read_InvoiceNumberNotMapped_TakesTheIdWithoutItsPrefix()
    {
        var map = MapReader.Read("""
            name: test
            defaults: { currency: EUR }
            tables:
              invoices:
                columns:
                  invoice_id: { from: nr, prefix: "R-" }
                  customer_id: c
                  amount: a
                  created_at: d
                  due_date: d
            """, "m.yaml");

        var number = Column(Assert.Single(map.Tables), "invoice_number");
        Assert.Equal(("nr", ""), (Assert.Single(number.Sources), number.Prefix));
    }

    [Theory]
    [InlineData("name: test", "title: test", "line 1", "no key 'title'")]
    [InlineData("name: test", "", "'name' is missing")]
    [InlineData("currency: EUR", "currency: euro", "'defaults.currency' 'euro' is not an ISO 4217")]
    [InlineData("defaults: { currency: EUR }", "", "'tables.customers.columns.currency' is missing")]
    [InlineData("customers:", "clients:", "no key 'tables.clients'", "customers, sales_orders, invoices, payments")]
    [InlineData("customer_id: id", "customer: id", "no key 'tables.customers.columns.customer'")]
    [InlineData("customer_id: id", "city: id", "'tables.customers.columns.customer_id' is missing")]
    [InlineData("customer_id: id", "customer_id:", "'tables.customers.columns.customer_id' must not be empty")]
    [InlineData("customer_id: id", "organization_id: id", "no key 'tables.customers.columns.organization_id'")]
    [InlineData("from: day, addDays: 3", "from: day, value: x", "'tables.customers.columns.created_at' needs either 'from'")]
    [InlineData("from: day, addDays: 3", "addDays: 3", "'tables.customers.columns.created_at' needs either 'from'")]
    [InlineData("addDays: 3", "addDays: soon", "'tables.customers.columns.created_at.addDays' is 'soon'", "line 8")]
    [InlineData("prefix: \"x\"", "addDays: 3", "'tables.customers.columns.name.addDays' is only for dates")]
    [InlineData("prefix: \"x\"", "round: true", "'tables.customers.columns.name.round' is only for amounts")]
    [InlineData("prefix: \"x\"", "prefx: \"x\"", "no key 'tables.customers.columns.name.prefx'")]
    [InlineData("name: test", "name: test\ndates: DD.MM.YYYY", "'dates' 'DD.MM.YYYY' is not a date format")]
    [InlineData("name: test", "name: test\ndates: [yyyy-MM-dd, q]", "'dates' 'q' is not a date format")]
    [InlineData("name: test", "name: test\ndecimalSeparator: ;", "'decimalSeparator' is ';'; allowed is ., ,")]
    [InlineData("name: test", "name: test\ncsv: { delimiter: x }", "'csv.delimiter' is 'x'")]
    [InlineData("name: test", "name: test\ncsv: { encoding: ebcdic }", "'csv.encoding' is 'ebcdic'")]
    [InlineData("    columns:", "    whenDifferent: maybe\n    columns:", "'tables.customers.whenDifferent' is 'maybe'")]
    [InlineData("tables:", "tables: 5\nother:", "no key 'other'")]
    [InlineData("name: test", "name: [", "not valid YAML")]
    public void Read_BadMap_NamesFileLineAndKey(string right, string wrong, params string[] expected)
    {
        var exception = Assert.Throws<MigrationException>(() => MapReader.Read(Valid.Replace(right, wrong, StringComparison.Ordinal), "m.yaml"));

        Assert.StartsWith("m.yaml, line ", exception.Message, StringComparison.Ordinal);
        Assert.All(expected, part => Assert.Contains(part, exception.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Read_EmptyFile_IsRefused() => Assert.Throws<MigrationException>(() => MapReader.Read("", "m.yaml"));

    private static ColumnMap Column(TableMap table, string name) => table.Columns.Single(column => column.Target.Name == name);
}
