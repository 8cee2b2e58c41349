using Platform.Contracts.ContextSynthesis.V1;

namespace Platform.ResponseGeneration.Writing;

/// <summary>Answers that need no figures.</summary>
internal static class ShortAnswers
{
    public static void Greeting(AnswerText text, SynthesizedContext context) =>
        text.Paragraph(IsThanks(context.Query)
            ? "You're welcome. Ask me anything else about your customers, their orders, invoices and payments."
            : "Hello! I answer questions about your customers: what they owe, how they pay and order, what has changed, and what to do about it. Name a customer to start.");

    public static void Help(AnswerText text)
    {
        text.Paragraph("I answer questions about your customers, orders, invoices and payments, with the figures and where they come from. You can ask for:");
        text.List(null,
        [
            "**Status**: \"What is the status of Delta Industries?\", \"How much is overdue?\"",
            "**Patterns**: \"What patterns do you see with Delta Industries?\"",
            "**Comparisons**: \"Compare Delta Industries and another customer.\"",
            "**Decisions**: \"Should we extend payment terms to Delta Industries?\" I can also weigh a credit limit, a rush order, an early-payment discount, and whether to chase or wait.",
            "**Lists and counts**: \"Overdue amount by customer\", \"Orders per month\", \"How many invoices are overdue?\"",
            "**Notes**: \"Remember that Delta Industries wants invoices by e-mail.\"",
        ]);
        text.Paragraph("Follow-up questions work too: \"Why?\", \"And last year?\", \"What about another customer?\"");
    }

    public static void OutOfScope(AnswerText text, SynthesizedContext context) => text.Paragraph(context.Understanding?.Topics.Contains("forecast") == true
        ? "I do not forecast: I only say what your records hold. I can tell how a customer has paid and ordered so far, what has changed, what is due when, and weigh a decision on that."
        : "That is outside of what I can answer. I know your customers, their orders, invoices and payments, and what can be concluded from them.");

    public static void UnknownNames(AnswerText text, SynthesizedContext context)
    {
        text.Paragraph(
            NoneNamed(context),
            "Please check the spelling, or use the full name or the number as it stands in your records.");
    }

    public static void NeedsEntity(AnswerText text, SynthesizedContext context) =>
        text.Paragraph(context.UnknownNames.Count > 0 ? NoneNamed(context) : null, context.Understanding?.Intent switch
        {
            Intent.Comparison when context.Entities.Count == 1 => $"With whom should I compare **{context.Entities[0].Name}**? Please name a second customer.",
            Intent.Comparison => "Which customers should I compare? Please name at least two.",
            Intent.Decision => "Which customer is this decision about? Please name it, and I will weigh it with that customer's figures.",
            Intent.FollowUp => "I am not sure what this refers to: nothing that was said in this conversation tells. Please ask the whole question and name what it is about.",
            _ => "Which customer do you mean? Please name one.",
        });

    private static string NoneNamed(SynthesizedContext context) =>
        $"I found no customer, order or invoice named {Language.Join([.. context.UnknownNames.Select(n => $"\"{n}\"")])}.";

    public static void Remember(AnswerText text, SynthesizedContext context)
    {
        if (context.Notes.Any(n => n.Code is "memories_unavailable" or "not_remembered"))
        {
            text.Paragraph("I could not save that right now. Please tell me again in a moment.");
            return;
        }

        var about = context.Entities.Count > 0 ? $" for {Language.Join([.. context.Entities.Select(e => $"**{e.Name}**")])}" : string.Empty;
        text.Paragraph($"Noted{about}. I will take it into account from now on.");
    }

    public static void Nothing(AnswerText text, SynthesizedContext context)
    {
        var names = Language.Join([.. context.Entities.Select(e => $"**{e.Name}**")]);
        text.Paragraph(
            names.Length > 0 ? $"I understood that you ask about {names}, but I could not read any data for it right now." : "I could not read any data for this question right now.",
            "Please try again in a moment.");
    }

    private static bool IsThanks(string query) =>
        query.Contains("thank", StringComparison.OrdinalIgnoreCase) || query.StartsWith("cheers", StringComparison.OrdinalIgnoreCase);
}
