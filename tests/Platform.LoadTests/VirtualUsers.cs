using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;

namespace Platform.LoadTests;

/// <summary>One question and what came of it.</summary>
internal sealed record Sample(double Milliseconds, string? Error, string Degradation, IReadOnlyDictionary<string, double> Timings, int Bytes = 0, string Kind = "");

/// <summary>Users who ask, wait for the answer, think, and ask again.</summary>
internal sealed class VirtualUsers(HttpClient http, LoadOptions options, IReadOnlyList<string> customers)
{
    public async Task<IReadOnlyList<Sample>> RunAsync(TimeSpan duration, CancellationToken cancellationToken)
    {
        using CancellationTokenSource ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        ends.CancelAfter(duration);
        List<Sample>[] samples = await Task.WhenAll(Enumerable.Range(0, options.Clients).Select(n => UserAsync(n, ends.Token, cancellationToken)));
        return [.. samples.SelectMany(s => s)];
    }

    private async Task<List<Sample>> UserAsync(int number, CancellationToken ends, CancellationToken cancellationToken)
    {
        Random random = new(options.Seed + number);
        List<Sample> samples = [];
        while (!ends.IsCancellationRequested)
        {
            samples.Add(await AskAsync($"load-{number}", Questions.Next(random, customers), cancellationToken));
            if (options.ThinkTime > TimeSpan.Zero)
            {
                try
                {
                    await Task.Delay(options.ThinkTime * ((1 + (2 * random.NextDouble())) / 3), ends);
                }
                catch (OperationCanceledException)
                {
                    break;
                }
            }
        }

        return samples;
    }

    private async Task<Sample> AskAsync(string user, string query, CancellationToken cancellationToken)
    {
        long began = Stopwatch.GetTimestamp();
        try
        {
            using HttpRequestMessage request = new(HttpMethod.Post, "api/chat") { Content = JsonContent.Create(new { query }) };
            request.Headers.Add("x-user-id", user);
            using HttpResponseMessage response = await http.SendAsync(request, cancellationToken);
            string? error = response.IsSuccessStatusCode ? null : $"status {(int)response.StatusCode}";
            byte[] bytes = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            double elapsed = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
            using JsonDocument body = JsonDocument.Parse(bytes);
            return error is null
                ? new Sample(
                    elapsed, null, body.RootElement.GetProperty("degradation").GetProperty("level").GetString()!,
                    body.RootElement.GetProperty("timings").EnumerateObject().ToDictionary(t => t.Name, t => t.Value.GetDouble()),
                    bytes.Length,
                    $"{body.RootElement.GetProperty("intent").GetString()}, {body.RootElement.GetProperty("method").GetString()}")
                : new Sample(elapsed, error, "", new Dictionary<string, double>());
        }
        catch (Exception failure) when (failure is HttpRequestException or JsonException || (failure is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return new Sample(Stopwatch.GetElapsedTime(began).TotalMilliseconds, failure.GetType().Name, "", new Dictionary<string, double>());
        }
    }
}
