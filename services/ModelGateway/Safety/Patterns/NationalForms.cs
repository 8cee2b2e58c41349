namespace Platform.ModelGateway.Safety.Patterns;

/// <summary>Where letters and digits stand in national numbers that have both.</summary>
internal enum NationalForm
{
    None,
    Spanish,
    ForeignerInSpain,
    BritishInsurance,
    Italian,
    Indian,
    Mexican,
    Finnish,
    FinnishWithSign,
    Chinese,
    Irish,
    MexicanTax,
}

/// <summary>The forms by the places of their letters: bit n stands for character n.</summary>
internal static class NationalForms
{
    private static readonly (NationalForm Form, ulong Letters, int Length)[] All =
    [
        Written(NationalForm.Spanish, "99999999A"),
        Written(NationalForm.ForeignerInSpain, "A9999999A"),
        Written(NationalForm.BritishInsurance, "AA999999A"),
        Written(NationalForm.Italian, "AAAAAA99A99A999A"),
        Written(NationalForm.Indian, "AAAAA9999A"),
        Written(NationalForm.Mexican, "AAAA999999AAAAAA99"),
        Written(NationalForm.Mexican, "AAAA999999AAAAAAA9"),
        Written(NationalForm.FinnishWithSign, "999999A999A"),
        Written(NationalForm.FinnishWithSign, "999999A9999"),
        Written(NationalForm.Finnish, "999999999A"),
        Written(NationalForm.Chinese, "99999999999999999A"),
        Written(NationalForm.Irish, "9999999A"),
        Written(NationalForm.Irish, "9999999AA"),
        Written(NationalForm.MexicanTax, "AAAA999999999"),
    ];

    internal static NationalForm Find(ulong letters, int length)
    {
        foreach (var (form, its, itsLength) in All)
        {
            if (its == letters && itsLength == length)
            {
                return form;
            }
        }

        return NationalForm.None;
    }

    /// <summary>True when a form begins like this, or is this.</summary>
    internal static bool MayBegin(ulong letters, int length)
    {
        var mask = (1UL << length) - 1;
        foreach (var (_, its, itsLength) in All)
        {
            if (itsLength >= length && (its & mask) == letters)
            {
                return true;
            }
        }

        return false;
    }

    private static (NationalForm Form, ulong Letters, int Length) Written(NationalForm form, string shape)
    {
        var letters = 0UL;
        for (var index = 0; index < shape.Length; index++)
        {
            letters |= shape[index] == 'A' ? 1UL << index : 0;
        }

        return (form, letters, shape.Length);
    }
}
