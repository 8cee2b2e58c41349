using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Options;
using Npgsql;
using Platform.Contracts.DataQuestions.V1;
using Platform.DataQuestions.Datasets;

namespace Platform.DataQuestions.Questions;

/// <summary>Answers questions of a few common shapes by templates over a dataset, and refuses the others.</summary>
internal sealed partial class QuestionAnswerer(StatementRunner runner, DimensionValues values, IOptionsMonitor<QuestionOptions> options, DataQuestionsMetrics metrics, TimeProvider clock, ILogger<QuestionAnswerer> logger)
{
    /// <param name="customers">Customers that the question was resolved to.</param>
    /// <param name="report">Told the name of each step as it begins.</param>
    public async Task<AskResponse> AskAsync(
        DatasetDefinition dataset, string organization, string question, IReadOnlyList<(string Id, string Name)> customers, int maxRows, Func<string, Task> report, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        AskResponse response;
        try
        {
            response = await AnswerAsync(dataset, organization, question, customers, maxRows == 0 ? options.CurrentValue.DefaultRows : maxRows, report, cancellationToken);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.QueryCanceled && !cancellationToken.IsCancellationRequested)
        {
            Log.TimedOut(logger, dataset.Name);
            response = Refuse(dataset, new NotUnderstood("timeout", $"The answer took longer than {options.CurrentValue.StatementTimeout.TotalSeconds:0.#} s; ask about a shorter time or one customer."));
        }

        metrics.QuestionAsked(response.Refusal?.Code ?? "answered", clock.GetElapsedTime(started));
        return response;
    }

    private async Task<AskResponse> AnswerAsync(
        DatasetDefinition dataset, string organization, string question, IReadOnlyList<(string Id, string Name)> customers, int maxRows, Func<string, Task> report, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        await report("terms");
        var asked = QuestionWords.Normalise(question);
        var asOf = QuestionPeriods.TakeAsOf(ref asked, today);
        if (asOf > today)
        {
            return Refuse(dataset, new NotUnderstood("unanswerable", string.Create(CultureInfo.InvariantCulture, $"{asOf:yyyy-MM-dd} has not come yet; how things stand can be told of a day up to today.")));
        }

        (question, today) = asOf is { } told ? (asked, told) : (question, today);
        var parser = new QuestionParser(dataset, today);
        var (interpretation, refusal) = parser.Parse(question, customers, []);
        if (refusal is { Unknown.Count: > 0 } && await values.FindAsync(dataset, organization, today, question, cancellationToken) is { Count: > 0 } said)
        {
            // What is no word of the dataset may be one of its data.
            (interpretation, refusal) = parser.Parse(question, customers, said);
        }

        if (refusal is { Unknown.Count: > 0 })
        {
            refusal = await values.ClosestAsync(dataset, organization, today, question, refusal.Unknown, cancellationToken) is { } close
                ? NotUnderstood.Perhaps(question, close.Said, close.Value)
                : NotUnderstood.NoValue(dataset, question, refusal.Unknown) ?? refusal;
        }

        if (interpretation is null)
        {
            return Refuse(dataset, refusal!);
        }

        if (asOf is { } past && past < DateOnly.FromDateTime(now.UtcDateTime) && NowOnly(interpretation) is { } unknown)
        {
            return Refuse(dataset, new NotUnderstood("unanswerable", string.Create(CultureInfo.InvariantCulture, $"\"{unknown}\" is known of {interpretation.Subject.Name} as they are now, not as they were on {past:yyyy-MM-dd}.")));
        }

        if (asOf is { } then)
        {
            // Definitions say "due before today".
            var day = string.Create(CultureInfo.InvariantCulture, $"{then:yyyy-MM-dd}");
            interpretation = interpretation with { AsOf = asOf, Assumptions = [.. interpretation.Assumptions.Select(assumption => assumption.Replace("today", day, StringComparison.Ordinal))] };
        }

        await report("sql");
        var statement = QuestionStatement.Write(interpretation, organization, today, maxRows, options.CurrentValue.DefaultTop);
        await report("execute");
        var table = await runner.RunAsync(statement, maxRows, cancellationToken);
        await report("explain");
        var about = RowEntities.Take(interpretation, table);
        var answer = new Answer
        {
            Text = Explanation.Write(interpretation, table),
            Sql = statement.Sql,
            Result = table,
            Method = Contracts.DataQuestions.V1.Method.Template,
            ExecutedAt = now.ToTimestamp(),
            Dataset = dataset.Name,
        };
        foreach (var (name, value) in statement.Parameters)
        {
            answer.Parameters.Add(name, StatementRunner.ToText(value));
        }

        var parts = Confidence.Parts(interpretation, table);
        foreach (var (name, value) in parts)
        {
            answer.ConfidenceParts.Add(name, value);
        }

        answer.Confidence = Confidence.Total(parts);
        answer.Assumptions.Add(interpretation.Assumptions);
        answer.RowEntities.Add(about);
        if (table.Truncated)
        {
            answer.Warnings.Add($"Only the first {table.Rows.Count} rows are shown.");
        }

        if (interpretation.Measure?.Money == true && CurrencyCount(table) > 1)
        {
            answer.Warnings.Add(interpretation.Shape is Shape.Top or Shape.Group
                ? "The amounts are in several currencies: they are not added up, and ranked within each currency only."
                : "The amounts are in several currencies and are not added up.");
        }

        return new AskResponse { Answer = answer };
    }

    private static string? NowOnly(Interpretation question) =>
        question.Filters.Append(question.Part).FirstOrDefault(filter => filter is { NowOnly: true })?.Name
        ?? (question.Measure is { NowOnly: true } measure ? measure.Name : question.Dimension is { NowOnly: true } dimension ? dimension.Name : null);

    private static int CurrencyCount(Table table)
    {
        var column = table.Columns.Select(item => item.Name).ToList().IndexOf("currency");
        return column < 0 ? 0 : table.Rows.Select(row => row.Cells[column].Text).Distinct(StringComparer.Ordinal).Count();
    }

    private static AskResponse Refuse(DatasetDefinition dataset, NotUnderstood reason)
    {
        var refusal = new Refusal { Code = reason.Code, Text = reason.Text };
        refusal.Suggestions.Add(reason.Ask.Count > 0 ? reason.Ask : dataset.ExampleQuestions);
        return new AskResponse { Refusal = refusal };
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 91, EventName = "QuestionTimedOut", Level = LogLevel.Warning, Message = "The statement of a question about {Dataset} was stopped by its time limit")]
        public static partial void TimedOut(ILogger logger, string dataset);
    }
}
