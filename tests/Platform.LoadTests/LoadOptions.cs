using System.Globalization;

namespace Platform.LoadTests;

/// <summary>What a run does.</summary>
/// <param name="Url">Gateway to ask; null starts the system for the run.</param>
/// <param name="Clients">Users at the same time.</param>
/// <param name="Duration">How long the measured part lasts.</param>
/// <param name="WarmUp">How long the same load runs before it.</param>
/// <param name="ThinkTime">Longest pause of a user between questions; pauses are uniform from a third of it. Zero: none.</param>
/// <param name="Seed">Of every choice.</param>
internal sealed record LoadOptions(Uri? Url, int Clients, TimeSpan Duration, TimeSpan WarmUp, TimeSpan ThinkTime, int Seed)
{
    public const string Usage = """
        dotnet run -c Release --project tests/Platform.LoadTests -- [options]

          --url URL        gateway to ask (loopback only); without it the system is started for the run
          --clients N      users at the same time, 1 to 500        default 1
          --seconds N      measured seconds, 1 to 3600             default 15
          --warmup N       seconds of the same load before         default 5
          --think SECONDS  longest pause between questions         default 0
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

        return options;
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
