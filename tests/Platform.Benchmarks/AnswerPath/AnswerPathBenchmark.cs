using System.Diagnostics;

namespace Platform.Benchmarks.AnswerPath;

/// <summary>P4: a whole answer without a model, its parts cached, against as many bare hops as its trace has calls that follow each other.</summary>
internal sealed class AnswerPathBenchmark : IBenchmark
{
    private const int Customers = 8;
    private const int PayloadLength = 100;

    // The services that an answer without a model goes through.
    private const int Servers = 7;
    private static readonly TimeSpan TraceLimit = TimeSpan.FromSeconds(60);

    public string Name => "answer-path";

    public async Task RunAsync(bool isShort, CancellationToken cancellationToken)
    {
        var (rounds, warmUp, answersTime) = isShort ? (2, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(0.5)) : (9, TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(2));
        await using var collector = await TraceCollector.StartAsync(cancellationToken);
        using var bare = await Echoes.StartAsync(Servers, PayloadLength, cancellationToken);
        await using var platform = await WholePlatform.StartAsync("answer-path", Asking.Unlimited, cancellationToken, $"--ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL={collector.Address}");
        using var user = new Asking(await platform.AddressAsync());
        string[] questions = [.. (await user.CustomersAsync(cancellationToken)).Take(Customers).Select(name => $"What is the status of {name}?")];

        await AnswerAsync(user, questions, warmUp, cancellationToken);
        await EchoAsync(bare, warmUp / 5, cancellationToken);
        var hops = await HopsAsync(collector, user, questions[0], cancellationToken);
        Console.WriteLine($"{hops.Count} hops: {string.Join(" → ", hops)}");

        var comparison = new Comparison("P4 p50", "us");
        List<Asked> answers = [];
        for (var round = 0; round < rounds; round++)
        {
            var hop = await EchoAsync(bare, answersTime / 3, cancellationToken);
            var answered = await AnswerAsync(user, questions, answersTime, cancellationToken);
            answers.AddRange(answered);
            comparison.Add(hops.Count * hop, 1000 * Comparison.Median([.. answered.Select(answer => answer.Milliseconds)]));
            collector.Forget();
        }

        comparison.Print("<= 1.50", ratio => ratio <= 1.5);
        Console.WriteLine($"{answers.Count} answers, stages, p50 in ms: {Asking.Stages(answers)}");
    }

    /// <summary>Microseconds of a hop, p50. A hop goes to the server whose turn it is, as those of an answer go from service to service.</summary>
    private static async Task<double> EchoAsync(Echoes bare, TimeSpan time, CancellationToken cancellationToken)
    {
        List<double> all = [];
        for (var began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < time;)
        {
            var from = Stopwatch.GetTimestamp();
            await bare.CallAsync(cancellationToken);
            all.Add(Stopwatch.GetElapsedTime(from).TotalMicroseconds);
        }

        return Comparison.Median([.. all]);
    }

    private static async Task<List<Asked>> AnswerAsync(Asking user, string[] questions, TimeSpan time, CancellationToken cancellationToken)
    {
        List<Asked> all = [];
        for (var began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < time;)
        {
            var answer = await user.AskAsync(questions[all.Count % questions.Length], cancellationToken);
            all.Add(answer.Method == "writer" ? answer : throw new InvalidOperationException($"The writer should have answered, and {answer.Method} did."));
        }

        return all;
    }

    private static async Task<IReadOnlyList<string>> HopsAsync(TraceCollector collector, Asking user, string question, CancellationToken cancellationToken)
    {
        // The second is as warm as those that are measured.
        await user.AskAsync(question, cancellationToken);
        var asked = await user.AskAsync(question, cancellationToken);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TraceLimit);

        // Each service exports its spans in its own time: the trace is whole when no more come.
        var counted = 0;
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(6));
        while (true)
        {
            await timer.WaitForNextTickAsync(limit.Token);
            var hops = collector.Hops(asked.RequestId);
            if (hops is not null && hops.Count == counted)
            {
                return hops;
            }

            counted = hops?.Count ?? 0;
        }
    }
}
