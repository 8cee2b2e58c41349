using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using Platform.Contracts.DataQuestions.V1;
using Platform.Contracts.Memory.V1;
using Platform.Contracts.PatternAnalysis.V1;
using Platform.Gateway.Chat;
using Platform.Gateway.Customers;
using Platform.Gateway.Interactions;

namespace Platform.Gateway.Answers;

/// <summary>Hands what was asked and answered on to Memory, with the record of how it came about.</summary>
internal sealed class AnswerRecording(InteractionQueue interactions, TimeProvider time)
{
    // As many rows as a conversation keeps (memory.proto).
    private const int MostListed = 50;

    /// <summary>Build of this gateway, with the commit it was made from.</summary>
    public static string Build { get; } =
        typeof(AnswerRecording).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <summary>Returns once the event is safe, or after the publish limit. A question back is no turn yet.</summary>
    public ValueTask KeepAsync(AnswerWork work, Answered answered, CancellationToken cancellationToken)
    {
        if (answered.Basis is not { } basis)
        {
            return ValueTask.CompletedTask;
        }

        Interaction interaction = new()
        {
            RequestId = work.Context.RequestId,
            SessionId = work.Context.SessionId,
            UserId = work.Context.UserId,
            OrganizationId = work.Context.OrganizationId,
            Query = work.Request.Query,
            Answer = answered.Response.Answer,
            Intent = answered.Response.Intent,
            Confidence = answered.Response.Confidence,
            At = Timestamp.FromDateTimeOffset(time.GetUtcNow()),
            RecordJson = Json(work, answered),
            Question = basis.Question,
            Listed = Listed(basis),
        };
        interaction.Topics.AddRange(basis.Understanding.Topics);
        interaction.Entities.AddRange(basis.Entities);

        // The only row of an answer about nobody in particular is what the conversation is about now.
        if (basis.Entities.Count == 0 && interaction.Listed is { Entities: [var only] })
        {
            interaction.Entities.Add(only);
        }

        return interactions.EnqueueAsync(interaction, cancellationToken);
    }

    // A figure about a customer lists nothing and leaves the lists before it; one about nobody begins something else.
    private static Listing? Listed(AnswerBasis basis) => basis.Retrieved.DataQuestion?.Answer is { } answer && (answer.RowEntities.Count > 0 || basis.Entities.Count == 0)
        ? new Listing { Entities = { answer.RowEntities.Take(MostListed) } }
        : null;

    public static string Json(AnswerWork work, Answered answered) => answered.Basis is { } basis
        ? JsonSerializer.Serialize(Record(work, answered.Response, basis), ReadableJson.Answers.AnswerRecordView)
        : "";

    private static AnswerRecordView Record(AnswerWork work, ChatResponse response, AnswerBasis basis) => new(
        work.Request.Query!,
        basis.Question,
        basis.Understanding.AsOf?.Iso,
        work.Request.Culture,
        Activity.Current?.TraceId.ToHexString(),
        response with { Gates = ChatViews.Gates(basis.Written.Gates) },
        Retrieved(basis),
        Versions(response));

    public static VersionsView Versions(ChatResponse response) =>
        new(Build, response.Model?.PromptName, response.Model?.PromptVersion, response.Model?.Provider, response.Model?.Model);

    public static RetrievedView Retrieved(AnswerBasis basis) => new(
        [.. basis.Retrieved.Facts.Select(Facts)],
        [.. basis.Retrieved.Patterns.Select(p => new RetrievedPatternsView(
            p.Customer is null ? null : ChatViews.Entity(p.Customer), p.DataVersion, ChatViews.Moment(p.ComputedAt), ChatViews.Name(p.Tier), p.Stale,
            [.. p.Insights.Select(Insight)])),
            .. (basis.Retrieved.PortfolioPatterns?.Entries ?? []).Select(e => new RetrievedPatternsView(
                ChatViews.Entity(e.Customer), e.Insight.DataVersion, ChatViews.Moment(e.ComputedAt), "portfolio", false, [Insight(e.Insight)]))],
        [.. basis.Retrieved.Memories.Select(m => new RetrievedMemoryView(
            m.Memory.Id, ChatViews.Name(m.Memory.Kind), m.Memory.Text, ChatViews.Moment(m.Memory.CreatedAt), Math.Round(m.Score, 4)))],
        basis.Retrieved.DataQuestion is { } asked ? Data(asked) : null,
        [.. basis.Retrieved.Missing.Select(m => new MissingView(m.Part, m.Reason))],
        basis.Retrieved.Remembered,
        basis.Dropped);

    private static RetrievedInsightView Insight(Insight insight) =>
        new(insight.Id, insight.Type, insight.Text, Math.Round(insight.Confidence, 4), insight.DataVersion);

    private static RetrievedFactsView Facts(EntityFacts facts) => new(
        facts.Entity is null ? null : ChatViews.Entity(facts.Entity), facts.AsOf?.Iso, ChatViews.Moment(facts.ReadAt), facts.Stale, facts.SqlSources,
        [.. facts.Facts.Select(f => new RetrievedFactView(f.Kind, ValueView.From(f.Value), f.Evidence is null ? null : ChatViews.Evidence([f.Evidence])[0]))]);

    private static RetrievedDataView Data(AskResponse asked) => asked.Answer is { } answer
        ? new(answer.Sql, answer.Parameters, ChatViews.Name(answer.Method), answer.Confidence, answer.Cached, answer.Result?.Rows.Count ?? 0, ChatViews.Moment(answer.ExecutedAt), null)
        : new(null, new Dictionary<string, string>(), null, null, false, 0, null, asked.Refusal?.Code ?? "unanswered");
}
