using Google.Protobuf;
using Platform.Caching;
using Platform.Contracts.ContextSynthesis.V1;
using Platform.ResponseGeneration.Gates;
using Platform.ResponseGeneration.Writing;

namespace Platform.ResponseGeneration.Generation;

/// <summary>What the writer makes of a context, and what the gates say to it. Both follow from context and language alone, so the same question over unchanged records costs neither again.</summary>
internal sealed class Drafts : IDisposable
{
    /// <summary>Of contexts, which have some 30 KB each; what is kept of one is its text and its marks, a tenth of that.</summary>
    private const long MostBytes = 32 * 1024 * 1024;

    private readonly DerivedResults<Draft> _drafts = new(MostBytes);

    public Draft Of(SynthesizedContext context, Language language) =>
        _drafts.Get(context.ToByteArray(), language.Culture.Name, () => new Draft(AnswerWriter.Body(context, language), AnswerWriter.Closing(context, language)));

    public void Dispose() => _drafts.Dispose();
}

/// <param name="Body">As the writer says it.</param>
/// <param name="Closing">Follows the body, or what a model makes of it.</param>
internal sealed record Draft(string Body, string Closing)
{
    private GateReport? _report;

    public string Text => Body + Closing;

    /// <summary>What the gates say; checked when it is first asked for, since a draft that a model phrases is not shown.</summary>
    public GateReport Check(SynthesizedContext context, Language language) => _report ??= QualityGates.Check(Text, context, language);
}
