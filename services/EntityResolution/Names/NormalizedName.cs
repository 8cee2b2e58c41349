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
        if (words.Length > 1 && words[0] == "the")
        {
            words = words[1..];
        }

        var kept = words.Length;
        var forms = new List<string>();
        while (kept > 1)
        {
            if (kept > 3 && words[kept - 3] == "sp" && words[kept - 2] == "z" && words[kept - 1] == "oo")
            {
                forms.Insert(0, "spzoo");
                kept -= 3;
            }
            else if (kept > 2 && words[kept - 1].Length == 1 && words[kept - 2].Length == 1 && LegalForms.Canonical(words[kept - 2] + words[kept - 1]) is { } spaced)
            {
                forms.Insert(0, spaced);
                kept -= 2;
            }
            else if (LegalForms.Canonical(words[kept - 1]) is { } form)
            {
                forms.Insert(0, form);
                kept--;
            }
            else if (forms.Count > 0 && words[kept - 1] == "and")
            {
                kept--;
            }
            else
            {
                break;
            }
        }

        var core = words[..kept].ToArray();
        var coreKey = string.Join(' ', core);
        var legalForm = string.Join(' ', forms);
        return new NormalizedName(legalForm.Length == 0 ? coreKey : $"{coreKey} {legalForm}", coreKey, core, legalForm);
    }
}
