using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Dapper;
using Npgsql;
using Xunit;

namespace Platform.EndToEndTests;

/// <summary>Answers over the sample data. Every figure is computed here again, by SQL that shares nothing with the services.</summary>
public sealed partial class AnswerTests(RunningPlatform platform)
{
    private const string Delta = "CUS-00001";

    // One row for each invoice: the day on which its payments reached its amount, if they did.
    private const string Settled = """
        WITH settled AS (
          SELECT i.invoice_id, i.amount, i.due_date, (i.created_at AT TIME ZONE 'UTC')::date AS issued,
                 (SELECT min(x.day) FROM (SELECT (p.paid_at AT TIME ZONE 'UTC')::date AS day,
                                                 sum(p.amount) OVER (ORDER BY p.paid_at, p.payment_id) AS running
                                          FROM domain.payments p
                                          WHERE p.organization_id = 'default' AND p.invoice_id = i.invoice_id AND p.paid_at <= now()) x
                  WHERE x.running >= i.amount) AS paid,
                 i.amount - coalesce((SELECT sum(p.amount) FROM domain.payments p
                                      WHERE p.organization_id = 'default' AND p.invoice_id = i.invoice_id AND p.paid_at <= now()), 0) AS open
          FROM domain.invoices i
          WHERE i.organization_id = 'default' AND i.customer_id = @customer AND i.voided_at IS NULL)
        """;

    [Fact]
    public async Task Status_OfDeltaIndustries_EveryFigureEqualsItsSql()
    {
        JsonElement answer = await platform.AskAsync("What is the status of Delta Industries?");
        string text = answer.GetProperty("answer").GetString()!;

        await using NpgsqlConnection database = await platform.OpenDatabaseAsync();
        (long open, decimal balance, long overdue, decimal overdueAmount) = await database.QuerySingleAsync<(long, decimal, long, decimal)>(
            Settled + """
            SELECT count(*) FILTER (WHERE paid IS NULL), coalesce(sum(open) FILTER (WHERE paid IS NULL), 0),
                   count(*) FILTER (WHERE paid IS NULL AND due_date < (now() AT TIME ZONE 'UTC')::date),
                   coalesce(sum(open) FILTER (WHERE paid IS NULL AND due_date < (now() AT TIME ZONE 'UTC')::date), 0)
            FROM settled
            """, new { customer = Delta });
        (long paid, double lateRate, double averageLate, double averageDays, double medianLate) = await database.QuerySingleAsync<(long, double, double, double, double)>(
            Settled + """
            SELECT count(*), avg((paid > due_date)::int)::float8, avg(greatest(paid - due_date, 0))::float8, avg(paid - issued)::float8,
                   percentile_cont(0.5) WITHIN GROUP (ORDER BY greatest(paid - due_date, 0))
            FROM settled WHERE paid IS NOT NULL
            """, new { customer = Delta });
        (decimal creditLimit, int terms) = await database.QuerySingleAsync<(decimal, int)>(
            "SELECT credit_limit, payment_terms_days FROM domain.customers WHERE organization_id = 'default' AND customer_id = @customer", new { customer = Delta });

        Holds(text, Dollars(balance), $"{open} open invoices", Dollars(overdueAmount), Percent((double)(overdueAmount / balance)));
        Holds(text, $"on {overdue} invoice", Percent(lateRate), $"{paid} paid invoices", Days(averageLate), Days(averageDays), Days(medianLate));
        Holds(text, Dollars(creditLimit), $"{terms} days", Percent((double)(balance / creditLimit)));
        Assert.Equal("status", answer.GetProperty("intent").GetString());
        Assert.Contains(answer.GetProperty("sources").EnumerateArray(), s => s.GetProperty("evidence").EnumerateArray().Any(e => e.GetProperty("totalRows").GetInt64() == open));
    }

    [Fact]
    public async Task Status_Ageing_AddsUpToTheBalance()
    {
        JsonElement answer = await platform.AskAsync("What is the status of Delta Industries?");

        decimal[] rows = [.. AgeingRow().Matches(answer.GetProperty("answer").GetString()!)
            .Select(m => decimal.Parse(m.Groups[1].Value, NumberStyles.Number, CultureInfo.InvariantCulture))];
        Assert.Equal(6, rows.Length);
        Assert.Equal(rows[^1], rows[..^1].Sum());
    }

