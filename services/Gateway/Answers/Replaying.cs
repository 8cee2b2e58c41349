using System.Globalization;
using System.Text.Json;
using Platform.Contracts.Memory.V1;
using Platform.Gateway.Chat;
using Platform.ServiceDefaults;

namespace Platform.Gateway.Answers;

/// <summary>Asks a recorded question again, as of the day it was asked, and tells what its answer rests on that has changed.</summary>
internal sealed class Replaying(AnswerPath answers, TimeProvider time)
{
    public async Task<ReplayView> ReplayAsync(AnswerRecord recorded, RequestContext context, ChatOptions limits, CancellationToken cancellationToken)
    {
        AnswerRecordView before = JsonSerializer.Deserialize(recorded.RecordJson, ReadableJson.Answers.AnswerRecordView)!;

        // The words as asked, unless only the conversation of then made them a whole question.
        string question = before.StandaloneQuestion is { Length: > 0 } standalone && standalone != before.Question ? standalone : recorded.Query;
        DateOnly day = DateOnly.FromDateTime(recorded.At.ToDateTimeOffset().UtcDateTime);
        bool isPast = day < DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);

        AnswerWork work = new(
            new ChatRequest(question, null, before.Culture, ExplainGates: true), context, limits, SilentObserver.Instance, isPast ? day : null);
        Answered now = await answers.AnswerAsync(work, cancellationToken);
        IReadOnlyList<ChangeView> changes = Changes(before, now);
        return new ReplayView(
            recorded.RequestId, question, isPast ? day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : null, changes.Count == 0, changes, now.Response);
    }

    private static List<ChangeView> Changes(AnswerRecordView before, Answered now)
    {
        RetrievedView? after = now.Basis is { } basis ? AnswerRecording.Retrieved(basis) : null;
        List<ChangeView> changes = [];
        Compare(changes, "fact", Facts(before.Retrieved), Facts(after));
        Compare(changes, "pattern", Patterns(before.Retrieved), Patterns(after));
        Compare(changes, "decision", Decision(before.Response), Decision(now.Response));
        Compare(changes, "version", Versions(before.Versions), Versions(AnswerRecording.Versions(now.Response)));
        return changes;
    }

    private static void Compare(List<ChangeView> changes, string what, Dictionary<string, string?> before, Dictionary<string, string?> after) =>
        changes.AddRange(before.Keys.Union(after.Keys)
            .Select(name => new ChangeView(what, name, before.GetValueOrDefault(name), after.GetValueOrDefault(name)))
            .Where(change => change.Before != change.After));

    private static Dictionary<string, string?> Facts(RetrievedView? retrieved) => ByName((retrieved?.Facts ?? []).SelectMany(
        facts => facts.Facts, (facts, fact) => ($"{facts.Entity?.Name ?? "all customers"}: {fact.Kind}", (string?)fact.Value.ToText())));

    private static Dictionary<string, string?> Patterns(RetrievedView? retrieved) => ByName((retrieved?.Patterns ?? []).SelectMany(
        patterns => patterns.Insights, (patterns, insight) => ($"{patterns.Customer?.Name}: {insight.Type}", (string?)insight.Text)));

    private static Dictionary<string, string?> Decision(ChatResponse response) => response.Decision is { } decision
        ? ByName([(decision.Framework, decision.Recommended ?? "no recommendation")])
        : [];

    private static Dictionary<string, string?> Versions(VersionsView? versions) => versions is null ? [] : ByName(
    [
        ("platform", versions.Platform),
        ("prompt", versions.Prompt is null ? null : string.Create(CultureInfo.InvariantCulture, $"{versions.Prompt} {versions.PromptVersion}")),
        ("model", versions.Model),
    ]);

    private static Dictionary<string, string?> ByName(IEnumerable<(string Name, string? Value)> values)
    {
        Dictionary<string, string?> named = new(StringComparer.Ordinal);
        foreach ((string name, string? value) in values)
        {
            named[name] = value;
        }

        return named;
    }
}
