namespace Platform.EntityResolution.Mentions;

/// <summary>Words of a question, first and last included, that may name something.</summary>
internal readonly record struct Span(int First, int Last)
{
    public int Count => Last - First + 1;

    public bool Overlaps(Span other) => First <= other.Last && other.First <= Last;

    public bool Contains(int word) => word >= First && word <= Last;
}

/// <summary>A run of words that looks like a name.</summary>
/// <param name="Span">Where it stands.</param>
/// <param name="Expected">True when it is meant as a name with little doubt, so that finding nothing is worth saying.</param>
internal sealed record NameRun(Span Span, bool Expected);

/// <summary>A piece of text that may be an order or invoice number, or a customer's id.</summary>
/// <param name="Start">Offset in UTF-16 code units.</param>
/// <param name="Length">Length in UTF-16 code units.</param>
/// <param name="Text">As written, without "#" and possessive.</param>
/// <param name="Kind">"invoice", "order" or "customer" when the text says so, else null.</param>
internal sealed record NumberSpan(int Start, int Length, string Text, string? Kind);

/// <summary>Words that stand for something said earlier.</summary>
/// <param name="Start">Offset in UTF-16 code units.</param>
/// <param name="Length">0 when the whole question leans on the conversation.</param>
/// <param name="EntityType">"customer", "order" or "invoice"; null when any will do.</param>
/// <param name="Which">Which of those that were spoken of.</param>
internal sealed record Reference(int Start, int Length, string? EntityType, Referent Which = Referent.Last);

/// <summary>Which of the things spoken of is meant.</summary>
internal enum Referent
{
    /// <summary>The one spoken of last.</summary>
    Last,

    /// <summary>The one before it.</summary>
    Other,

    /// <summary>Both of them.</summary>
    Both,
}
