using Platform.EntityResolution.Names;

namespace Platform.EntityResolution.Index;

/// <summary>
/// Turns evidence into log odds that two names mean the same. Found names compete: the probability of one is its odds over the
/// odds of all plus one, the one standing for "none of them" (a conditional logit). The figures were fitted by
/// <c>tests/Platform.Benchmarks -- entity-matching --fit</c> on the training half of the labelled names.
/// </summary>
internal static class MatchModel
{
    /// <summary>Log odds of equal names; whether the legal form is the same too, left out, or another.</summary>
    public const float SameKey = 9f;
    public const float SameCore = 6.5f;
    public const float OtherForm = 4f;

    private static readonly float[] Weights = [-9.0f, 6.0f, 3.0f, -0.10f, -0.05f, -0.10f, 0.08f, -0.8f, -1.5f, -0.4f, 0.6f, 3.0f];

    /// <summary>Names of the factors, in their order.</summary>
    public static IReadOnlyList<string> Factors { get; } =
        ["constant", "asked", "named", "lacking", "extra", "forgiven", "agreed", "form differs", "number differs", "reordered", "first agrees", "letters"];

    public static void Read(in Evidence evidence, Span<float> factors)
    {
        factors[0] = 1;
        factors[1] = evidence.Asked;
        factors[2] = evidence.Named;
        factors[3] = Math.Min(30, evidence.Lacking);
        factors[4] = Math.Min(30, evidence.Extra);
        factors[5] = Math.Min(30, evidence.Forgiven);
        factors[6] = Math.Min(30, evidence.Agreed);
        factors[7] = evidence.FormDiffers;
        factors[8] = evidence.NumberDiffers ? 1 : 0;
        factors[9] = evidence.Reordered ? 1 : 0;
        factors[10] = evidence.FirstAgrees ? 1 : 0;
        factors[11] = evidence.Letters;
    }

    /// <summary>Log odds of a name that the asked letters are the initials of: the more letters, the fewer chance names.</summary>
    public static float Acronym(int letters) => letters switch
    {
        2 => 0f,
        3 => 1.5f,
        _ => 2.5f,
    };

    public static float LogOdds(in Evidence evidence)
    {
        Span<float> factors = stackalloc float[12];
        Read(evidence, factors);
        var sum = 0f;
        for (var i = 0; i < factors.Length; i++)
        {
            sum += factors[i] * Weights[i];
        }

        return sum;
    }
}
