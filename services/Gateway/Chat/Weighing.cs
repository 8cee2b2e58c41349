using System.Globalization;
using Grpc.Core;
using Platform.Contracts.Common.V1;
using Platform.Contracts.ContextSynthesis.V1;

namespace Platform.Gateway.Chat;

/// <summary>Has the question understood, what was retrieved merged, and a decision weighed when one is asked for.</summary>
internal sealed class Weighing(
    Parts parts, Stages stages, ContextSynthesisService.ContextSynthesisServiceClient synthesis, TimeProvider time)
{
    private const string Dependency = "context-synthesis";

    public async Task<Understanding> UnderstandAsync(AnswerWork work, Addressed addressed, CancellationToken cancellationToken)
    {
        await work.Observer.StageStartedAsync("understanding", cancellationToken);
        UnderstandRequest request = new() { Query = addressed.Query, Conversation = addressed.Conversation };
        request.Mentions.AddRange(addressed.Mentions);
        Part<Understanding> found = await stages.MeasureAsync("understanding", () => parts.AskAsync(
            "understanding", Dependency, work.Context.OrganizationId, request, work.Limits.Understanding,
            synthesis.UnderstandAsync, cancellationToken, remember: true));
        if (found.Failure is not null)
        {
            work.Without.Add("understanding");
        }

        Understanding understanding = found.Value ?? Fallbacks.Understanding(addressed.Query, addressed.Mentions);
        if (work.AsOf is not { } day || understanding.AsOf is not null)
        {
            return understanding;
        }

        // The understanding may be a remembered one, which requests share.
        understanding = understanding.Clone();
        understanding.AsOf = new Date { Iso = day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) };
        return understanding;
    }

    public async Task<SynthesizedContext> SynthesizeAsync(
        AnswerWork work, Addressed addressed, Understanding understanding, IReadOnlyList<EntityRef> entities, Retrieved retrieved,
        CancellationToken cancellationToken)
    {
        await work.Observer.StageStartedAsync("synthesis", cancellationToken);
        SynthesizeRequest request = new()
        {
            Query = addressed.Query,
            Understanding = understanding,
            Conversation = addressed.Conversation,
            DataQuestion = retrieved.DataQuestion,
            PortfolioPatterns = retrieved.PortfolioPatterns,
        };
        request.Mentions.AddRange(addressed.Mentions);
        request.Memories.AddRange(retrieved.Memories);
        request.Patterns.AddRange(retrieved.Patterns);
        request.Facts.AddRange(retrieved.Facts);
        request.Missing.AddRange(retrieved.Missing);
        request.Missing.AddRange(work.Without.Intersect(["entities", "conversation"])
            .Select(part => new MissingPart { Part = part, Reason = "unavailable" }));

        Part<SynthesizedContext> found = await stages.MeasureAsync("synthesis", () => parts.AskAsync(
            "synthesis", Dependency, work.Context.OrganizationId, request, work.Limits.Synthesis,
            synthesis.SynthesizeAsync, cancellationToken));
        if (found.Missing)
        {
            work.Without.Add("synthesis");
        }

        SynthesizedContext synthesized = found.Value ?? Fallbacks.Context(request, entities, time.GetUtcNow());
        if (understanding.Intent == Intent.Decision && entities.Count > 0)
        {
            await DecideAsync(work, understanding, synthesized, cancellationToken);
        }

        return synthesized;
    }

    private async Task DecideAsync(AnswerWork work, Understanding understanding, SynthesizedContext synthesized, CancellationToken cancellationToken)
    {
        await work.Observer.StageStartedAsync("decision", cancellationToken);
        try
        {
            Part<DecisionAnalysis> decision = await stages.MeasureAsync("decision", () => parts.AskAsync(
                "decision", Dependency, work.Context.OrganizationId,
                new AnalyzeDecisionRequest { Framework = understanding.Framework, Context = synthesized },
                work.Limits.Decision, synthesis.AnalyzeDecisionAsync, cancellationToken));
            synthesized.Decision = decision.Value;
        }
        catch (RpcException refusal) when (refusal.StatusCode is StatusCode.InvalidArgument or StatusCode.NotFound or StatusCode.FailedPrecondition)
        {
            // What was retrieved does not allow this decision; the answer says so below.
        }

        if (synthesized.Decision is null)
        {
            work.Without.Add("decision");
            synthesized.Notes.Add(Fallbacks.NoDecision);
        }
    }
}
