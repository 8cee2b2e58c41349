using System.Globalization;
using Platform.Contracts.Common.V1;
using Platform.Contracts.ContextSynthesis.V1;
using Platform.Contracts.Memory.V1;
using Platform.Contracts.PatternAnalysis.V1;

namespace Platform.ResponseGeneration.Writing;

/// <summary>How a customer, an order, an invoice or all customers stand: the short answer first, then the figures behind it.</summary>
internal static class StatusAnswer
{
    private const int MostInsights = 3;
    private const int MostMemories = 3;

    public static void Write(AnswerText text, SynthesizedContext context, Language language)
    {
        foreach (var facts in context.Facts)
        {
            var book = new FactBook(context, facts, language);
            switch (facts.Entity?.Type)
            {
                case EntityType.Invoice:
                    Invoice(text, book, language);
                    break;
                case EntityType.Order:
                    Order(text, book, language);
                    break;
                default:
                    // An invoice or order was asked about: its customer is only the background.
                    var background = context.Facts.Any(f => f.Entity?.Type is EntityType.Invoice or EntityType.Order);
                    Customer(text, context, book, language, background);
                    break;
            }
        }
    }

    /// <summary>Only what is on file is asked for.</summary>
    public static bool AsksForNotes(SynthesizedContext context) => AsksForNotes(Wanted(context));

    private static bool AsksForNotes(List<Topic> wanted) => wanted is [Topic.Notes];

    private static void Customer(AnswerText text, SynthesizedContext context, FactBook book, Language language, bool background)
    {
        var sections = new Sections(context, book, language);
        var wanted = Wanted(context);
        var name = book.Entity?.Name ?? "Your customers";
        var notes = context.Memories.Select(m => m.Memory)
            .Where(m => m.Kind is MemoryKind.Note or MemoryKind.Decision or MemoryKind.Preference or MemoryKind.Document && (m.Entities.Count == 0 || m.Entities.Any(e => e.Id == book.Entity?.Id)))
            .Where(m => !IsLater(m, context))
            .Select(m => MemoryWords.Sentence(m, language) + References.To(context, ["memory:" + m.Id]))
            .ToList();
        if (AsksForNotes(wanted))
        {
            text.List(notes.Count > 0 ? $"On file about **{name}**:" : null, notes);
            text.Paragraph(notes.Count > 0 ? null : $"There is nothing on file about **{name}**.");
            return;
        }

        var insights = context.Patterns.Where(p => p.Customer?.Id == book.Entity?.Id).SelectMany(p => p.Insights).Where(i => Concerns(i, wanted)).ToList();

        var past = context.Understanding?.AsOf is { Iso.Length: > 0 } && book.AsOf is { Iso.Length: > 0 } asOf ? $"This is how things stood on {language.Of(asOf)}." : null;
        text.Paragraph(past, sections.Asked(context.Understanding?.StandaloneQuery is { Length: > 0 } question ? question : context.Query), wanted[0] switch
        {
            Topic.Payments => sections.PaymentHeadline() ?? sections.BalanceHeadline(),
            Topic.Orders => sections.OrderHeadline() ?? sections.BalanceHeadline(),
            Topic.Credit => sections.CreditHeadline() ?? sections.BalanceHeadline(),
            _ => sections.BalanceHeadline(),
        } ?? (book.IsPortfolio ? "I have no balance for your customers." : $"I have no balance for **{name}**."),
            wanted.Count > 1 && wanted[0] != Topic.Payments ? sections.PaymentHeadline() : null,
            sections.ChangeHeadline(insights));
        if (background)
        {
            return;
        }

        if (wanted.Contains(Topic.Balance))
        {
            sections.Ageing(text);
        }

        if (wanted.Count > 1 || wanted[0] == Topic.Payments)
        {
            text.List(wanted.Count > 1 ? "**Payments**" : null, sections.PaymentDetails());
        }

        if (wanted.Contains(Topic.Orders))
        {
            text.List(wanted.Count > 1 ? "**Orders**" : null, wanted.Count > 1 ? [sections.OrderHeadline(), .. sections.OrderDetails()] : sections.OrderDetails());
        }

        if (wanted.Contains(Topic.Credit))
        {
            text.List("**Credit and account**", wanted.Count > 1 ? [sections.CreditHeadline(), .. sections.AccountDetails()] : sections.AccountDetails());
        }

        text.List("**What has changed**", insights.Take(MostInsights).Select(i =>
            InsightWords.Sentence(i, book.Entity?.Name ?? "the customer", language) + References.To(context, ["insight:" + i.Id])));

        text.List("**On file**", notes.Take(MostMemories));
    }

