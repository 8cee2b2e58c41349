using System.Text.RegularExpressions;

namespace Platform.ResponseGeneration.Models;

/// <summary>
/// Text that people wrote, in notes, documents and fields: data, whatever it says. What reads like orders to a model is withheld from
/// the prompt and from the answer, and that is said; everything else is passed on between tags that it cannot close.
/// </summary>
internal static partial class Untrusted
{
    public const string Withheld = "(withheld: it reads like instructions to the assistant)";

    public static bool ReadsLikeOrders(string text) => Orders().IsMatch(text);

    /// <summary>Data that opens or closes a tag could pose as instructions.</summary>
    public static string Inside(string text) => Tag().Replace(text, "‹");

    [GeneratedRegex(@"\b(?:ignore|disregard|forget|override|bypass|do not follow|stop following)\b[^.\n]{0,40}\b(?:instructions?|prompts?|rules|guidelines|directives?|context|system|above|previous|prior|everything)\b"
        + @"|\b(?:system|developer) (?:prompt|message|instruction)s?\b|\b(?:reveal|print|repeat|show|output|tell me|leak)\b[^.\n]{0,40}\b(?:system|hidden|initial|secret)? ?(?:prompt|instructions)\b"
        + @"|\byou (?:are|will act|must act|will be acting) (?:now |as )|\bfrom now on,? (?:you|answer|respond|reply|act)|\bpretend (?:to be|you)\b|\bact as (?:if|an?|the)\b|\bnew instructions?\b|\b(?:jailbreak|DAN|developer mode|do anything now)\b|<\|im_|\[/?INST\]|</?(?:system|instructions?|draft|context|question|notes)>"
        + @"|\b(?:assistant|chatbot|language model|AI)\b[^.\n]{0,30}\b(?:must|should|shall|needs? to|has to|is to|will)\b|\b(?:reply|respond|answer|say|output|print) (?:only|exactly|just|with only|nothing but)\b|^\s*(?:system|assistant|user)\s*:",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex Orders();

    [GeneratedRegex(@"<(?=[/!|A-Za-z])")]
    private static partial Regex Tag();
}
