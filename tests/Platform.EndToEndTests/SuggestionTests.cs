using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Dapper;
using Npgsql;
using Xunit;

namespace Platform.EndToEndTests;

/// <summary>What the platform proposes to ask, it answers: suggestions of every intent, the page's first questions, the examples of the help.</summary>
public sealed partial class SuggestionTests(RunningPlatform platform, ITestOutputHelper output)
{
    private const int Most = 60;
    private const int Parallel = 4;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(40);

    // Every intent, and every way of not being able to answer.
    private static readonly string[] Openings =
    [
        "Hello", "What can you do?", "What is the status of Delta Industries?", "What is the status of Aldermoor Precision?", "What patterns do you see with Delta Industries?",
        "Compare Delta Industries and Titan Grid Energy", "Should we extend payment terms to Titan Grid Energy?", "Should we raise the credit limit of Delta Industries?",
        "Orders per month", "Which colour do our customers like?", "Tell me a joke", "Will Titan Grid Energy pay next month?", "What is the status of Qwertzuiop Unlimited?",
        "What is the status of Delta?", "Should we extend payment terms?", "Remember that Titan Grid Energy prefers e-mail", "How much is overdue in total?",
        "Which customers started paying later?", "How much does Titan Grid Energy owe us?", "Why?",
    ];

    private readonly HashSet<(string Intent, string Question)> asked = [];
    private readonly List<string> unanswered = [];

    [Fact]
    public async Task Suggestions_AskedBackInTheirConversation_AreAllAnswered()
    {
        await using (NpgsqlConnection database = await platform.OpenDatabaseAsync())
        {
            await RunningPlatform.EventuallyAsync(
                async () => await database.ExecuteScalarAsync<bool>("SELECT EXISTS (SELECT FROM app.customer_patterns WHERE organization_id = 'default')"),
                TimeSpan.FromSeconds(30), "a customer is analyzed");
        }

        long started = Stopwatch.GetTimestamp();
        List<Task<string[]>> first = [PageQuestionsAsync(), HelpExamplesAsync()];
        await System.Threading.Tasks.Parallel.ForEachAsync(
            Openings.Concat((await Task.WhenAll(first)).SelectMany(q => q)).Distinct().Select((q, i) => (Question: q, Number: i)),
            new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = TestContext.Current.CancellationToken },
            async (item, _) => await FollowAsync(item.Question, isProposed: item.Number >= Openings.Length, $"suggest-{item.Number}", started));

        await ForgetChoicesAsync();
        output.WriteLine($"{asked.Count} suggestions in {Stopwatch.GetElapsedTime(started).TotalSeconds:0} s");
        Assert.True(unanswered.Count == 0, $"{unanswered.Count} of {asked.Count} suggestions were not answered:\n" + string.Join('\n', unanswered));
        Assert.InRange(asked.Count, 35, Most);
    }

    private async Task FollowAsync(string opening, bool isProposed, string user, long started)
    {
        await using NpgsqlConnection database = await platform.OpenDatabaseAsync();
        string session = Guid.NewGuid().ToString("N");
        if (isProposed && !Take("first", opening, started))
        {
            return;
        }

        JsonElement answer = await platform.AskAsync(opening, session, user);
        if (isProposed)
        {
            Check(opening, "", answer);
        }

        string intent = answer.GetProperty("intent").GetString()!;
        int turn = 1;
        foreach (string suggestion in answer.GetProperty("suggestions").EnumerateArray().Select(s => s.GetString()!).Where(s => Take(intent, s, started)).ToList())
        {
            // What was asked before reaches the conversation in the background; a question back is not part of it.
            if (intent is "status" or "pattern" or "comparison" or "decision" or "data_question")
            {
                await RunningPlatform.EventuallyAsync(
                    async () => await database.ExecuteScalarAsync<long?>("SELECT turns FROM app.conversations WHERE session_id = @session", new { session }) >= turn,
                    TimeSpan.FromSeconds(15), $"turn {turn} of \"{opening}\" is kept");
            }

            turn++;
            Check(suggestion, opening, await platform.AskAsync(suggestion, session, user));
        }
    }

    /// <summary>A suggestion that settles which customer was meant is remembered for the whole organization: other tests ask back again.</summary>
    private async Task ForgetChoicesAsync()
    {
        await using NpgsqlConnection database = await platform.OpenDatabaseAsync();
        using HttpClient http = platform.CreateClient();
        foreach (string alias in await database.QueryAsync<string>("SELECT id::text FROM app.entity_aliases WHERE organization_id = 'default' AND created_by LIKE 'suggest-%'"))
        {
            (await http.DeleteAsync(new Uri($"api/entities/aliases/{alias}", UriKind.Relative), TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
        }
    }

    private bool Take(string intent, string question, long started)
    {
        lock (asked)
        {
            return asked.Count < Most && Stopwatch.GetElapsedTime(started) < Limit && asked.Add((intent, question));
        }
    }

    private void Check(string question, string opening, JsonElement answer)
    {
        string text = answer.GetProperty("answer").GetString()!;
        string? why = answer.GetProperty("intent").GetString() is not ("status" or "pattern" or "comparison" or "decision" or "data_question") and var intent ? $"intent {intent}"
            : Refusals().Match(text) is { Success: true } refusal ? $"\"{refusal.Value}\""
            : !answer.GetProperty("passedQualityGates").GetBoolean() ? "gates not passed"
            : answer.GetProperty("sources").GetArrayLength() == 0 ? "no source"
            : !text.Any(char.IsAsciiDigit) ? "no figure" : null;
        if (why is not null)
        {
            lock (asked)
            {
                unanswered.Add($"\"{question}\" after \"{opening}\": {why}: {text.ReplaceLineEndings(" ")[..Math.Min(200, text.Length)]}");
            }
        }
    }

    private async Task<string[]> PageQuestionsAsync()
    {
        using HttpClient http = platform.CreateClient();
        string script = await http.GetStringAsync(new Uri("chat.js", UriKind.Relative), TestContext.Current.CancellationToken);
        string[] questions = [.. Quoted().Matches(PageExamples().Match(script).Value).Select(m => m.Groups["said"].Value)];
        Assert.InRange(questions.Length, 2, 8);
        return questions;
    }

    /// <summary>The questions that the help quotes, without those that are for a reader to fill in and those that need an earlier one.</summary>
    private async Task<string[]> HelpExamplesAsync()
    {
        JsonElement help = await platform.AskAsync("What can you do?", user: "suggest-help");
        string[] questions = [.. Quoted().Matches(help.GetProperty("answer").GetString()!).Select(m => m.Groups["said"].Value)
            .Where(q => q.Split(' ').Length > 2 && !q.Contains("another customer", StringComparison.Ordinal) && !q.StartsWith("Remember", StringComparison.Ordinal) && !q.StartsWith("And ", StringComparison.Ordinal))];
        Assert.InRange(questions.Length, 4, 12);
        return questions;
    }

    [GeneratedRegex(@"\bI (?:cannot|could not|do not|am not|found no customer)\b|outside of what|Which customers? (?:do you mean|is this|should)|[Pp]lease (?:name|check|ask(?! again)|rephrase)|not understand|You can ask for")]
    private static partial Regex Refusals();

    [GeneratedRegex(@"const examples = \[[^\]]*\]")]
    private static partial Regex PageExamples();

    [GeneratedRegex("\"(?<said>[^\"\n]+)\"")]
    private static partial Regex Quoted();
}
