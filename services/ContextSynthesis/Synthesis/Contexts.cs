using Google.Protobuf;
using Microsoft.Extensions.Options;
using Platform.Caching;
using Platform.Contracts.ContextSynthesis.V1;

namespace Platform.ContextSynthesis.Synthesis;

/// <summary>Contexts by what they were made of: the same question over unchanged records is merged once.</summary>
internal sealed class Contexts(Synthesizer synthesizer, IOptionsMonitor<SynthesisOptions> options, TimeProvider clock) : IDisposable
{
    /// <summary>Of requests, which have some 30 KB each, as their contexts have.</summary>
    private const long MostBytes = 16 * 1024 * 1024;

    private readonly DerivedResults<SynthesizedContext> _contexts = new(MostBytes);

    /// <summary>Shared between requests: nobody may change it.</summary>
    public SynthesizedContext Of(SynthesizeRequest request)
    {
        // What has no day of its own is as of now.
        if (!request.Facts.Any(facts => facts.ReadAt is not null))
        {
            return synthesizer.Synthesize(request);
        }

        // The age of a note is told in days, and settings may be edited while the service runs.
        var settings = options.CurrentValue;
        var day = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime).DayNumber;
        var around = FormattableString.Invariant($"{day}|{settings.TokenBudget}|{settings.SmallSample}|{settings.OldMemoryDays}|{settings.LowDataConfidence}");
        return _contexts.Get(request.ToByteArray(), around, () => synthesizer.Synthesize(request));
    }

    public void Dispose() => _contexts.Dispose();
}
