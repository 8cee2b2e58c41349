using Microsoft.Extensions.Logging.Abstractions;
using Platform.PatternAnalysis.Histories;
using Platform.PatternAnalysis.Statistics;
using Platform.Testing;

namespace Platform.PatternAnalysis.Tests.Histories;

/// <summary>What is usual among customers is kept for an hour of time that passes, whatever the wall clock says.</summary>
public sealed class PeerReaderTests(DomainDatabase database) : IClassFixture<DomainDatabase>
{
    private static readonly DateOnly Day = new(2026, 3, 1);

    [Theory]
    [InlineData(3)]
    [InlineData(-3)]
    public async Task Find_WallClockJumps_KeptForAnHourAllTheSame(int hours)
    {
        var token = TestContext.Current.CancellationToken;
        var time = new ManualTime();
        var reader = new PeerReader(database.Source, time, NullLogger<PeerReader>.Instance);
        var first = await reader.FindAsync("o", Day, HistoryParts.PeerPayments, token);

        time.Jump(TimeSpan.FromHours(hours));
        time.Advance(TimeSpan.FromMinutes(59));
        Assert.Same(first, await reader.FindAsync("o", Day, HistoryParts.PeerPayments, token));

        time.Advance(TimeSpan.FromMinutes(1));
        Assert.NotSame(first, await reader.FindAsync("o", Day, HistoryParts.PeerPayments, token));
    }

    /// <summary>Some invoices open, some paid, some customers with too few; the same estimates as from the histories that detectors see.</summary>
    [Fact]
    public async Task Find_EnoughInvoices_AutocorrelationOfTheirHistories()
    {
        var token = TestContext.Current.CancellationToken;
        await database.ExecuteAsync("""
            SELECT setseed(0.3);
            INSERT INTO domain.customers (organization_id, customer_id, name, currency, created_at) SELECT 'alike', 'C' || i, 'Customer ' || i, 'EUR', '2020-01-01Z' FROM generate_series(1, 45) i;
            INSERT INTO domain.invoices (organization_id, invoice_id, invoice_number, customer_id, amount, currency, created_at, due_date)
            SELECT 'alike', 'I' || c || '-' || n, 'IN' || c || '-' || n, 'C' || c, 100, 'EUR', timestamptz '2026-03-01Z' - (n * 9 + 30) * interval '1 day', date '2026-03-01' - n * 9 FROM generate_series(1, 45) c, generate_series(0, CASE WHEN c % 5 = 0 THEN 22 ELSE 40 END) n;
            INSERT INTO domain.payments (organization_id, payment_id, invoice_id, amount, currency, paid_at)
            SELECT organization_id, 'P' || invoice_id, invoice_id, 100, 'EUR', due_date + (random() * 20) * interval '1 day' FROM domain.invoices WHERE organization_id = 'alike';
            CREATE INDEX ON domain.payments (organization_id, invoice_id);
            """);

        var found = (await new PeerReader(database.Source, new ManualTime(), NullLogger<PeerReader>.Instance).FindAsync("alike", Day, HistoryParts.PeerPayments, token)).Payments!.Autocorrelation;

        List<(double, int)> expected = [];
        var histories = new HistoryReader(database.Source);
        for (var customer = 1; customer <= 45; customer++)
        {
            var invoices = await histories.InvoicesAsync(new Subject("alike", $"C{customer}", "", "EUR", "active", Day), token);
            if (invoices.Count >= AutocorrelationPeers.FewestInvoices)
            {
                Assert.Contains(invoices, invoice => invoice.IsOpen);
                expected.Add((RankScan.Autocorrelation([.. invoices.Select(invoice => (double)invoice.DaysLate)], [.. invoices.Select(invoice => invoice.IsOpen)], 5), invoices.Count));
            }
        }

        var wanted = AutocorrelationPeers.Fit(expected)!;
        Assert.Equal(36, expected.Count);
        Assert.Equal(wanted.Mean, found!.Mean, 9);
        Assert.Equal(wanted.Variance, found.Variance, 9);
    }
}
