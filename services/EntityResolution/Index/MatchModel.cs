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
    public const float SameCore = 8f;
    public const float OtherForm = 6f;

    private const float AllAsked = 0.999f;
    private const float Bend = 3;
    private const float Highest = 5.5f;

    // Chosen on the training half of labelled pairs, where nothing competes.
    private static readonly float[] PairWeights = [-9.0f, 6.0f, 3.0f, -0.10f, -0.05f, -0.10f, 0.08f, -0.8f, -1.5f, -0.4f, 0.6f, 3.0f, 0, 2.1f];

    private static readonly float[] Weights = [-9.995f, 1.309f, 6.164f, -0.172f, 0.019f, -0.164f, 0.376f, -1.179f, -1.500f, -0.050f, 0.337f, 3.281f, 2.443f, 5.233f];

    /// <summary>
    /// Not fitted: the labelled names hardly hold two that differ by a number, but "Fund II" and "Fund III" are never to be confused.
    /// </summary>
    public const int NumberFactor = 8;

    /// <summary>Names of the factors, in their order.</summary>
    public static IReadOnlyList<string> Factors { get; } =
        ["constant", "asked", "named", "lacking", "extra", "forgiven", "agreed", "form differs", "number differs", "reordered", "first agrees", "letters", "trigrams", "holds all"];

    /// <summary>The weight of each factor.</summary>
    public static ReadOnlySpan<float> CurrentWeights => Weights;

    public static void Read(in Evidence evidence, Span<float> factors)
    {
        factors[0] = 1;
        factors[1] = evidence.Asked;
        factors[2] = evidence.Named;
        factors[3] = Math.Min(30, evidence.Lacking);
        factors[4] = Math.Min(30, evidence.Extra);
        factors[5] = Math.Min(30, evidence.Forgiven);
        factors[6] = Math.Min(15, evidence.Agreed);
        factors[7] = evidence.FormDiffers;
        factors[8] = evidence.NumberDiffers ? 1 : 0;
        factors[9] = evidence.Reordered ? 1 : 0;
        factors[10] = evidence.FirstAgrees ? 1 : 0;
        // When every asked word is there, how long the rest of the name is says nothing of which name is meant.
        var holdsAll = evidence.Asked >= AllAsked;
        factors[11] = holdsAll ? 0 : evidence.Letters;
        factors[12] = holdsAll ? 0 : evidence.Trigrams;
        factors[13] = holdsAll ? 1 : 0;
    }

    /// <summary>Log odds of a name that the asked letters are the initials of: the more letters, the fewer chance names.</summary>
    public static float Acronym(int letters) => letters switch
    {
        2 => 0f,
        3 => 1.5f,
        _ => 2.5f,
    };

    /// <summary>Log odds that a name found in a registry is the one that is meant, before others compete.</summary>
    public static float LogOdds(in Evidence evidence)
    {
        var odds = Sum(evidence, Weights);
        // "Fund II" is never taken for "Fund III", however much else agrees: at best it is as likely as none.
        return evidence.NumberDiffers ? Bent(odds, -2, 0) : Bent(odds, Bend, Highest);
    }

    /// <summary>Log odds that two names by themselves are the same.</summary>
    public static float PairLogOdds(in Evidence evidence) => Bent(Sum(evidence, PairWeights), Bend, Highest);

    /// <summary>Puts matches in order and gives each its probability: one of the entities is meant, or none; each counts by its best row.</summary>
    public static void Compete(List<NameMatch> matches)
    {
        matches.Sort(static (a, b) => b.LogOdds.CompareTo(a.LogOdds) is var order && order != 0 ? order : a.Row.CompareTo(b.Row));
        var all = 1.0;
        for (var i = 0; i < matches.Count; i++)
        {
            var entity = matches[i].Entity;
            if (matches.FindIndex(m => m.Entity == entity) == i)
            {
                all += Math.Exp(matches[i].LogOdds);
            }
        }

        for (var i = 0; i < matches.Count; i++)
        {
            matches[i] = matches[i] with { Probability = (float)(Math.Exp(matches[i].LogOdds) / all) };
        }
    }

    private static float Sum(in Evidence evidence, float[] weights)
    {
        Span<float> factors = stackalloc float[14];
        Read(evidence, factors);
        var sum = 0f;
        for (var i = 0; i < factors.Length; i++)
        {
            sum += factors[i] * weights[i];
        }

        return sum;
    }

    /// <summary>However much agrees, a name that is not equal stays below one that is: from the bend on, odds only near the highest.</summary>
    private static float Bent(float odds, float bend, float highest) => odds <= bend ? odds : bend + (highest - bend) * (1 - MathF.Exp((bend - odds) / (highest - bend)));
}
