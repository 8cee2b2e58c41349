using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Dapper;
using Npgsql;
using Platform.Testing;
using Xunit;

namespace Platform.EndToEndTests.Figures;

/// <summary>
/// Q3: questions of every intent, made from the customers of the sample and of imported real invoices. Every figure of every
/// answer has to be one that the SQL of this test gives for the customers that it is about.
/// </summary>
public sealed partial class GeneratedQuestionTests(RunningPlatform platform, ITestOutputHelper output)
{
    private const string Receivables = "q3-receivables";
    private const int Parallel = 4;

    private static readonly string[] Facts =
    [
        "How much does {0} owe us?", "Does {0} pay on time?", "When did {0} last order?", "When did {0} last pay?",
        "How close is {0} to its credit limit?", "How many orders does {0} have open?",
    ];

    private static readonly string[] Decisions =
    [
        "Should we extend payment terms to {0}?", "Should we raise the credit limit of {0}?", "Should we chase {0} for its overdue invoices or wait?",
        "Should we accept a rush order from {0}?", "Should we offer {0} an early-payment discount?", "Should we put {0} on hold?",
    ];

    private int asked;
    private int figures;
    private int measured;

    [Fact]
    public async Task Answers_SampleCustomers_EveryFigureEqualsItsSql()
    {
        List<(string Id, string Name)> customers;
        await using (NpgsqlConnection database = await platform.OpenDatabaseAsync())
        {
            customers = [.. await database.QueryAsync<(string, string)>(
                "SELECT customer_id, name FROM domain.customers WHERE organization_id = 'default' AND (customer_id <= 'CUS-00018' OR right(customer_id, 2)::int % 60 = 0) ORDER BY 1 LIMIT 24")];
        }

        List<Question> questions = [];
        foreach (var (customer, i) in customers.Select((c, i) => (c, i)))
        {
            questions.Add(new Question("default", $"What is the status of {customer.Name}?", "status", [customer.Id]));
            questions.AddRange(Facts.Where((_, k) => (k + i) % 2 == 0).Select(f => new Question("default", Fill(f, customer.Name), null, [customer.Id])));
            questions.Add(new Question("default", Fill(Decisions[i % Decisions.Length], customer.Name), "decision", [customer.Id]));
            questions.Add(new Question("default", $"What patterns do you see with {customer.Name}?", "pattern", [customer.Id]));
            // Not two of the names that share "Delta": those are asked back about.
            if (i >= 7)
            {
                questions.Add(new Question("default", $"Compare {customer.Name} and {customers[i - 7].Name}", "comparison", [customer.Id, customers[i - 7].Id]));
            }

            if (i % 2 == 0)
            {
                var other = customers[(i + 5) % customers.Count];
                questions.Add(new Question("default", $"How much does {customer.Name} owe us?", "status", [customer.Id])
                {
                    // The time that was asked for stays until another is.
                    Then = [("And last year?", "status", [customer.Id], -1), ($"What about {other.Name}?", "status", [other.Id], -1)],
                });
            }
        }

        await AskAsync(questions);

        output.WriteLine($"{asked} questions, {figures} figures, of {measured} the clause tells which they are");
        Assert.True(asked >= 150, $"{asked} questions");
        Assert.True(figures >= 1_000, $"{figures} figures");
        Assert.True(measured >= 400, $"{measured} figures in clauses that tell which they are");
    }

    [Fact]
    public async Task Answers_RealInvoices_EveryFigureEqualsItsSql()
    {
        string invoices = TestData.Find("receivables/ibm_invoices_public.csv");
        await MigrationsCommand.RunAsync(
            platform, "import", "--map", Path.Combine(TestData.RepositoryRoot, "config/imports/ibm-invoices.yaml"), "--file", invoices, "--organization", Receivables);
        List<(string Id, string Name)> customers;
        await using (NpgsqlConnection database = await platform.OpenDatabaseAsync())
        {
            customers = [.. await database.QueryAsync<(string, string)>("SELECT customer_id, name FROM domain.customers WHERE organization_id = @Receivables ORDER BY 1", new { Receivables })];
        }

        DateOnly end = new(2012, 12, 31);
        List<Question> questions = [.. customers.SelectMany((c, i) => new[]
        {
            new Question(Receivables, $"What is the status of {c.Name} as of 2012-12-31?", "status", [c.Id]) { Day = end },
            new Question(Receivables, Fill(i % 2 == 0 ? "How much did {0} owe us as of 2012-12-31?" : "How late did {0} pay as of 2012-12-31?", c.Name), "status", [c.Id]) { Day = end },
        })];

        await AskAsync(questions);

        output.WriteLine($"{asked} questions, {figures} figures");
        Assert.True(asked >= 80, $"{asked} questions");
        Assert.True(figures >= 500, $"{figures} figures");
    }

