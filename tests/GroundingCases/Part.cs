using System.Globalization;

namespace Platform.GroundingCases;

/// <summary>A piece of a sentence: words, a figure or a name.</summary>
internal abstract record Part
{
    /// <summary>The characters that a reader sees.</summary>
    public abstract string Text { get; }

    public static implicit operator Part(string words) => new Words(words);
}

internal sealed record Words(string Said) : Part
{
    public override string Text => Said;
}

internal sealed record Name(string Said) : Part
{
    public override string Text => Said;
}

/// <summary>A day.</summary>
/// <param name="Style">0 to 4; 4 says only the month.</param>
internal sealed record Day(DateOnly On, int Style) : Part
{
    public override string Text => Style switch
    {
        0 => On.ToString("MMMM d, yyyy", CultureInfo.InvariantCulture),
        1 => On.ToString("d MMMM yyyy", CultureInfo.InvariantCulture),
        2 => On.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        3 => On.ToString("MMM d, yyyy", CultureInfo.InvariantCulture),
        _ => On.ToString("MMMM yyyy", CultureInfo.InvariantCulture),
    };
}

internal enum Unit
{
    Money,
    Percent,
    Points,
    Days,
    Count,
    Times,
}

/// <summary>A number with its unit.</summary>
/// <param name="Value">Exactly.</param>
/// <param name="Unit">What it counts.</param>
/// <param name="Noun">What stands behind a count, or the currency of money.</param>
/// <param name="Style">How it is said: see <see cref="Numbers"/>.</param>
internal sealed record Quantity(double Value, Unit Unit, string Noun, int Style, CultureInfo Culture) : Part
{
    public override string Text => Numbers.Say(this);
}
