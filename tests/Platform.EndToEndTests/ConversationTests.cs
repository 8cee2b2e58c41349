using System.Globalization;
using System.Text.Json;
using Dapper;
using Npgsql;
using Xunit;

namespace Platform.EndToEndTests;

/// <summary>Questions that need what was said before, each answer against SQL that shares nothing with the services.</summary>
public sealed class ConversationTests(RunningPlatform platform)
{
    [Fact]
    public async Task DataQuestion_TimePlaceAndRowsAreExchanged_FiguresEqualTheirSql()
    {
        IReadOnlyList<JsonElement> answers = await AskAsync(
            "How many orders were placed in January 2026?", "and in February 2026?", "and in Germany?", "only the rush ones", "which customers placed them?");

        Assert.All(answers, answer => Assert.Equal("data_question", answer.GetProperty("intent").GetString()));
        await using NpgsqlConnection database = await platform.OpenDatabaseAsync();
        const string Orders = "SELECT count(*) FROM domain.sales_orders o JOIN domain.customers c USING (organization_id, customer_id) WHERE organization_id = 'default'";
        const string February = $"{Orders} AND o.created_at >= '2026-02-01Z' AND o.created_at < '2026-03-01Z'";
        const string Germany = $"{February} AND c.country = 'Germany'";
        string[] statements = [$"{Orders} AND o.created_at >= '2026-01-01Z' AND o.created_at < '2026-02-01Z'", February, Germany, $"{Germany} AND o.priority = 'rush'"];
        for (int turn = 0; turn < statements.Length; turn++)
        {
            long count = await database.ExecuteScalarAsync<long>(statements[turn]);
            Assert.True(count > 1, statements[turn]);
            Assert.StartsWith($"There are {count.ToString("N0", CultureInfo.InvariantCulture)} ", Text(answers[turn]), StringComparison.Ordinal);
        }

        Assert.Contains("by customer", Text(answers[4]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ListedRows_AreSpokenOfByNumber()
    {
        string[] ranked;
        await using (NpgsqlConnection database = await platform.OpenDatabaseAsync())
        {
            ranked = [.. await database.QueryAsync<string>("""
                SELECT c.name FROM domain.invoices i JOIN domain.customers c USING (organization_id, customer_id)
                WHERE organization_id = 'default' AND i.currency = 'EUR' AND i.voided_at IS NULL GROUP BY c.customer_id, c.name ORDER BY sum(i.amount) DESC LIMIT 3
                """)];
        }

        IReadOnlyList<JsonElement> answers = await AskAsync("Top 3 customers by revenue in EUR", "what is the status of the second one?", "how much does it owe?", "and the third?");

        Assert.Contains($"**{ranked[1]}**", Text(answers[1]), StringComparison.Ordinal);
        Assert.Contains($"**{ranked[1]}**", Text(answers[2]), StringComparison.Ordinal);
        Assert.Contains($"**{ranked[2]}**", Text(answers[3]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Decision_WhatWouldChangeIt_IsTheSameDecision()
    {
        IReadOnlyList<JsonElement> answers = await AskAsync("Should we raise the credit limit of Delta Industries?", "what would change your mind?");

        Assert.Equal("decision", answers[1].GetProperty("intent").GetString());
        Assert.StartsWith(Text(answers[0]).Split('\n')[0], Text(answers[1]), StringComparison.Ordinal);
        int change = Text(answers[1]).IndexOf("**What would change this**", StringComparison.Ordinal);
        Assert.InRange(change, 1, Text(answers[1]).IndexOf("The main reason", StringComparison.Ordinal));
    }

    [Fact]
    public async Task VagueWord_EveryQuestionOfferedInsteadIsAnswered()
    {
        JsonElement[] vague = [.. await AskAsync("Which customers are at risk?"), .. await AskAsync("How healthy are our receivables?"), .. await AskAsync("How concentrated is our revenue?")];

        foreach (string offered in vague.SelectMany(answer => answer.GetProperty("suggestions").EnumerateArray()).Select(question => question.GetString()!))
        {
            JsonElement answer = (await AskAsync(offered))[0];
            Assert.True(answer.GetProperty("sources").GetArrayLength() > 0, $"{offered}: {Text(answer)}");
        }

        Assert.All(vague, answer => Assert.NotEmpty(answer.GetProperty("suggestions").EnumerateArray()));
    }

    [Fact]
    public async Task FollowUpAtOnce_KnowsTheTurnBefore()
    {
        // Code that records turns for the first time takes longer than a conversation waits.
        await AskAsync("How many customers in Hamburg?", "and in Rotterdam?");
        string session = RunningPlatform.NewSession();
        string[] places = ["Hamburg", "Rotterdam", "Leipzig", "Denver"];
        long[] counts = new long[places.Length];
        await using (NpgsqlConnection database = await platform.OpenDatabaseAsync())
        {
            for (int place = 0; place < places.Length; place++)
            {
                counts[place] = await database.ExecuteScalarAsync<long>("SELECT count(*) FROM domain.customers WHERE organization_id = 'default' AND city = @city", new { city = places[place] });
            }
        }

        for (int place = 0; place < places.Length; place++)
        {
            string question = place == 0 ? "How many customers in Hamburg?" : $"and in {places[place]}?";
            JsonElement answer = await platform.AskAsync(question, session, user: "conversation");
            Assert.StartsWith($"There are {counts[place]} customers in {places[place]}.", Text(answer), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task NothingWasSaidBefore_SaysSo()
    {
        JsonElement answer = (await AskAsync("and in Germany?"))[0];

        Assert.NotEqual("data_question", answer.GetProperty("intent").GetString());
        Assert.Empty(answer.GetProperty("sources").EnumerateArray());
    }

    private async Task<IReadOnlyList<JsonElement>> AskAsync(params string[] questions)
    {
        string session = RunningPlatform.NewSession();
        List<JsonElement> answers = [];
        foreach (string question in questions)
        {
            answers.Add(await platform.AskAsync(question, session, user: "conversation"));
            await platform.TurnRecordedAsync(session, answers.Count);
        }

        return answers;
    }

    private static string Text(JsonElement answer) => answer.GetProperty("answer").GetString()!;
}
