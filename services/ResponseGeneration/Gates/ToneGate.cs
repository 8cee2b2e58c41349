using System.Text.RegularExpressions;
using Platform.Contracts.ResponseGeneration.V1;

namespace Platform.ResponseGeneration.Gates;

/// <summary>A colleague speaks plainly: no shouting, no pictures, no excitement, no judgement of persons, no chatter about itself.</summary>
internal static partial class ToneGate
{
    /// <summary>What is forgiven costs a third each.</summary>
    private const double Each = 1.0 / 3;

    public static GateResult Check(string text)
    {
        var slips = Slip().Matches(text).Select(m => m.Value.Trim()).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        return QualityGates.Result("tone", Math.Max(0, 1 - (Each * slips.Count)), slips.Count == 0, slips.Count == 0 ? "plain" : $"contains \"{string.Join("\", \"", slips.Take(3))}\"");
    }

    [GeneratedRegex(@"!{2,}|[\u2600-\u27BF\u2B50\u2B55]|[\uD83C-\uD83E][\uDC00-\uDFFF]|\b(?i:lol|omg|wtf|dude|guys|awesome|amazing|fantastic|incredible|insane|crazy|stupid|idiots?|liars?|crooks?|deadbeats?|scam(?:mers?)?|thieves|shameless|disgraceful|certainly!|of course!|great question|happy to help|hope this helps|i feel|i'm sorry|i apologi[sz]e|as requested|sure,|sure!)\b|\b(?:[A-Z]{4,} ){3,}[A-Z]{4,}\b", RegexOptions.CultureInvariant)]
    private static partial Regex Slip();
}
