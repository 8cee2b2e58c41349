using System.Collections.Concurrent;
using System.Text.Json;

namespace Aspire.Dashboard.Resources;

/// <summary>Asks resources for their health reports, at most once in <see cref="Fresh"/> each, however many pages are open.</summary>
internal sealed class HealthReader(IResourceBoard board, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    private readonly HttpClient client = new() { Timeout = Limit };
    private readonly ConcurrentDictionary<string, (long Time, Task<IReadOnlyList<HealthAnswer>> Answers)> known = new(StringComparer.Ordinal);

    public async Task<IReadOnlyList<HealthAnswer>> ReadAsync(string resource, CancellationToken cancellationToken)
    {
        var entry = known.TryGetValue(resource, out var before) && time.GetElapsedTime(before.Time) < Fresh
            ? before
            : known[resource] = (time.GetTimestamp(), Task.Run(() => AskAllAsync(resource), CancellationToken.None));
        return await entry.Answers.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    public void Dispose() => client.Dispose();

    private async Task<IReadOnlyList<HealthAnswer>> AskAllAsync(string resource) =>
        await Task.WhenAll(board.HealthAddresses(resource).Select(AskAsync)).ConfigureAwait(false);

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
