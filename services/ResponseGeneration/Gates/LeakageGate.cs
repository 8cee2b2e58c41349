using System.Text.RegularExpressions;
using Platform.Contracts.ContextSynthesis.V1;
using Platform.Contracts.ResponseGeneration.V1;
using Platform.ResponseGeneration.Gates.Known;
using Platform.ResponseGeneration.Gates.Names;
using Platform.ResponseGeneration.Gates.Statements;
using Platform.ResponseGeneration.Generation;
using Platform.ResponseGeneration.Models;

namespace Platform.ResponseGeneration.Gates;

/// <summary>
/// A text must not tell the instructions of the model, speak of them, or carry what only an injected text would ask for: links, markup,
/// orders, payment instructions, sentences about something else.
/// </summary>
/// <param name="context">What the answer is about.</param>
/// <param name="instructions">What the model was told to do; empty when no model wrote.</param>
/// <param name="quotable">What may be repeated although it stands in the instructions, too.</param>
internal sealed partial class LeakageGate(SynthesizedContext context, string instructions, string quotable)
{
    /// <summary>So many words in a row are a copy, not a coincidence.</summary>
    private const int Copied = 7;

    /// <summary>Words of a sentence that neither the context nor business prose know: so many, and such a share, and it speaks of something else.</summary>
    private const int ManyForeign = 4;

    /// <summary>So many suffice where nothing ties a sentence to the answer: no figure, no name, no measure.</summary>
    private const int ForeignAlone = 2;
    private const double MostForeign = 0.5;

    private readonly string[] _instructions = Wording.Of(instructions).Split(' ', StringSplitOptions.RemoveEmptyEntries);
    private readonly string _allowed = Wording.Of(WithoutNotes(quotable, context));
    private readonly string _known = Wording.Of($"{WithoutNotes(quotable, context)} {WithoutNotes(context.PrimaryContext, context)} {context.Query} {string.Join(' ', context.Notes.Select(n => n.Text))}");

    public GateResult Check(string text)
    {
        var leak = Instruction().Match(text) is { Success: true } spoken ? spoken.Value
            : Foreign().Match(text) is { Success: true } foreign && !quotable.Contains(foreign.Value, StringComparison.OrdinalIgnoreCase) ? foreign.Value
            : instructions.Length == 0 ? null
            : CopyOf(text) ?? Sentences.Of(text).FirstOrDefault(IsStrange)?.Trim();
        return QualityGates.Result("leakage", leak is null ? 1 : 0, leak is null, leak is null ? "nothing about instructions" : $"contains \"{leak}\"");
    }

    private string? CopyOf(string text)
    {
        var said = Wording.Of(text);
        for (var i = 0; i + Copied <= _instructions.Length; i++)
        {
            var run = $" {string.Join(' ', _instructions[i..(i + Copied)])} ";
            if (said.Contains(run, StringComparison.Ordinal) && !_allowed.Contains(run, StringComparison.Ordinal))
            {
                return run.Trim();
            }
        }

        return null;
    }

    private bool IsStrange(string sentence)
    {
        if (_allowed.Contains(Wording.Of(sentence), StringComparison.Ordinal))
        {
            return false;
        }

        var words = Wording.Of(sentence).Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(w => w.Length > 3 && !w.Any(char.IsAsciiDigit)).ToList();
        var foreign = words.Count(w => !OrdinaryWords.Contain(w) && !_known.Contains(" " + (w.Length > 5 ? w[..5] : w), StringComparison.Ordinal));

        // An answer asks nothing: a question is chatter, or somebody else's.
        return sentence.TrimEnd().EndsWith('?') || Untrusted.ReadsLikeOrders(sentence) || (foreign >= ManyForeign && foreign > MostForeign * words.Count)
            || (foreign >= ForeignAlone && !sentence.Any(char.IsAsciiDigit) && !Measures.AreNamed(Wording.Of(sentence)) && !context.Entities.Any(e => sentence.Contains(e.Name, StringComparison.OrdinalIgnoreCase)));
    }

    /// <summary>Notes are quoted as notes; their words are not the answer's own.</summary>
    private static string WithoutNotes(string text, SynthesizedContext context)
    {
        const int telling = 24;
        var notes = context.Memories.Select(m => Wording.Of(m.Memory.Text).Trim()).Where(n => n.Length > 0).Select(n => n.Length > telling ? n[..telling] : n).ToList();
        return notes.Count == 0 ? text : string.Join('\n', text.Split('\n').Where(line => Wording.Of(line) is var words && !notes.Exists(n => words.Contains(n, StringComparison.Ordinal))));
    }

    [GeneratedRegex(@"system prompt|as an ai\b|as a (?:large )?language model|\bmy (?:system )?(?:instructions|prompt|guidelines) (?:are|is|say|as|tell)|\bmy instructions\b|i (?:was|am|have been) (?:instructed|told|prompted) (?:to|not)|ignor(?:e|ing) (?:all |the |any )?(?:previous|prior|above)|disregard (?:all |the |any )?(?:previous|prior|above)|</?(?:context|draft|question|notes)>|\[/?INST\]|<\|im_|BEGIN CONTEXT|END CONTEXT|\bjailbr(?:eak|oken)|\bverified draft\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Instruction();

    // Pictures and links can carry figures of an organization away as soon as they are shown; new bank details are how invoices are stolen.
    [GeneratedRegex(@"!\[[^\]]*\]\(|\]\(\s*\w+:|\b(?:https?|ftp|javascript|data):(?:/|[\w-]+/)\S*|\bwww\.\S+|<(?:script|img|iframe|a|svg|style|form|input|object)\b[^>]*>|```|\b[\w.+-]+@[\w-]+\.[\w.]+\b|\b(?:transfer|wire|send|remit|pay) (?:the |all |any )?(?:money|funds|payments?|amounts?|balance) (?:to|into)\b|\bIBAN\b|\bnew (?:bank )?account (?:number|details)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Foreign();
}