    [Theory]
    [InlineData("How much is overdue in total?", "status", "SELECT i.currency::text, sum(i.amount - coalesce(p.paid, 0)) FROM domain.invoices i LEFT JOIN LATERAL (SELECT sum(y.amount) AS paid FROM domain.payments y WHERE y.organization_id = i.organization_id AND y.invoice_id = i.invoice_id) p ON true WHERE i.organization_id = 'default' AND i.voided_at IS NULL AND coalesce(p.paid, 0) < i.amount AND i.due_date < (now() AT TIME ZONE 'UTC')::date GROUP BY 1")]
    [InlineData("Overdue amount by currency", "data_question", "SELECT i.currency::text, sum(i.amount - coalesce(p.paid, 0)) FROM domain.invoices i LEFT JOIN LATERAL (SELECT sum(y.amount) AS paid FROM domain.payments y WHERE y.organization_id = i.organization_id AND y.invoice_id = i.invoice_id) p ON true WHERE i.organization_id = 'default' AND i.voided_at IS NULL AND coalesce(p.paid, 0) < i.amount AND i.due_date < (now() AT TIME ZONE 'UTC')::date GROUP BY 1")]
    public async Task Answers_Portfolio_EveryCurrencyEqualsItsSql(string question, string intent, string sql)
    {
        JsonElement answer = await platform.AskAsync(question, user: "q3-portfolio");

        await using NpgsqlConnection database = await platform.OpenDatabaseAsync();
        List<(string Currency, decimal Amount)> expected = [.. await database.QueryAsync<(string, decimal)>(sql)];
        Assert.Equal(intent, answer.GetProperty("intent").GetString());
        Assert.NotEmpty(expected);
        List<decimal> said = [.. SaidFigures.In(answer.GetProperty("answer").GetString()!, []).Where(f => f.Kind is "money" or "count").Select(f => f.Value)];
        Assert.All(expected, e => Assert.True(said.Contains(e.Amount), $"{e.Amount} {e.Currency} is not in: {answer.GetProperty("answer").GetString()}"));
    }

    [Fact]
    public async Task Answers_PatternsOfAllCustomers_NameThePlantedOnes()
    {
        await RunningPlatform.EventuallyAsync(async () =>
        {
            await using NpgsqlConnection database = await platform.OpenDatabaseAsync();
            return await database.ExecuteScalarAsync<long>("SELECT count(*) FROM app.customer_patterns WHERE organization_id = 'default' AND pattern_type = '_outcomes'") >= 560;
        }, TimeSpan.FromSeconds(60), "every customer was analyzed");

        await SaysAsync("Which customers started paying later?", "have started to pay later|has started to pay later", "Delta Industries", "Cobalt Freight Lines Inc.");
        await SaysAsync("Which customers pay earlier than before?", "started to pay earlier", "Cobalt Freight Lines Inc.", "Delta Industries");
        await SaysAsync("Who orders more rush?", "more rush than before", "Delta Industries", "Rapid Response Medical LLC");
        await SaysAsync("Have any customers gone quiet?", "gone quiet", "Kestrel Print Works Ltd", "Delta Industries");
    }

    [Fact]
    public async Task Answers_FittedAndRankedPatterns_EqualTheirOwnComputation()
    {
        await using NpgsqlConnection database = await platform.OpenDatabaseAsync();
        await RunningPlatform.EventuallyAsync(
            async () => await database.ExecuteScalarAsync<long>("SELECT count(*) FROM app.customer_patterns WHERE organization_id = 'default' AND pattern_type = '_outcomes'") >= 560,
            TimeSpan.FromSeconds(60), "every customer was analyzed");
        List<(string Id, string Name, string Type)> customers = [.. await database.QueryAsync<(string, string, string)>("""
            SELECT customer_id, name, pattern_type
            FROM (SELECT c.customer_id, c.name, p.pattern_type, row_number() OVER (PARTITION BY p.pattern_type ORDER BY p.confidence DESC, c.customer_id) AS place
                  FROM app.customer_patterns p JOIN domain.customers c USING (organization_id, customer_id)
                  WHERE p.organization_id = 'default' AND p.pattern_type IN ('peer_percentile', 'revenue_concentration', 'order_trend', 'order_seasonality') AND p.confidence >= 0.8) best
            WHERE place <= 6
            """)];

        await AskAsync([.. customers.DistinctBy(c => c.Id).Select(c => new Question("default", $"What patterns do you see with {c.Name}?", "pattern", [c.Id]))]);

        output.WriteLine($"{asked} questions, {figures} figures; {string.Join(", ", customers.GroupBy(c => c.Type).Select(g => $"{g.Key} {g.Count()}"))}");
        Assert.Superset(new HashSet<string>(["peer_percentile", "revenue_concentration", "order_trend", "order_seasonality"]), customers.Select(c => c.Type).ToHashSet());
    }

    private async Task SaysAsync(string question, string words, string named, string notNamed)
    {
        JsonElement answer = await platform.AskAsync(question, user: "q3-patterns");
        string text = answer.GetProperty("answer").GetString()!;
        Assert.Equal("pattern", answer.GetProperty("intent").GetString());
        Assert.Matches(words, text);
        Assert.Contains(named, text, StringComparison.Ordinal);
        Assert.DoesNotContain(notNamed, text, StringComparison.Ordinal);
        Assert.Matches(@"\*\*\d+ of 560 customers analyzed", text);
    }

