using System.Globalization;
using Platform.Contracts.Common.V1;
using Platform.Contracts.ContextSynthesis.V1;
using Platform.Contracts.EntityResolution.V1;

namespace Platform.ResponseGeneration.Writing;

/// <summary>Writes the answer to a context without a model: same context and culture, same words.</summary>
internal static class AnswerWriter
{
    private const int MostNotes = 5;

    public static string Write(SynthesizedContext context, Language language) => Body(context, language) + Closing(context, language);

    /// <summary>The answer without its closing: what a model may say in other words.</summary>
    public static string Body(SynthesizedContext context, Language language)
    {
        var text = new AnswerText();
        Body(text, context, language);
        return text.ToString();
    }

    /// <summary>True when the answer needs no figures, so that a model could add nothing.</summary>
    public static bool IsFixed(SynthesizedContext context)
    {
        var understanding = context.Understanding ?? new Understanding();
        return understanding.Intent is Intent.Greeting or Intent.Help or Intent.OutOfScope or Intent.Remember or Intent.FollowUp
            || IsUnknown(context) || IsIncomplete(understanding, context) || HasNothing(context);
    }

    /// <summary>The question back when a mention could mean several things, with what tells the candidates apart.</summary>
    public static string Disambiguation(IReadOnlyList<Mention> mentions, Language language)
    {
        var text = new AnswerText();
        foreach (var mention in mentions.Where(m => m.DisambiguationNeeded || (m.Match is null && m.Candidates.Count > 1)))
        {
            var lines = mention.Candidates.Select((candidate, i) => $"{language.Count(i + 1)}. **{candidate.Entity?.Name}**{Apart(candidate, language)}");
            text.Paragraph($"Which one do you mean by \"{mention.Text}\"?\n\n{string.Join('\n', lines)}");
        }

        if (text.IsEmpty)
        {
            text.Paragraph("Which customer do you mean? Please name one.");
        }
        else
        {
            text.Paragraph("Please answer with the number or the name.");
        }

        return text.ToString();
    }

    /// <summary>What to keep in mind and the day of the figures, to be appended to the body or to what a model made of it; empty when there is nothing.</summary>
    public static string Closing(SynthesizedContext context, Language language)
    {
        if (context.Understanding?.Intent is Intent.Greeting or Intent.Help or Intent.OutOfScope || IsIncomplete(context.Understanding ?? new Understanding(), context))
        {
            return string.Empty;
        }

        var text = new AnswerText();
        var notes = context.Notes.Where(n => !IsSaid(n, context)).OrderByDescending(n => n.Severity).Take(MostNotes).ToList();
        text.List("**Please note**", notes.Select(n => n.Text));

        var days = context.Facts.Select(f => Language.Day(f.AsOf)).OfType<DateOnly>().Distinct().Order().ToList();
        if (days.Count > 0)
        {
            text.Paragraph($"_Figures as of {Language.Join([.. days.Select(language.Of)])}._");
        }

        return text.IsEmpty ? string.Empty : $"\n\n{text}";
    }

