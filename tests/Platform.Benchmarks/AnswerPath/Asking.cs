using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Platform.LoadTests;

namespace Platform.Benchmarks.AnswerPath;

/// <summary>One answer and what it took.</summary>
/// <param name="Milliseconds">From the request to the last byte of the answer.</param>
/// <param name="Body">The answer.</param>
internal sealed record Asked(double Milliseconds, JsonElement Body)
{
    public string Method => Body.GetProperty("method").GetString()!;

    public string RequestId => Body.GetProperty("requestId").GetString()!;

    public Dictionary<string, double> Timings => Body.GetProperty("timings").EnumerateObject().ToDictionary(stage => stage.Name, stage => stage.Value.GetDouble());
}

/// <summary>A user of a running platform.</summary>
internal sealed class Asking(Uri gateway) : IDisposable
{
    // Rate limits would be what is measured.
    public static Dictionary<string, string> Unlimited => new()
    {
        ["PLATFORM__gateway__rateLimit__permitsPerMinute"] = "1000000",
        ["PLATFORM__gateway__rateLimit__burst"] = "1000000",
        ["PLATFORM__modelGateway__models__primary__requestsPerMinute"] = "1000000",
    };

    private readonly HttpClient _http = new() { BaseAddress = gateway, Timeout = TimeSpan.FromSeconds(70), DefaultRequestHeaders = { { "x-user-id", "benchmark" } } };

    public Task<IReadOnlyList<string>> CustomersAsync(CancellationToken cancellationToken) => Questions.CustomersAsync(_http, cancellationToken);

    public async Task<Asked> AskAsync(string query, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        using var response = await _http.PostAsJsonAsync("api/chat", new { query }, cancellationToken);
        var bytes = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        var took = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        return response.IsSuccessStatusCode ? new Asked(took, JsonElement.Parse(bytes)) : throw new InvalidOperationException($"{query}: {(int)response.StatusCode}");
    }

    public void Dispose() => _http.Dispose();

    /// <summary>Median time of each stage, as the answers tell it.</summary>
    public static string Stages(IReadOnlyCollection<Asked> answers) => string.Join(", ", answers.SelectMany(answer => answer.Timings).GroupBy(stage => stage.Key)
        .Select(stage => FormattableString.Invariant($"{stage.Key} {Comparison.Median([.. stage.Select(time => time.Value)]):0.0}")));
}