    private async Task AskAsync(IReadOnlyList<Question> questions)
    {
        List<string> wrong = [];
        await System.Threading.Tasks.Parallel.ForEachAsync(
            questions.Select((q, i) => (Question: q, Number: i)),
            new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = TestContext.Current.CancellationToken },
            async (item, _) =>
            {
                await using NpgsqlConnection database = await platform.OpenDatabaseAsync();
                string session = Guid.NewGuid().ToString("N");
                Question question = item.Question;
                string user = $"q3-{item.Number % 40}";
                IEnumerable<string> mistakes = await CheckAsync(database, question.Text, question.Intent, question, question.Customers, question.Day, session, user);
                int turn = 1;
                foreach ((string text, string intent, string[] customers, int years) in question.Then)
                {
                    // What was asked before reaches the conversation in the background.
                    await RunningPlatform.EventuallyAsync(
                        async () => await database.ExecuteScalarAsync<long?>("SELECT turns FROM app.conversations WHERE session_id = @session", new { session }) >= turn,
                        TimeSpan.FromSeconds(15), $"turn {turn} of the conversation is kept");
                    turn++;
                    mistakes = mistakes.Concat(await CheckAsync(database, text, intent, question, customers, Today.AddYears(years), session, user));
                }

                lock (wrong)
                {
                    wrong.AddRange(mistakes);
                }
            });
        Assert.True(wrong.Count == 0, $"{wrong.Count} figures are not those of the SQL:\n" + string.Join('\n', wrong.Take(90)));
    }

    private async Task<List<string>> CheckAsync(
        NpgsqlConnection database, string text, string? intent, Question question, string[] customers, DateOnly? asOf, string session, string user)
    {
        JsonElement answer = await platform.AskAsync(text, session, user, question.Organization);
        KnownFigures known = await KnownFigures.ReadAsync(database, question.Organization, customers, asOf ?? Today);
        string found = answer.GetProperty("intent").GetString()!;
        if (intent is not null && intent != found)
        {
            return [$"{text}: {found} instead of {intent}"];
        }

        List<string> mistakes = await PatternFigures.AddAsync(database, question.Organization, answer.GetProperty("patterns"), known, asOf);
        string written = Parts(answer.GetProperty("answer").GetString()!, found);
        IReadOnlyList<SaidFigure> said = SaidFigures.In(written, known.Names);
        Interlocked.Increment(ref asked);
        Interlocked.Add(ref figures, said.Count);
        if (!answer.GetProperty("passedQualityGates").GetBoolean())
        {
            mistakes.Add($"{text}: the gates flag the answer: {answer.GetProperty("answer").GetString()!.ReplaceLineEndings(" ")}");
        }

        List<(SaidFigure Said, string Column, string Clause)> spoken = [.. SpokenMeasures.In(written, known.Names)];
        Interlocked.Add(ref measured, spoken.Count);
        mistakes.AddRange(spoken.Where(s => !known.Holds(s.Said, s.Column)).Select(s => $"{text}: \"{s.Said.Said}\" is not {s.Column} in …{s.Clause}…"));
        return [.. mistakes, .. said.Where(f => !known.Holds(f)).Select(f => $"{text}: \"{f.Said}\" ({f.Kind}) in …{Around(written, f.Said)}…")];
    }

    private static DateOnly Today => DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);

    /// <summary>
    /// The parts that state data. Left out: statistics of a pattern (basis, interval, why too few rows say nothing), assumptions and thresholds of a decision, which are the framework's and tested there, its confidence, and notes as they were written.
    /// </summary>
    internal static string Parts(string answer, string intent)
    {
        string text = Statistics().Replace(answer, "");
        return intent == "decision" ? Weighing().Replace(Confidence().Replace(text, ""), "") : text;
    }

    private static string Around(string text, string said)
    {
        int at = text.IndexOf(said, StringComparison.Ordinal);
        int from = Math.Max(0, at - 60);
        return at < 0 ? "" : text[from..Math.Min(text.Length, at + said.Length + 60)].Replace('\n', ' ');
    }

    private static string Fill(string template, string name) => string.Format(CultureInfo.InvariantCulture, template, name);

    [GeneratedRegex(@"Basis: [^\n]*|Suggested step: [^\n]*|\(95 % interval [^)]*\)|There is too little data [^\n]*|: ""[^""\n]*""")]
    private static partial Regex Statistics();

    [GeneratedRegex(@"Confidence \d+%; risk[^\n]*")]
    private static partial Regex Confidence();

    // From the money on to the notes: assumptions, thresholds, options.
    [GeneratedRegex(@"\*\*(?:Money|Assumptions|What would change this)\*\*.*?(?=\*\*Not known\*\*|\*\*Please note\*\*|_Figures as of|$)", RegexOptions.Singleline)]
    private static partial Regex Weighing();

    private sealed record Question(string Organization, string Text, string? Intent, string[] Customers)
    {
        public DateOnly? Day { get; init; }

        public (string Text, string Intent, string[] Customers, int Years)[] Then { get; init; } = [];
    }
}
