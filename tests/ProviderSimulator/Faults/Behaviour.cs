using System.Collections.Frozen;
using System.Globalization;
using Platform.ProviderSimulator.Answers;

namespace Platform.ProviderSimulator.Faults;

/// <summary>What is done with one request.</summary>
/// <param name="Fault">What goes wrong.</param>
/// <param name="Mode">What kind of answer is written.</param>
public sealed record Behaviour(Fault Fault = Fault.None, AnswerMode Mode = AnswerMode.Grounded)
{
    private static readonly FrozenDictionary<string, Fault> FaultsByName =
        Enum.GetValues<Fault>().ToFrozenDictionary(fault => Kebab(fault.ToString()), StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<string, AnswerMode> ModesByName =
        Enum.GetValues<AnswerMode>().ToFrozenDictionary(mode => Kebab(mode.ToString()), StringComparer.OrdinalIgnoreCase);

    private static readonly string[] Settings = ["latency-<ms>", "pace-<ms>", "tokens-<n>", "after-<n>", "status-<code>", "retry-after-<s>", "retry-date-<s>"];

    /// <summary>Every fault and mode by the name that <see cref="Parse"/> reads, and the settings.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. FaultsByName.Keys.Concat(ModesByName.Keys).Order(StringComparer.Ordinal), .. Settings];

    /// <summary>Time to the first token; null: drawn from the options.</summary>
    public TimeSpan? Latency { get; init; }

    /// <summary>Time between tokens; null: that of the options.</summary>
    public TimeSpan? Pace { get; init; }

    /// <summary>An answer of exactly so many tokens, whatever was asked.</summary>
    public int? Tokens { get; init; }

    /// <summary>Text chunks that are sent before a fault in the middle; null: drawn by the seed.</summary>
    public int? After { get; init; }

    /// <summary>Status of <see cref="Fault.Status"/>.</summary>
    public int Status { get; init; } = 500;

    /// <summary>The Retry-After header of an error status.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>True when Retry-After is a date instead of seconds.</summary>
    public bool RetryAfterIsDate { get; init; }

    /// <summary>An error status.</summary>
    public static Behaviour Error(int status, TimeSpan? retryAfter = null) => new(Fault.Status) { Status = status, RetryAfter = retryAfter };

    /// <summary>
    /// Reads parts such as <c>cut-mid-stream+after-3</c>, <c>status-429+retry-after-2</c>, <c>invents-numbers+latency-200</c>,
    /// separated by plus signs or commas, over a basis.
    /// </summary>
    /// <exception cref="FormatException">A part is unknown; the message lists what is allowed.</exception>
    public static Behaviour Parse(string text, Behaviour? basis = null)
    {
        var behaviour = basis ?? new Behaviour();
        foreach (var part in text.Split(['+', ','], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            behaviour = FaultsByName.TryGetValue(part, out var fault) ? behaviour with { Fault = fault }
                : ModesByName.TryGetValue(part, out var mode) ? behaviour with { Mode = mode }
                : behaviour.WithSetting(part) ?? throw new FormatException($"\"{part}\" is not known. Allowed: {string.Join(", ", Names)}.");
        }

        return behaviour;
    }

    /// <summary>As <see cref="Parse"/> reads it: fault, or mode, for records.</summary>
    public override string ToString() =>
        Fault == Fault.Status ? string.Create(CultureInfo.InvariantCulture, $"status-{Status}")
        : Fault != Fault.None ? Kebab(Fault.ToString())
        : Kebab(Mode.ToString());

    private Behaviour? WithSetting(string part)
    {
        var at = part.LastIndexOf('-');
        if (at <= 0 || !int.TryParse(part.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return null;
        }

        return part[..at].ToLowerInvariant() switch
        {
            "latency" => this with { Latency = TimeSpan.FromMilliseconds(number) },
            "pace" => this with { Pace = TimeSpan.FromMilliseconds(number) },
            "tokens" => this with { Tokens = number },
            "after" => this with { After = number },
            "status" when number is >= 400 and < 600 => this with { Fault = Fault.Status, Status = number },
            "retry-after" => this with { RetryAfter = TimeSpan.FromSeconds(number) },
            "retry-date" => this with { RetryAfter = TimeSpan.FromSeconds(number), RetryAfterIsDate = true },
            _ => null,
        };
    }

    private static string Kebab(string name) =>
        string.Concat(name.Select((letter, index) => char.IsUpper(letter) && index > 0 ? $"-{char.ToLowerInvariant(letter)}" : $"{char.ToLowerInvariant(letter)}"));
}