    private static void Body(AnswerText text, SynthesizedContext context, Language language)
    {
        var understanding = context.Understanding ?? new Understanding();
        switch (understanding.Intent)
        {
            case Intent.Greeting:
                ShortAnswers.Greeting(text, context);
                return;
            case Intent.Help:
                ShortAnswers.Help(text);
                return;
            case Intent.OutOfScope:
                ShortAnswers.OutOfScope(text, context);
                return;
            case Intent.Remember:
                ShortAnswers.Remember(text, context);
                return;
        }

        if (IsUnknown(context))
        {
            ShortAnswers.UnknownNames(text, context);
            return;
        }

        if (IsIncomplete(understanding, context))
        {
            ShortAnswers.NeedsEntity(text, context);
            return;
        }

        if (HasNothing(context))
        {
            ShortAnswers.Nothing(text, context);
            return;
        }

        switch (understanding.Intent)
        {
            case Intent.Pattern:
                PatternAnswer.Write(text, context, language);
                break;
            case Intent.Decision:
                DecisionAnswer.Write(text, context, language);
                break;
            case Intent.Comparison:
                ComparisonAnswer.Write(text, context, language);
                break;
            case Intent.DataQuestion:
                DataAnswer.Write(text, context, language);
                break;
            default:
                if (context.Facts.Count == 0 && context.Patterns.Count > 0)
                {
                    text.Paragraph("I could not read the figures right now, but this is what is known about recent behavior.");
                    PatternAnswer.Write(text, context, language);
                }
                else if (context.Facts.Count == 0 && context.DataQuestion is not null)
                {
                    DataAnswer.Write(text, context, language);
                }
                else if (context.Facts.Count == 0)
                {
                    text.List($"I could not read the figures right now. On file{About(context)}:", context.Memories.Select(m => MemoryWords.Sentence(m.Memory, language) + References.To(context, ["memory:" + m.Memory.Id])));
                }
                else
                {
                    StatusAnswer.Write(text, context, language);
                }

                break;
        }
    }

    private static string About(SynthesizedContext context) =>
        context.Entities.Count == 0 ? string.Empty : " for " + Language.Join([.. context.Entities.Select(e => $"**{e.Name}**")]);

    private static bool IsUnknown(SynthesizedContext context) =>
        context.UnknownNames.Count > 0 && context.Entities.Count == 0 && context.DataQuestion?.Answer is null;

    private static bool IsIncomplete(Understanding understanding, SynthesizedContext context) =>
        (understanding.NeedsEntity || understanding.Intent == Intent.FollowUp)
        && (understanding.Intent == Intent.Comparison ? context.Entities.Count < 2 : context.Entities.Count == 0);

    private static bool HasNothing(SynthesizedContext context) =>
        context.Facts.Count == 0 && context.Patterns.Count == 0 && context.Memories.Count == 0 && context.DataQuestion is null && context.Decision is null;

    // The body says these by itself.
    private static bool IsSaid(ConfidenceNote note, SynthesizedContext context) => note.Code switch
    {
        "unknown_name" => IsUnknown(context) || IsAnswered(note, context),
        "truncated" => context.DataQuestion?.Answer is not null,
        "query_warning" => note.Text.StartsWith("Only the first", StringComparison.Ordinal),
        "data_question_refused" => true,
        "too_few_observations" => context.Understanding?.Intent != Intent.Pattern,
        _ => false,
    };

    // "How many customers are in the United Kingdom?": the query knew what the registry of names does not hold.
    private static bool IsAnswered(ConfidenceNote note, SynthesizedContext context) =>
        context.DataQuestion?.Answer is { } answer
        && context.UnknownNames.Any(name => note.Text.Contains($"\"{name}\"", StringComparison.Ordinal) && answer.Text.Contains(name, StringComparison.OrdinalIgnoreCase));

    private static string Apart(Candidate candidate, Language language)
    {
        var parts = candidate.Distinguishing.OrderBy(d => d.Key, StringComparer.Ordinal).Select(d =>
            d.Key is "city" or "country" ? Value(d.Value) : d.Key == "balance" ? $"balance {Balance(d.Value)}" : $"{d.Key.Replace('_', ' ')} {Value(d.Value)}").ToList();
        if (candidate.Customer is { Name.Length: > 0 } customer)
        {
            parts.Insert(0, $"of {customer.Name}");
        }

        return parts.Count > 0 ? " – " + string.Join(", ", parts) : string.Empty;

        // "8691.02 GBP"
        string Balance(string text) => text.Split(' ') is [var amount, { Length: 3 } currency]
            && decimal.TryParse(amount, NumberStyles.Number, CultureInfo.InvariantCulture, out var number) ? language.Of(number, currency) : text;

        string Value(string text) => Language.Day(new Date { Iso = text }) is { } day ? language.Of(day) : text;
    }
}
