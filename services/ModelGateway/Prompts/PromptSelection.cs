using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace Platform.ModelGateway.Prompts;

/// <summary>
/// Chooses the version of a prompt for a session: always the same one, as long as the versions and their weights stay. When they change,
/// only the sessions move that must, from versions that lost a part of the whole to those that won it.
/// </summary>
internal sealed partial class PromptSelection(PromptStore store, TimeProvider clock, ILogger<PromptSelection> logger)
{
    private const int MostRemembered = 10_000;

    /// <summary>An answer waits for the database no longer than this.</summary>
    private static readonly TimeSpan ReadLimit = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<(string Organization, string Name), IReadOnlyList<Prompt>> _lastKnown = new();

    /// <summary>
    /// The organization's active version, else the one that ships with the service; null when there is neither. While the database is
    /// away, or does not answer within two seconds, what was active when it was last read, else the one that ships with the service.
    /// </summary>
    internal async Task<Prompt?> SelectAsync(string organizationId, string name, string session, CancellationToken cancellationToken)
    {
        var builtIn = BuiltInPrompts.All.GetValueOrDefault(name);
        IReadOnlyList<Prompt> active;
        try
        {
            active = await ReadAsync(organizationId, name, cancellationToken);
            if (_lastKnown.Count < MostRemembered || _lastKnown.ContainsKey((organizationId, name)))
            {
                _lastKnown[(organizationId, name)] = active;
            }
        }
        catch (Exception error) when (error is NpgsqlException or TimeoutException)
        {
            if (!_lastKnown.TryGetValue((organizationId, name), out var known) && builtIn is null)
            {
                throw;
            }

            active = known ?? [];
            Log.NotRead(logger, name, active.Count > 0 ? "what was active last" : "the built-in one", error);
        }

        return active.Count == 0 ? builtIn : Choose(active, $"{organizationId}|{name}|{session}");
    }

    /// <summary>
    /// Weighted rendezvous hashing: each version draws an exponential time with its weight as the rate, from a hash of the subject
    /// and its own number, and the earliest wins. So it wins with its share of the weights. Without weights shares are equal.
    /// </summary>
    internal static Prompt Choose(IReadOnlyList<Prompt> active, string subject) => active
        .Where(prompt => prompt.Weight is null or > 0)
        .DefaultIfEmpty(active[0])
        .MinBy(prompt => -Math.Log(Position($"{subject}|{prompt.Version}")) / (prompt.Weight ?? 1))!;

    /// <summary>A number between 0 and 1, neither of them, that depends on the text only.</summary>
    internal static double Position(string text) =>
        ((BitConverter.ToUInt64(SHA256.HashData(Encoding.UTF8.GetBytes(text)), 0) >> 11) + 0.5) / (1UL << 53);

    private async Task<IReadOnlyList<Prompt>> ReadAsync(string organizationId, string name, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(ReadLimit, clock);
        using var reading = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await store.ActiveAsync(organizationId, name, reading.Token);
        }
        catch (OperationCanceledException late) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"The database did not answer within {ReadLimit.TotalSeconds} s.", late);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, EventName = "PromptsNotRead", Level = LogLevel.Warning, Message = "The versions of {Prompt} cannot be read; {Used} is used")]
        internal static partial void NotRead(ILogger logger, string prompt, string used, Exception error);
    }
}
