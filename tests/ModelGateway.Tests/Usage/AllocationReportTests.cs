using Platform.ModelGateway.Usage;

namespace Platform.ModelGateway.Tests.Usage;

public sealed class AllocationReportTests
{
    [Fact]
    public void Of_AnyLedger_LinesAddUpToTheTotalToTheCent()
    {
        var random = new Random(31);
        string[] currencies = ["USD", "EUR", "JPY", "KWD"];
        for (var round = 0; round < 500; round++)
        {
            var markup = random.Next(100, 300) / 100m;
            var sums = Enumerable.Range(0, random.Next(1, 60)).Select(line => Sum(currencies[random.Next(4)], random.NextInt64(0, 5_000_000_000) / 1_000_000_000m, $"o{line}")).ToArray();

            var report = AllocationReport.Of(sums, markup);

            Assert.Equal(sums.Sum(sum => sum.Cost), report.Totals.Sum(total => total.Cost));
            foreach (var total in report.Totals)
            {
                var lines = report.Lines.Where(line => line.Sum.Currency == total.Currency).ToArray();
                var coin = total.Currency switch { "JPY" => 1m, "KWD" => 0.001m, _ => 0.01m };
                Assert.Equal(total.Cost, lines.Sum(line => line.Sum.Cost));
                Assert.Equal(total.Cost * markup, total.Charged);
                Assert.Equal(total.Charged, lines.Sum(line => line.Charged));
                Assert.Equal(total.Billed, lines.Sum(line => line.Billed));
                Assert.True(Math.Abs(total.Billed - total.Charged) <= coin / 2, $"{total}");
                Assert.All(lines, line => Assert.True(Math.Abs(line.Billed - line.Charged) < coin && line.Billed % coin == 0, $"{line}"));
            }
        }
    }

    [Fact]
    public void Of_UnknownCosts_AreInNoTotal()
    {
        var report = AllocationReport.Of([Sum("USD", 1m, "a"), Sum(null, 0m, "b") with { Unpriced = 3 }], 1.2m);

        var total = Assert.Single(report.Totals);
        Assert.Equal(("USD", 1m, 1.2m, 1.2m), (total.Currency, total.Cost, total.Charged, total.Billed));
    }

    [Fact]
    public void Line_UnknownCost_IsBlankNotZero()
    {
        var report = AllocationReport.Of([Sum(null, 0m, "b") with { Unpriced = 3 }], 1.2m);

        Assert.Equal("acme,b,model-x,3,0,0,0,0,,,,,,,unknown,3\r\n", AllocationCsv.Line("acme", report.Lines[0]));
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("a\"b", "\"a\"\"b\"")]
    [InlineData("+1", "'+1")]
    [InlineData("-1", "'-1")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData(" =1+1", "' =1+1")]
    [InlineData("\t=1", "'\t=1")]
    [InlineData("\r=1", "\"'\r=1\"")]
    [InlineData("two\r\nlines", "\"two\r\nlines\"")]
    [InlineData("", "")]
    public void Text_Anything_IsQuotedAndHarmless(string text, string expected)
    {
        Assert.Equal(expected, AllocationCsv.Text(text));
    }

    private static AllocationSum Sum(string? currency, decimal cost, string operation) =>
        new(operation, "model-x", "", 0, currency is null ? "unknown" : "2026-01", currency, 3, 0, TokenCount.None, cost);
}
