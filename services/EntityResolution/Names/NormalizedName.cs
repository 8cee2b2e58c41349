namespace Platform.EntityResolution.Names;

/// <summary>A name as it is compared.</summary>
/// <param name="Key">Every word, legal form included in its usual spelling: equal keys are the same name.</param>
/// <param name="Core">The words without legal forms: equal cores are the same name but for the legal form.</param>
/// <param name="Words">The words of the core, in order.</param>
/// <param name="LegalForm">The legal form that was set aside, empty when there is none.</param>
internal sealed record NormalizedName(string Key, string Core, IReadOnlyList<string> Words, string LegalForm)
{
    public static NormalizedName From(ReadOnlySpan<string> words)
    {
        var name = NameWords.Rented();
        name.Read(words);
        return name.ToNormalizedName();
    }
}
