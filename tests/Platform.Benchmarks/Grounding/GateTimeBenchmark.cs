using System.Diagnostics;
using System.Globalization;
using Platform.GroundingCases;
using Platform.ResponseGeneration.Gates;
using Platform.ResponseGeneration.Models;
using Platform.ResponseGeneration.Writing;

namespace Platform.Benchmarks.Grounding;

/// <summary>
/// What the gates take of the processor while a model's answer arrives word by word, and how long the reader waits for them behind its last word,
/// against checking the whole answer with gates that saw nothing of it before. The answers are drafts of some 1,600 characters.
/// </summary>
internal sealed class GateTimeBenchmark : IBenchmark
{
    private const int FirstSeed = 1_700_000;
    private const int Answers = 60;

    public string Name => "gates";

    public async Task RunAsync(bool isShort, CancellationToken cancellationToken)
    {
        var (warmUp, rounds) = isShort ? (1, 2) : (10, 9);
        List<double> arriving = [], behind = [], whole = [];
        for (var round = -warmUp; round < rounds; round++)
        {
            for (var seed = FirstSeed; seed < FirstSeed + Answers; seed++)
            {
                var example = GroundingCaseMaker.Make(seed, faithful: true, unseen: false);
                Language.TryFind(example.Culture, out var language);
                var draft = AnswerWriter.Body(example.Context, language);
                var (whileArriving, behindLast, text) = await ReadAsync(example, language, draft, cancellationToken);
                var fresh = new QualityGates(example.Context, language, quotable: draft);
                var began = Stopwatch.GetTimestamp();
                fresh.Check(text);
                var took = Stopwatch.GetElapsedTime(began);
                if (round >= 0)
                {
                    arriving.Add(whileArriving.TotalMilliseconds);
                    behind.Add(behindLast.TotalMilliseconds);
                    whole.Add(took.TotalMilliseconds);
                }
            }
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"p50 of {arriving.Count} answers: {Comparison.Median([.. arriving]):0.00} ms while one arrives, {Comparison.Median([.. behind]):0.00} ms behind its last word, {Comparison.Median([.. whole]):0.00} ms with gates that saw nothing before"));
    }

    private static async Task<(TimeSpan Arriving, TimeSpan Behind, string Text)> ReadAsync(GroundingCase example, Language language, string draft, CancellationToken cancellationToken)
    {
        var gates = new QualityGates(example.Context, language, quotable: draft);
        var release = new SentenceRelease(gates, draft, NoSink.Instance);
        var began = Stopwatch.GetTimestamp();
        foreach (var word in draft.Split(' ').Select((word, at) => at == 0 ? word : " " + word))
        {
            await release.AddAsync(word, cancellationToken);
        }

        var arrived = Stopwatch.GetTimestamp();
        await release.EndAsync(cancellationToken);
        gates.Check(release.Shown);
        return (Stopwatch.GetElapsedTime(began, arrived), Stopwatch.GetElapsedTime(arrived), release.Shown);
    }
}
