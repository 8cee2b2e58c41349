using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace Platform.ModelGateway.Prompts;

/// <summary>Chooses the version of a prompt for a session: always the same one, as long as the versions and their weights stay.</summary>
internal sealed partial class PromptSelection(PromptStore store, ILogger<PromptSelection> logger)
{
    /// <summary>The organization's active version, else the one that ships with the service; null when there is neither.</summary>
    internal async Task<Prompt?> SelectAsync(string organizationId, string name, string session, CancellationToken cancellationToken)
    {
        var builtIn = BuiltInPrompts.All.GetValueOrDefault(name);
        try
        {
            var active = await store.ActiveAsync(organizationId, name, cancellationToken);
            return active.Count == 0 ? builtIn : Choose(active, Position($"{organizationId}|{name}|{session}"));
        }
        catch (NpgsqlException error) when (builtIn is not null)
        {
            Log.BuiltInUsed(logger, name, error);
            return builtIn;
        }
    }

    /// <summary>The version in whose share of the weights <paramref name="position"/>, 0 to 1, falls. Without weights shares are equal.</summary>
    internal static Prompt Choose(IReadOnlyList<Prompt> active, double position)
    {
        var weights = active.Select(prompt => prompt.Weight ?? 1).ToArray();
        var sum = weights.Sum();
        if (sum <= 0)
        {
            return active[0];
        }

        var left = position * sum;
        for (var index = 0; index < active.Count; index++)
        {
            left -= weights[index];
            if (left < 0)
            {
                return active[index];
            }
        }

        return active[^1];
    }

    /// <summary>A number from 0 up to 1 that depends on the text only.</summary>
    internal static double Position(string text) =>
        BitConverter.ToUInt32(SHA256.HashData(Encoding.UTF8.GetBytes(text)), 0) / (uint.MaxValue + 1.0);

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, EventName = "BuiltInPromptUsed", Level = LogLevel.Warning, Message = "The versions of {Prompt} cannot be read; the built-in one is used")]
        internal static partial void BuiltInUsed(ILogger logger, string prompt, Exception error);
    }
}
