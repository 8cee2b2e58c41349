using System.Collections.Concurrent;
using System.Text.Json;

namespace Aspire.Dashboard.Resources;

/// <summary>Asks resources for their reports of health and budgets, at most once in <see cref="Fresh"/> each, however many pages are open.</summary>
internal sealed class HealthReader(IResourceBoard board, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    private readonly HttpClient client = new() { Timeout = Limit };
    private readonly ConcurrentDictionary<(string Resource, string Part), (long Time, Task<IReadOnlyList<HealthAnswer>> Answers)> known = new();

    /// <param name="resource">Its name.</param>
    /// <param name="part">What lies below the address of the health report, e.g. "/budgets"; empty is the report itself.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<IReadOnlyList<HealthAnswer>> ReadAsync(string resource, string part, CancellationToken cancellationToken)
    {
        var entry = known.TryGetValue((resource, part), out var before) && time.GetElapsedTime(before.Time) < Fresh
            ? before
            : known[(resource, part)] = (time.GetTimestamp(), Task.Run(() => AskAllAsync(resource, part), CancellationToken.None));
        return await entry.Answers.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    public void Dispose() => client.Dispose();

    private async Task<IReadOnlyList<HealthAnswer>> AskAllAsync(string resource, string part) =>
        await Task.WhenAll(board.HealthAddresses(resource).Select(address => AskAsync(new Uri(address.AbsoluteUri + part)))).ConfigureAwait(false);

    private async Task<HealthAnswer> AskAsync(Uri address)
    {
        var started = time.GetTimestamp();
        try
        {
            using var response = await client.GetAsync(address).ConfigureAwait(false);
            var body = await response.Content.ReadAsStringAsync().ConfigureAwait(false);
            return new HealthAnswer(address.Authority, (int)response.StatusCode, time.GetElapsedTime(started).TotalMilliseconds, Parse(body), null);
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            return new HealthAnswer(address.Authority, null, time.GetElapsedTime(started).TotalMilliseconds, null, exception is HttpRequestException ? exception.Message : $"No answer within {Limit.TotalSeconds:0} s.");
        }
    }

    private static JsonElement? Parse(string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>A process's health report, or why there is none.</summary>
internal sealed record HealthAnswer(string Process, int? Status, double Milliseconds, JsonElement? Report, string? Error);
