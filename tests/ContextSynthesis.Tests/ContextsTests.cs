using Platform.ContextSynthesis.Synthesis;
using Platform.Contracts.ContextSynthesis.V1;
using Platform.Testing;
using Xunit;

namespace Platform.ContextSynthesis.Tests;

public sealed class ContextsTests : IDisposable
{
    private const string Query = "What is the status of Delta Industries?";

    private readonly FixedOptions<SynthesisOptions> _options = new(new SynthesisOptions());
    private readonly ManualTime _clock = new(new DateTimeOffset(2026, 11, 22, 9, 0, 0, TimeSpan.Zero));
    private readonly Contexts _contexts;

    public ContextsTests() => _contexts = new Contexts(new Synthesizer(Samples.Frameworks, _options, _clock), _options, _clock);

    private static SynthesizeRequest Request => Samples.Request(Query, new Behaviour());

    public void Dispose() => _contexts.Dispose();

    [Fact]
    public void Of_SameRequest_IsMergedOnceAndRight()
    {
        var first = _contexts.Of(Request);

        Assert.Same(first, _contexts.Of(Request));
        Assert.Equal(Samples.Synthesizer().Synthesize(Request), first);
    }

    [Fact]
    public void Of_OtherFigure_IsMergedAnew()
    {
        var first = _contexts.Of(Request);
        var second = _contexts.Of(Samples.Request(Query, new Behaviour { Open = 20_001 }));

        Assert.NotEqual(first.PrimaryContext, second.PrimaryContext);
    }

    [Fact]
    public void Of_NextDay_IsMergedAnew()
    {
        var first = _contexts.Of(Request);
        _clock.Advance(TimeSpan.FromDays(1));

        Assert.NotSame(first, _contexts.Of(Request));
    }

    [Fact]
    public void Of_EditedSettings_IsMergedAnew()
    {
        var first = _contexts.Of(Request);
        _options.CurrentValue = new SynthesisOptions { TokenBudget = 20 };

        Assert.True(_contexts.Of(Request).Facts.Sum(f => f.Facts.Count) < first.Facts.Sum(f => f.Facts.Count));
    }

    [Fact]
    public void Of_WithoutFacts_IsAsOfNow()
    {
        var request = Request;
        request.Facts.Clear();
        _contexts.Of(request);
        _clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(_clock.Now, _contexts.Of(request).AsOf.ToDateTimeOffset());
    }
}
