using Platform.ModelGateway.Safety.Patterns;

namespace Platform.ModelGateway.Safety;

/// <summary>Finds some types of personal data.</summary>
internal interface IPiiRecognizer
{
    /// <summary>Adds what it finds; several recognizers may find the same place.</summary>
    void Find(string text, PiiFindings findings);
}

/// <summary>What the recognizers found so far, and the limit of the search.</summary>
internal sealed class PiiFindings(string text, TimeProvider time, TimeSpan limit)
{
    private const int StepsBetweenLooks = 512;

    private readonly long _began = time.GetTimestamp();
    private int _steps;

    internal List<PiiSpan> Spans { get; } = [];

    /// <summary>The keywords of the text; looked for when the first is asked for.</summary>
    internal KeywordHits Keywords => field ??= new KeywordHits(text);

    internal void Add(PiiType type, int start, int end) => Spans.Add(new PiiSpan(type, start, end - start));

    /// <summary>One step of work in a loop over the text.</summary>
    /// <exception cref="TimeoutException">The search took longer than it may.</exception>
    internal void Step()
    {
        if (++_steps % StepsBetweenLooks == 0)
        {
            Look();
        }
    }

    internal void Look()
    {
        if (time.GetElapsedTime(_began) > limit)
        {
            throw new TimeoutException($"The search for personal data took longer than {limit}.");
        }
    }
}