    [Fact]
    public async Task Patterns_OfDeltaIndustries_AreThePlantedOnesWithTheirRows()
    {
        JsonElement answer = await platform.AskAsync("What patterns do you see with Delta Industries?");

        JsonElement[] patterns = [.. answer.GetProperty("patterns").EnumerateArray()];
        JsonElement shift = patterns.Single(p => p.GetProperty("type").GetString() == "payment_timing_shift");
        JsonElement rush = patterns.Single(p => p.GetProperty("type").GetString() == "rush_order_frequency");

        // Planted: payments 14 days later from 150 days ago (docs/sample-data.md).
        Assert.InRange(shift.GetProperty("effect").GetProperty("value").GetDouble(), 10, 18);
        DateOnly planted = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime).AddDays(-150);
        DateOnly found = DateOnly.ParseExact(shift.GetProperty("changedOn").GetString()!, "yyyy-MM-dd", CultureInfo.InvariantCulture);
        Assert.InRange(found.DayNumber - planted.DayNumber, -45, 45);
        Assert.True(rush.GetProperty("effect").GetProperty("value").GetDouble() > 0);

        await using NpgsqlConnection database = await platform.OpenDatabaseAsync();
        string[] invoices = [.. shift.GetProperty("evidence").EnumerateArray().Where(e => e.GetProperty("table").GetString() == "domain.invoices")
            .SelectMany(e => e.GetProperty("rowIds").EnumerateArray()).Select(r => r.GetString()!)];
        Assert.NotEmpty(invoices);
        long own = await database.ExecuteScalarAsync<long>(
            "SELECT count(*) FROM domain.invoices WHERE organization_id = 'default' AND customer_id = @customer AND invoice_id = ANY(@invoices)",
            new { customer = Delta, invoices });
        Assert.Equal(invoices.Distinct().Count(), own);
    }

    [Fact]
    public async Task Decision_OnDeltaIndustries_AdvisesAgainstLongerTermsAndNamesThePlantedEvidence()
    {
        JsonElement answer = await platform.AskAsync("Should we extend payment terms to Delta Industries?");

        JsonElement decision = answer.GetProperty("decision");
        Assert.Equal("extend_payment_terms", decision.GetProperty("framework").GetString());
        JsonElement against = decision.GetProperty("against");
        Assert.Contains(against.EnumerateArray(), c => c.GetProperty("key").GetString() == "payment_timing_shift");
        Assert.NotEmpty(decision.GetProperty("wouldChange").EnumerateArray());
        double extend = decision.GetProperty("options").EnumerateArray().Single(o => o.GetProperty("name").GetString() == "extend").GetProperty("score").GetDouble();
        Assert.True(decision.GetProperty("options").EnumerateArray().All(o => o.GetProperty("score").GetDouble() >= extend), decision.GetRawText());
    }

    [Fact]
    public async Task Question_HowManyInvoicesAreOverdue_EqualsTheCount()
    {
        JsonElement answer = await platform.AskAsync("How many invoices are overdue?");

        await using NpgsqlConnection database = await platform.OpenDatabaseAsync();
        long overdue = await database.ExecuteScalarAsync<long>(
            """
            SELECT count(*) FROM domain.invoices i
            WHERE i.organization_id = 'default' AND i.voided_at IS NULL AND i.due_date < (now() AT TIME ZONE 'UTC')::date AND i.created_at <= now()
              AND i.amount > coalesce((SELECT sum(p.amount) FROM domain.payments p
                                       WHERE p.organization_id = 'default' AND p.invoice_id = i.invoice_id AND p.paid_at <= now()), 0)
            """);
        Holds(answer.GetProperty("answer").GetString()!, overdue.ToString("N0", CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Conversation_They_IsTheCustomerOfTheSession()
    {
        string session = RunningPlatform.NewSession();
        await platform.AskAsync("What is the status of Delta Industries?", session);
        await platform.TurnRecordedAsync(session, 1);

        JsonElement answer = await platform.AskAsync("What patterns do you see with them?", session);

        Assert.Equal("conversation", answer.GetProperty("entities")[0].GetProperty("matchType").GetString());
        Assert.Contains("Delta Industries", answer.GetProperty("answer").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AmbiguousName_IsAskedBackChosenAndRemembered()
    {
        const string organization = "default";
        string session = RunningPlatform.NewSession();
        JsonElement question = await platform.AskAsync("What is the status of Meridian Textiles?", session, user: "chooser");
        JsonElement[] candidates = [.. question.GetProperty("disambiguation").GetProperty("candidates").EnumerateArray()];
        Assert.True(candidates.Length >= 2);

        JsonElement answer = await platform.AskAsync("the second one", session, user: "chooser");

        string chosen = candidates[1].GetProperty("name").GetString()!;
        Assert.Contains(chosen, answer.GetProperty("answer").GetString(), StringComparison.Ordinal);
        await using NpgsqlConnection database = await platform.OpenDatabaseAsync();
        long aliases = await database.ExecuteScalarAsync<long>(
            "SELECT count(*) FROM app.entity_aliases WHERE organization_id = @organization AND lower(alias) = 'meridian textiles' AND origin = 'choice' AND created_by = 'chooser'",
            new { organization });
        Assert.Equal(1, aliases);
    }

    [Fact]
    public async Task UnknownCustomer_IsSaidNotGuessed()
    {
        JsonElement answer = await platform.AskAsync("What is the status of Zyxwvut Umbrella Rockets?");

        Assert.Contains("no customer", answer.GetProperty("answer").GetString(), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotMatch(@"\d", answer.GetProperty("answer").GetString());
    }

    [Fact]
    public async Task Answer_IsRecordedOnceWithItsFullRecord()
    {
        string session = RunningPlatform.NewSession();
        JsonElement answer = await platform.AskAsync("What is the status of Delta Industries?", session);
        await platform.TurnRecordedAsync(session, 1);

        using HttpClient http = platform.CreateClient();
        JsonElement turn = default;
        await RunningPlatform.EventuallyAsync(
            async () =>
            {
                JsonElement conversation = JsonElement.Parse(await http.GetStringAsync($"/api/conversations/{session}", TestContext.Current.CancellationToken));
                turn = conversation.GetProperty("recent")[0];
                return turn.GetProperty("record").ValueKind == JsonValueKind.Object;
            },
            TimeSpan.FromSeconds(15),
            "the record follows its turn");
        Assert.Equal(answer.GetProperty("requestId").GetString(), turn.GetProperty("requestId").GetString());
        Assert.Equal(answer.GetProperty("answer").GetString(), turn.GetProperty("answer").GetString());
        Assert.Equal(turn.GetProperty("requestId").GetString(), turn.GetProperty("record").GetProperty("response").GetProperty("requestId").GetString());
    }

    [Fact]
    public async Task Organization_WithoutData_SeesNothingOfOthers()
    {
        JsonElement answer = await platform.AskAsync("What is the status of Delta Industries?", organization: "empty-org");

        Assert.Empty(answer.GetProperty("entities").EnumerateArray());
        Assert.DoesNotContain("$", answer.GetProperty("answer").GetString(), StringComparison.Ordinal);
    }

    private static void Holds(string text, params string[] figures) =>
        Assert.All(figures, figure => Assert.Contains(figure, text, StringComparison.Ordinal));

    private static string Dollars(decimal amount) => "$" + amount.ToString("N2", CultureInfo.InvariantCulture);

    private static string Percent(double share) => (share * 100).ToString("0.#", CultureInfo.InvariantCulture) + "%";

    private static string Days(double days) => days.ToString("0.#", CultureInfo.InvariantCulture) + " day";

    [GeneratedRegex(@"\|[^|\n]*\| (?:\*\*)?\d+(?:\*\*)? \| (?:\*\*)?\$([\d,.]+)(?:\*\*)? \|")]
    private static partial Regex AgeingRow();
}
