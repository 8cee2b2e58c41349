using Microsoft.Extensions.Options;
using Platform.Contracts.Common.V1;
using Platform.Contracts.ContextSynthesis.V1;
using Platform.Contracts.EntityResolution.V1;
using Platform.Contracts.ResponseGeneration.V1;
using Platform.ResponseGeneration.Gates;
using Platform.ResponseGeneration.Models;
using Platform.ResponseGeneration.Writing;

namespace Platform.ResponseGeneration.Generation;

/// <summary>Writes the answer, has a model phrase it where one is to be had, and checks whatever is shown.</summary>
internal sealed partial class AnswerGenerator(
    ModelWriter models, Drafts drafts, IOptionsMonitor<GenerationOptions> options, GenerationMetrics metrics, TimeProvider clock, ILogger<AnswerGenerator> logger)
{
    /// <param name="request">The context.</param>
    /// <param name="language">Numbers and dates.</param>
    /// <param name="deadline">When the caller stops waiting.</param>
    /// <param name="sink">Gets the text as it becomes certain; what it has in the end is the text of the answer.</param>
    /// <param name="cancellationToken">The caller's.</param>
    public async Task<GenerateResponse> GenerateAsync(GenerateRequest request, Language language, DateTimeOffset? deadline, IAnswerSink sink, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        var context = request.Context;
        var draft = drafts.Of(context, language);
        var outcome = AnswerWriter.IsFixed(context)
            ? ModelOutcome.NotAvailable
            : await models.WriteAsync(context, draft.Body, language, deadline, sink, cancellationToken);

        var response = new GenerateResponse { Confidence = ConfidenceOf(context) };
        GateReport report;
        if (outcome is { Text: { } text, Report: { } checkedText })
        {
            response.Text = text + draft.Closing;
            await sink.TextAsync(draft.Closing, cancellationToken);
            response.Method = outcome.IsFallback ? "model_fallback" : "model";
            response.ModelUse = outcome.Use;
            report = checkedText;
        }
        else
        {
            response.Text = draft.Text;
            foreach (var sentence in Sentences.Of(draft.Text))
            {
                await sink.TextAsync(sentence, cancellationToken);
            }

            response.Method = "writer";
            report = draft.Check(context, language);
            if (!report.Passed)
            {
                Log.WriterFailedGate(logger, context.Understanding?.Intent ?? Intent.Unspecified, string.Join("; ", report.Gates.Where(g => !g.Passed).Select(g => g.Gate)));
            }
        }

        response.Notes.AddRange(context.Notes);
        if (outcome is { Tried: true, Text: null })
        {
            metrics.FellBack("writer");
            response.Confidence = Math.Min(response.Confidence, options.CurrentValue.FallbackConfidence);
            response.Notes.Add(new ConfidenceNote { Code = "model_unavailable", Severity = Severity.Info, Text = "This answer was put together without a language model, because none gave a usable text in time." });
        }

        response.QualityScore = report.Score;
        response.PassedQualityGates = report.Passed;
        response.Sources.AddRange(Referenced(context, response.Text));
        response.Suggestions.AddRange(Suggestions.For(context));
        if (request.ExplainGates)
        {
            response.Gates.AddRange(report.Gates);
        }

        metrics.Written(response, context.Understanding?.Complexity ?? Complexity.Unspecified, report.Gates, clock.GetElapsedTime(started));
        return response;
    }

    public static GenerateResponse Disambiguate(IReadOnlyList<Mention> mentions, Language language)
    {
        var response = new GenerateResponse
        {
            Text = AnswerWriter.Disambiguation(mentions, language),
            Confidence = 1,
            QualityScore = 1,
            PassedQualityGates = true,
            Method = "writer",
        };

        // Each candidate is an answer that settles the question.
        response.Suggestions.AddRange(mentions.Where(m => m.Match is null || m.DisambiguationNeeded).SelectMany(m => m.Candidates)
            .Select(c => c.Entity?.Name ?? string.Empty).Where(n => n.Length > 0).Distinct().Take(5));
        return response;
    }

    private static double ConfidenceOf(SynthesizedContext context) =>
        context.Decision is { Recommended.Length: > 0 } decision ? Math.Min(context.Confidence, decision.Confidence) : context.Confidence;

    /// <summary>The sources that the text refers to; all of them when it refers to none.</summary>
    private static IEnumerable<Source> Referenced(SynthesizedContext context, string text)
    {
        var used = context.Sources.Where(s => text.Contains($"[{s.Id}]", StringComparison.Ordinal)).ToList();
        return used.Count > 0 ? used : context.Sources;
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, EventName = "WriterFailedGate", Level = LogLevel.Warning, Message = "The writer's answer to a question of intent {Intent} did not pass: {Gates}")]
        public static partial void WriterFailedGate(ILogger logger, Intent intent, string gates);
    }
}
