using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Dapper;
using Npgsql;
using Xunit;

namespace Platform.EndToEndTests;

/// <summary>Questions made from the sample's customers, each answer against SQL that shares nothing with the services.</summary>
public sealed class SampleQuestionTests(RunningPlatform platform)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Status_OfManyCustomers_FiguresEqualTheirSql()
    {
        List<Account> accounts;
        await using (NpgsqlConnection database = await platform.OpenDatabaseAsync())
        {
            // The planted customers and every fortieth of the others.
            accounts = [.. await database.QueryAsync<Account>("""
                WITH settled AS (
                    SELECT i.customer_id, i.amount, i.due_date, p.paid,
                           CASE WHEN p.paid >= i.amount THEN p.last END AS paid_on
                    FROM domain.invoices i
                    LEFT JOIN LATERAL (SELECT sum(y.amount) AS paid, max((y.paid_at AT TIME ZONE 'UTC')::date) AS last FROM domain.payments y
                                       WHERE y.organization_id = i.organization_id AND y.invoice_id = i.invoice_id) p ON true
                    WHERE i.organization_id = 'default' AND i.voided_at IS NULL)
                SELECT c.name AS "Name", c.currency::text AS "Currency",
                       count(s.amount) FILTER (WHERE s.paid_on IS NULL) AS "Open",
                       coalesce(sum(s.amount - coalesce(s.paid, 0)) FILTER (WHERE s.paid_on IS NULL), 0) AS "Balance",
                       coalesce(sum(s.amount - coalesce(s.paid, 0)) FILTER (WHERE s.paid_on IS NULL AND s.due_date < (now() AT TIME ZONE 'UTC')::date), 0) AS "Overdue",
                       count(s.amount) FILTER (WHERE s.paid_on IS NOT NULL) AS "Paid"
                FROM domain.customers c LEFT JOIN settled s ON s.customer_id = c.customer_id
                WHERE c.organization_id = 'default' AND (c.customer_id <= 'CUS-00020' OR right(c.customer_id, 2)::int % 40 = 0)
                GROUP BY c.customer_id, c.name, c.currency ORDER BY c.customer_id LIMIT 32
                """)];
        }

        Assert.InRange(accounts.Count, 25, 32);
        long started = Stopwatch.GetTimestamp();
        foreach (Account account in accounts)
        {
            if (Stopwatch.GetElapsedTime(started) > Limit)
            {
                break;
            }

            string text = await AnswerAsync($"What is the status of {account.Name}?", "status");

            if (account.Open == 0)
            {
                Holds(account.Name, text, "owes nothing");
            }
            else
            {
                Holds(account.Name, text, $"owes {Money(account.Balance, account.Currency)} on {account.Open} open invoice");
                Holds(account.Name, text, account.Overdue == 0 ? "none of it is overdue" : account.Overdue == account.Balance ? "overdue" : Money(account.Overdue, account.Currency));
            }

            Holds(account.Name, text, account.Paid switch { 0 => "not paid an invoice yet", 1 => "only paid invoice", _ => $"{account.Paid} paid invoices" });
            Assert.DoesNotContain("..", text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("How many customers are in Germany?", "SELECT count(*) FROM domain.customers WHERE organization_id = 'default' AND country = 'Germany'")]
    [InlineData("How many rush orders are there?", "SELECT count(*) FROM domain.sales_orders WHERE organization_id = 'default' AND priority = 'rush'")]
    [InlineData("How many orders are cancelled?", "SELECT count(*) FROM domain.sales_orders WHERE organization_id = 'default' AND status = 'cancelled'")]
    [InlineData("How many orders were placed in January 2026?", "SELECT count(*) FROM domain.sales_orders WHERE organization_id = 'default' AND created_at >= '2026-01-01Z' AND created_at < '2026-02-01Z'")]
    [InlineData("How much did Delta Industries order in 2025?", "SELECT sum(amount) FROM domain.sales_orders WHERE organization_id = 'default' AND customer_id = 'CUS-00001' AND created_at >= '2025-01-01Z' AND created_at < '2026-01-01Z'")]
    [InlineData("How much did Titan Grid Energy pay in 2025?", "SELECT sum(p.amount) FROM domain.payments p JOIN domain.invoices i USING (organization_id, invoice_id) WHERE p.organization_id = 'default' AND i.customer_id = 'CUS-00008' AND p.paid_at >= '2025-01-01Z' AND p.paid_at < '2026-01-01Z'")]
    public async Task Question_OneFigure_EqualsItsSql(string question, string sql)
    {
        string text = await AnswerAsync(question, "data_question");

        await using NpgsqlConnection database = await platform.OpenDatabaseAsync();
        decimal expected = await database.ExecuteScalarAsync<decimal>(sql);
        Assert.NotEqual(0, expected);
        Holds(question, text, expected.ToString(decimal.IsInteger(expected) && expected.Scale == 0 ? "N0" : "N2", CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Remember_IsStoredAndComesBack()
    {
        string note = "call-" + Guid.NewGuid().ToString("N");
        await AnswerAsync($"Remember that Aldermoor Precision prefers {note}", "remember");

        Holds("note", await AnswerAsync("What is the status of Aldermoor Precision?", "status"), note);
    }

    private async Task<string> AnswerAsync(string question, string intent)
    {
        JsonElement answer = await platform.AskAsync(question, user: "sample");
        Assert.Equal((question, intent), (question, answer.GetProperty("intent").GetString()!));
        return answer.GetProperty("answer").GetString()!;
    }

    private static void Holds(string about, string text, params string[] figures) =>
        Assert.All(figures, figure => Assert.True(text.Contains(figure, StringComparison.Ordinal), $"{about}: \"{figure}\" is not in: {text}"));

    private static string Money(decimal amount, string currency) => currency switch
    {
        "USD" => "$" + amount.ToString("N2", CultureInfo.InvariantCulture),
        "EUR" => "€" + amount.ToString("N2", CultureInfo.InvariantCulture),
        "GBP" => "£" + amount.ToString("N2", CultureInfo.InvariantCulture),
        "JPY" => "¥" + amount.ToString("N0", CultureInfo.InvariantCulture),
        _ => currency + " " + amount.ToString("N2", CultureInfo.InvariantCulture),
    };

    private sealed record Account
    {
        public string Name { get; init; } = "";

        public string Currency { get; init; } = "";

        public long Open { get; init; }

        public decimal Balance { get; init; }

        public decimal Overdue { get; init; }

        public long Paid { get; init; }
    }
}
