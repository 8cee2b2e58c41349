using System.Diagnostics;
using System.Net.Http.Json;
using Platform.ProviderSimulator;
using Platform.ProviderSimulator.Faults;
using Platform.ProviderSimulator.Records;

namespace Platform.Benchmarks.AnswerPath;

/// <summary>
/// P5: a whole answer about a customer that nobody has asked about, phrased by a model that takes about a second, against that model asked directly with
/// the very request that the answer led to.
/// </summary>
internal sealed class AnswerModelBenchmark : IBenchmark
{
    private const int AnswersOfRound = 3;
    private static readonly TimeSpan FirstToken = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Whole = TimeSpan.FromSeconds(1);

    public string Name => "answer-model";

    public async Task RunAsync(bool isShort, CancellationToken cancellationToken)
    {
        var (rounds, warmUp, repeats) = isShort ? (2, 2, 2) : (9, 12, 20);
        await using var simulator = await ProviderSimulatorHost.StartAsync(cancellationToken: cancellationToken);
        var variables = Asking.Unlimited;
        variables["PLATFORM_DASHBOARD_PORT"] = "0";
        foreach (var (key, value) in (IEnumerable<(string, string)>)[("name", "simulator"), ("baseUrl", simulator.OpenAiUrl), ("models__primary", "sim-large"), ("models__fallback", "sim-small"), ("models__embedding", "sim-embedding"), ("models__moderation", "sim-moderation")])
        {
            variables[$"PLATFORM__modelGateway__providers__0__{key}"] = value;
        }

        await using var platform = await WholePlatform.StartAsync("answer-model", variables, cancellationToken);
        using var user = new Asking(await platform.AddressAsync());
        using var direct = new HttpClient { BaseAddress = new Uri(simulator.OpenAiUrl + "/") };
        var customers = new Queue<string>((await user.CustomersAsync(cancellationToken)).Where(IsPlain));
        string[] known = [.. customers.Take(warmUp)];
        for (var answer = 0; answer < warmUp; answer++)
        {
            await AskAsync(user, customers, cancellationToken);
        }

        // Code that runs for the first thirty times is not what a model's second is compared with; what is known of the customers below is cold all the same.
        for (var repeat = 0; repeat < repeats; repeat++)
        {
            foreach (var customer in known)
            {
                await user.AskAsync(Question(customer), cancellationToken);
            }
        }

        // As long for the whole text as for its first token.
        var tokens = Last(simulator).Frames;
        simulator.Script.Otherwise = new Behaviour { Latency = FirstToken, Pace = (Whole - FirstToken) / Math.Max(1, tokens - 1) };
        var comparison = new Comparison("P5", "ms");
        List<Asked> answers = [];
        for (var round = 0; round < rounds && (round < 2 || customers.Count >= AnswersOfRound); round++)
        {
            List<double> limit = [], measured = [];
            for (var answer = 0; answer < AnswersOfRound; answer++)
            {
                answers.Add(await AskAsync(user, customers, cancellationToken));
                measured.Add(answers[^1].Milliseconds);
                limit.Add(await DirectAsync(direct, Last(simulator), cancellationToken));
            }

            comparison.Add(Comparison.Median([.. limit]), Comparison.Median([.. measured]));
        }

        comparison.Print("<= 1.03", ratio => ratio <= 1.03);
        Console.WriteLine($"{answers.Count} answers, stages, p50 in ms: {Asking.Stages(answers)}");
    }

    // A sentence with a name such as "Co., Ltd." in it is refused more easily, and then the writer answers; this is about time.
    private static bool IsPlain(string name) => name.All(letter => char.IsLetter(letter) || letter == ' ');

    private static string Question(string customer) => $"What is the status of {customer}?";

    /// <summary>An answer that the model phrased. One that the gates took from it is the writer's, and another customer's is asked for.</summary>
    private static async Task<Asked> AskAsync(Asking user, Queue<string> customers, CancellationToken cancellationToken)
    {
        while (customers.TryDequeue(out var customer))
        {
            var answer = await user.AskAsync(Question(customer), cancellationToken);
            if (answer.Method == "model")
            {
                return answer;
            }

            Console.WriteLine($"{customer}: answered by the {answer.Method}");
        }

        throw new InvalidOperationException("The model phrased too few answers.");
    }

    /// <summary>Milliseconds of the same request without the platform.</summary>
    private static async Task<double> DirectAsync(HttpClient direct, RequestRecord request, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        using var response = await direct.PostAsJsonAsync("chat/completions", request.Body, cancellationToken);
        response.EnsureSuccessStatusCode();
        await response.Content.ReadAsByteArrayAsync(cancellationToken);
        return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    }

    private static RequestRecord Last(ProviderSimulatorHost simulator) => simulator.Requests.All.Last(request => request.Path.EndsWith("/chat/completions", StringComparison.Ordinal));
}
