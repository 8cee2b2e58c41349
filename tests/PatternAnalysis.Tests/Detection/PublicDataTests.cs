using System.Globalization;
using Platform.PatternAnalysis.Histories;
using Platform.PatternAnalysis.Tests.Generation;
using Platform.Testing;

namespace Platform.PatternAnalysis.Tests.Detection;

/// <summary>Late payments (IBM sample) and late deliveries (USAID) of others: insights rest on rows of the file, and shuffled days give none.</summary>
public sealed class PublicDataTests(ITestOutputHelper output)
{
    private const string Ibm = "receivables/ibm_invoices_public.csv";
    private const string Scms = "receivables/scms_public.csv";

    [Theory]
    [InlineData(Ibm, "customer_id", "invoice_number", "due_date", "settled_date", "amount")]
    [InlineData(Scms, "vendor", "line_id", "scheduled_delivery_date", "delivered_date", "line_value_usd")]
    public void Conclude_PublicHistories_EvidenceRowsAreInTheFile(string file, string customer, string id, string due, string done, string amount)
    {
        var rows = Read(file, customer, id, due, done, amount);
        foreach (var history in Customers(rows))
        {
            foreach (var insight in DefaultDetectors.Conclude(history).Insights)
            {
                output.WriteLine(insight.Text);
                var own = history.Invoices.ToDictionary(row => row.Id);
                Assert.All(insight.Evidence.SelectMany(evidence => evidence.RowIds), row => Assert.Contains(row, own));
                Assert.All(insight.Evidence.SelectMany(evidence => evidence.RowIds), row => Assert.True(own[row].DueOn >= DateOnly.Parse(insight.ChangedOn.Iso, CultureInfo.InvariantCulture)));
                Assert.Equal(history.Invoices.Count(row => row.DueOn >= DateOnly.Parse(insight.ChangedOn.Iso, CultureInfo.InvariantCulture)), insight.Evidence[0].TotalRows, 3.0);
            }
        }
    }

    [Theory]
    [InlineData(Ibm, "customer_id", "invoice_number", "due_date", "settled_date", "amount")]
    [InlineData(Scms, "vendor", "line_id", "scheduled_delivery_date", "delivered_date", "line_value_usd")]
    public void Conclude_ShuffledDays_NoMoreThanThePromisedFalseAlarms(string file, string customer, string id, string due, string done, string amount)
    {
        var random = new Random(71);
        var (accused, judged) = (0, 0);
        foreach (var history in Customers(Read(file, customer, id, due, done, amount)))
        {
            for (var round = 0; round < 20; round++)
            {
                int[] late = [.. history.Invoices.Select(row => row.DaysLate)];
                random.Shuffle(late);
                var shuffled = history with { Invoices = [.. history.Invoices.Select((row, i) => row with { DaysLate = late[i] })] };
                accused += DefaultDetectors.Conclude(shuffled).Insights.Count > 0 ? 1 : 0;
                judged++;
            }
        }

        output.WriteLine($"{accused} of {judged}");

        // 1 % promised, and three standard deviations.
        Assert.InRange((double)accused / judged, 0, 0.01 + (3 * Math.Sqrt(0.01 * 0.99 / judged)));
    }

    private static IEnumerable<CustomerHistory> Customers(List<(string Customer, SettlementRow Row)> rows)
    {
        var last = rows.Max(row => row.Row.DueOn.AddDays(Math.Max(0, row.Row.DaysLate)));
        return rows.GroupBy(row => row.Customer).Where(group => group.Count() >= 12).Select(group => new CustomerHistory(
            new Subject("default", group.Key, group.Key, "USD", "active", last), [],
            [.. group.Select(row => row.Row).OrderBy(row => row.DueOn).ThenBy(row => row.Id, StringComparer.Ordinal)]));
    }

    private static List<(string Customer, SettlementRow Row)> Read(string file, string customer, string id, string due, string done, string amount)
    {
        var lines = File.ReadLines(TestData.Find(file)).Select(Cells).ToList();
        var columns = lines[0].Select((name, index) => (name, index)).ToDictionary(column => column.name, column => column.index);
        List<(string, SettlementRow)> rows = [];
        foreach (var cells in lines.Skip(1).Where(cells => cells.Count == lines[0].Count && cells[columns[due]].Length > 0 && cells[columns[done]].Length > 0))
        {
            var dueOn = DateOnly.Parse(cells[columns[due]], CultureInfo.InvariantCulture);
            var doneOn = DateOnly.Parse(cells[columns[done]], CultureInfo.InvariantCulture);
            rows.Add((cells[columns[customer]], new SettlementRow(cells[columns[id]], dueOn, doneOn.DayNumber - dueOn.DayNumber, false, decimal.Parse(cells[columns[amount]], CultureInfo.InvariantCulture), "USD")));
        }

        return rows;
    }

    private static List<string> Cells(string line)
    {
        List<string> cells = [];
        var cell = new System.Text.StringBuilder();
        var isQuoted = false;
        foreach (var character in line)
        {
            if (character == '"')
            {
                isQuoted = !isQuoted;
            }
            else if (character == ',' && !isQuoted)
            {
                cells.Add(cell.ToString());
                cell.Clear();
            }
            else
            {
                cell.Append(character);
            }
        }

        return [.. cells, cell.ToString()];
    }
}
