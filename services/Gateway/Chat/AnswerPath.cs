using Platform.Contracts.Common.V1;
using Platform.Contracts.ContextSynthesis.V1;
using Platform.Contracts.EntityResolution.V1;
using Platform.Contracts.ResponseGeneration.V1;
using Platform.Gateway.Answers;
using Platform.Gateway.Degradation;
using Platform.Gateway.Telemetry;

namespace Platform.Gateway.Chat;

/// <summary>
/// Resolve entities → (memories ∥ patterns ∥ facts ∥ data question) → synthesize → weigh the decision when one is asked
/// for → generate (A2). Every stage has its own limit, none outlasts the whole, and each has a way on without it.
/// </summary>
internal sealed class AnswerPath(
    Addressing addressing,
    Retrieval retrieval,
    Weighing weighing,
    NoteTaking notes,
    Generation generation,
    Stages stages,
    DegradationMonitor degradation,
    GatewayMetrics metrics)
{
    public async Task<Answered> AnswerAsync(AnswerWork work, CancellationToken cancellationToken)
    {
        Addressed addressed = await addressing.ReadAsync(work, cancellationToken);
        IReadOnlyList<EntityView> entities = ChatViews.Entities(addressed.Mentions);
        await work.Observer.EntitiesResolvedAsync(entities, cancellationToken);
        if (addressed.Mentions.FirstOrDefault(m => m.DisambiguationNeeded) is { } ambiguous)
        {
            return await AskBackAsync(work, addressed, ambiguous, entities, cancellationToken);
        }

        Understanding understanding = await weighing.UnderstandAsync(work, addressed, cancellationToken);
        // A follow-up may be about nobody although the conversation was about somebody before.
        EntityRef[] about = [.. understanding.Entities.Count > 0 || understanding.IsFollowUp ? understanding.Entities.Distinct() : Addressing.Entities(addressed.Mentions)];
        string question = understanding.StandaloneQuery.Length > 0 ? understanding.StandaloneQuery : addressed.Query;

        await work.Observer.StageStartedAsync("retrieval", cancellationToken);
        Retrieved retrieved = await stages.MeasureAsync("retrieval", () =>
            retrieval.RetrieveAsync(question, understanding, about, work.Context, cancellationToken));
        work.Without.AddRange(retrieved.Missing.Select(m => m.Part));
        work.Without.AddRange(retrieved.Remembered);

        SynthesizedContext synthesized = await weighing.SynthesizeAsync(work, addressed, understanding, about, retrieved, cancellationToken);
        if (understanding.Intent == Intent.Remember && !await notes.KeepAsync(work, about, cancellationToken))
        {
            synthesized.Notes.Add(Fallbacks.NotRemembered);
        }

        await work.Observer.StageStartedAsync("generation", cancellationToken);
        GenerateResponse written = await stages.MeasureAsync("generation", () => generation.WriteAsync(work, synthesized, cancellationToken));

        ChatResponse response = Respond(work, written, entities, ChatViews.Intent(understanding.Intent)) with
        {
            Decision = ChatViews.Decision(synthesized.Decision),
            Patterns = ChatViews.Insights(synthesized.Patterns),
        };
        metrics.Answered(response);
        return new Answered(response, new AnswerBasis(question, understanding, about, retrieved, [.. synthesized.Dropped], written));
    }

    private async Task<Answered> AskBackAsync(
        AnswerWork work, Addressed addressed, Mention ambiguous, IReadOnlyList<EntityView> entities, CancellationToken cancellationToken)
    {
        Task keep = addressing.KeepOpenAsync(work, addressed.Query, ambiguous, cancellationToken);
        GenerateResponse written = await stages.MeasureAsync("generation", () =>
            generation.WriteDisambiguationAsync(work, addressed.Query, ambiguous, cancellationToken));
        await keep;

        ChatResponse response = Respond(work, written, entities, "disambiguation") with { Disambiguation = ChatViews.Disambiguation(ambiguous) };
        metrics.Answered(response);
        return new Answered(response, null);
    }

    private ChatResponse Respond(AnswerWork work, GenerateResponse written, IReadOnlyList<EntityView> entities, string intent) => new(
        written.Text,
        Math.Round(written.Confidence, 4),
        ChatViews.Sources(written.Sources),
        [.. written.Suggestions],
        Math.Round(written.QualityScore, 4),
        written.PassedQualityGates,
        entities,
        ChatViews.Notes(written.Notes),
        Degradation(work.Without),
        work.Context.RequestId,
        work.Context.SessionId,
        intent,
        written.Method,
        stages.Snapshot(),
        null,
        null,
        [],
        work.Request.ExplainGates ? ChatViews.Gates(written.Gates) : null,
        ChatViews.Model(written.ModelUse));

    private DegradationView Degradation(List<string> without)
    {
        string[] missing = [.. without.Distinct()];
        return new DegradationView(ChatViews.Name(degradation.LevelFor(missing)), missing);
    }
}