    // How things stood on a day knows nothing of what was noted after it.
    private static bool IsLater(MemoryRecord memory, SynthesizedContext context) =>
        context.Understanding?.AsOf is { Iso.Length: > 0 } day && memory.CreatedAt is { } at
        && string.CompareOrdinal(at.ToDateTime().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), day.Iso) > 0;

    private static void Invoice(AnswerText text, FactBook book, Language language)
    {
        var status = book.Text("invoice_status");
        var outstanding = book.Money("invoice_outstanding");
        var late = book.Days("invoice_days_late");
        var due = book.Text("invoice_due_date");
        var paidOn = book.Text("invoice_paid_on");
        text.Paragraph(
            $"**Invoice {book.Entity!.Name}**{Of(book, "invoice_customer")} over {book.Text("invoice_amount") ?? "an unknown amount"} is {status ?? "of unknown status"}"
                + (due is null ? string.Empty : paidOn is null ? $"; it {(status == "overdue" ? "was" : "is")} due on {due}" : $"; it was due on {due} and paid on {paidOn}")
                + "." + book.Refs("invoice_customer", "invoice_amount", "invoice_status", "invoice_due_date"),
            late is > 0 ? (paidOn is null ? $"It is {language.Days(late.Value)} overdue." : $"That was {language.Days(late.Value)} late.") : null,
            outstanding is not null && Language.Amount(outstanding) > 0 && paidOn is null ? $"{language.Of(outstanding)} of it is still to be paid." : null);
        text.List(null, book.Untold.Select(f => $"{f.Label}: {language.Of(f.Value)}{book.Refs(f.Kind)}"));
    }

    private static void Order(AnswerText text, FactBook book, Language language)
    {
        var placed = book.Text("order_placed");
        var requested = book.Text("order_requested_date");
        text.Paragraph(
            $"**Order {book.Entity!.Name}**{Of(book, "order_customer")} over {book.Text("order_amount") ?? "an unknown amount"} is {book.Text("order_status") ?? "of unknown status"}"
                + (book.Text("order_priority") is { } priority ? $", with {priority} priority" : string.Empty) + "."
                + book.Refs("order_customer", "order_amount", "order_status", "order_priority"),
            placed is null ? null : $"It was placed on {placed}{(requested is null ? string.Empty : $" and asked for by {requested}")}.");
        text.List(null, book.Untold.Select(f => $"{f.Label}: {language.Of(f.Value)}{book.Refs(f.Kind)}"));
    }

    // Whoever was named in the question: whose it is has to be seen.
    private static string Of(FactBook book, string customer) => book.Text(customer) is { } name ? $" of {name}" : string.Empty;

    /// <summary>A question about one side of the customer hears about changes on that side.</summary>
    private static bool Concerns(Insight insight, List<Topic> wanted) =>
        wanted.Count > 1 || (wanted[0] == Topic.Orders) != (insight.Type == "payment_timing_shift");

    private enum Topic
    {
        Balance,
        Payments,
        Orders,
        Credit,
        Notes,
    }

    /// <summary>What was asked for; everything when nothing in particular was.</summary>
    private static List<Topic> Wanted(SynthesizedContext context)
    {
        var wanted = new List<Topic>();
        foreach (var topic in context.Understanding?.Topics ?? [])
        {
            Topic? section = topic switch
            {
                "overdue" or "balance" or "invoices" => Topic.Balance,
                "payments" or "terms" => Topic.Payments,
                "orders" or "rush_orders" => Topic.Orders,
                "credit" => Topic.Credit,
                "notes" => Topic.Notes,
                _ => null,
            };
            if (section is { } known && !wanted.Contains(known))
            {
                wanted.Add(known);
            }
        }

        return wanted.Count == 0 ? [Topic.Balance, Topic.Payments, Topic.Orders, Topic.Credit] : wanted;
    }
}
