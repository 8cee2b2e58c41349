using Platform.ModelGateway.Safety;
using Platform.ModelGateway.Safety.Patterns;
using Platform.ModelGateway.Safety.Words;

namespace Platform.Benchmarks.Pii;

/// <summary>Q7: recall and precision by type on labelled texts; the folder of the data sets is in PLATFORM_TEST_DATA.</summary>
internal sealed class PiiBenchmark : IBenchmark
{
    private const string Data = "safety/pii_public.jsonl";

    public string Name => "pii";

    public Task RunAsync(bool isShort, CancellationToken cancellationToken)
    {
        var folder = Environment.GetEnvironmentVariable("PLATFORM_TEST_DATA") is { Length: > 0 } set ? set : Path.Combine("..", "shared", "data");
        var path = Path.Combine(folder, Data);
        if (!File.Exists(path))
        {
            Console.WriteLine($"{path} is not there: set PLATFORM_TEST_DATA to the folder that holds {Data}. Nothing was measured.");
            return Task.CompletedTask;
        }

        var texts = LabelledText.Read(path);
        var detector = new PiiDetector([new NumberRecognizer(), new NetworkRecognizer(), new SecretRecognizer(), new WordRecognizer()], TimeProvider.System);
        foreach (var (name, half) in new[] { ("tuning half", texts.Where(text => text.IsTuning)), ("other half", texts.Where(text => !text.IsTuning)), ("all", texts) })
        {
            var score = PiiScore.Of(detector, half);
            Console.WriteLine($"{name}, {half.Count()} texts");
            Console.WriteLine(score.Describe());
            if (!isShort && name == "tuning half")
            {
                score.Mistakes.ForEach(Console.WriteLine);
            }
        }

        return Task.CompletedTask;
    }
}
