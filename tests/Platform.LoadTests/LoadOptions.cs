using System.Globalization;

namespace Platform.LoadTests;

/// <summary>What a run does.</summary>
/// <param name="Url">Gateway to ask; null starts the system for the run.</param>
/// <param name="Clients">Users at the same time.</param>
/// <param name="Duration">How long the measured part lasts.</param>
/// <param name="WarmUp">How long the same load runs before it.</param>
/// <param name="ThinkTime">Longest pause of a user between questions; pauses are uniform from a third of it. Zero: none.</param>
/// <param name="Seed">Of every choice.</param>
/// <param name="Model">How a simulated model behaves; null: answers are written without one.</param>
/// <param name="IsJudged">Whether the bars of L4 are printed and decide the exit code.</param>
internal sealed record LoadOptions(
    Uri? Url, int Clients, TimeSpan Duration, TimeSpan WarmUp, TimeSpan ThinkTime, int Seed, ModelPace? Model = null, bool IsJudged = false)
{
    /// <summary>Bars of L4 for 100 users.</summary>
    public const double LongestP95 = 5000;
    public const double MostErrors = 0.01;

    // As long for an answer as E4 gives the median of a real model, 2 s: half a second to the first token, 4 ms for each of some 360.
    private static readonly ModelPace Realistic = new(TimeSpan.FromMilliseconds(500), TimeSpan.FromMilliseconds(4));

    public const string Usage = """
        dotnet run -c Release --project tests/Platform.LoadTests -- [answers-load] [options]

          answers-load     100 users for 300 s who think 1 to 3 s, over a simulated model of realistic latency, judged by L4:
                           p95 < 5 s, errors < 1 %; options after it change it
          --url URL        gateway to ask (loopback only); without it the system is started for the run
          --clients N      users at the same time, 1 to 500        default 1
          --seconds N      measured seconds, 1 to 3600             default 15
          --warmup N       seconds of the same load before         default 5
          --think SECONDS  longest pause between questions         default 0
          --model          a simulated model phrases the answers: 500 ms to the first token, 4 ms for each
          --no-model       answers are written without one         default
          --seed N         of every choice                         default 1
          --short          2 clients, 2 seconds, 1 second warm-up: checks that the tool runs
        """;

    public static LoadOptions Parse(IReadOnlyList<string> args)
    {
        LoadOptions options = new(null, 1, TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(5), TimeSpan.Zero, 1);
        for (int i = 0; i < args.Count; i++)
        {
            options = args[i] switch
            {
                "answers-load" when i == 0 => options with
                {
                    Clients = 100, Duration = TimeSpan.FromSeconds(300), WarmUp = TimeSpan.FromSeconds(20), ThinkTime = TimeSpan.FromSeconds(3), Model = Realistic, IsJudged = true,
                },
                "--model" => options with { Model = Realistic },
                "--no-model" => options with { Model = null },
                "--short" => options with { Clients = 2, Duration = TimeSpan.FromSeconds(2), WarmUp = TimeSpan.FromSeconds(1) },
                "--url" => options with { Url = Loopback(Next()) },
                "--clients" => options with { Clients = Number(Next(), 1, 500) },
                "--seconds" => options with { Duration = TimeSpan.FromSeconds(Number(Next(), 1, 3600)) },
                "--warmup" => options with { WarmUp = TimeSpan.FromSeconds(Number(Next(), 0, 600)) },
                "--think" => options with { ThinkTime = TimeSpan.FromSeconds(Number(Next(), 0, 60)) },
                "--seed" => options with { Seed = Number(Next(), 0, int.MaxValue) },
                string unknown => throw new ArgumentException($"Unknown option {unknown}."),
            };

            string Next() => ++i < args.Count ? args[i] : throw new ArgumentException($"{args[i - 1]} needs a value.");
        }

        return options is { Url: not null, Model: not null } ? options with { Model = null } : options;
    }

    private static Uri Loopback(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? url) && url.IsLoopback
            ? url
            : throw new ArgumentException("--url must be an address on this machine, such as http://localhost:5080.");

    private static int Number(string text, int least, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least && number <= most
            ? number
            : throw new ArgumentException($"{text} must be a whole number from {least} to {most}.");
}

/// <summary>How a simulated model answers.</summary>
/// <param name="FirstToken">Time to the first token.</param>
/// <param name="Token">Time for each token.</param>
internal sealed record ModelPace(TimeSpan FirstToken, TimeSpan Token)
{
    /// <summary>The behaviour in the simulator's words.</summary>
    public string Behaviour => FormattableString.Invariant($"grounded+latency-{FirstToken.TotalMilliseconds:0}+pace-{Token.TotalMilliseconds:0}");
}
