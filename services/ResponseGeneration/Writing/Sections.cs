using Platform.Contracts.Common.V1;
using Platform.Contracts.ContextSynthesis.V1;
using Platform.Contracts.PatternAnalysis.V1;

namespace Platform.ResponseGeneration.Writing;

/// <summary>The parts of a status answer about one customer, or about all of them.</summary>
internal sealed class Sections(SynthesizedContext context, FactBook book, Language language)
{
    private readonly string _subject = book.Entity is { } entity ? $"**{entity.Name}**" : "**Your customers**";
    private readonly bool _many = book.IsPortfolio;
    private bool _named;
    private bool _dsoSaid;

    /// <summary>The name when it comes first, a pronoun from then on.</summary>
    private string It
    {
        get
        {
            if (_named)
            {
                return _many ? "They" : "It";
            }

            _named = true;
            return _subject;
        }
    }

    private string Its => _many ? "their" : "its";

    private string S(string verb) => _many ? verb : verb + "s";

    public string? BalanceHeadline()
    {
        var open = book.MoneyText("open_balance");
        var overdue = book.MoneyText("overdue_amount");
        var openCount = book.Count("open_invoices");
        var overdueCount = book.Count("overdue_invoices");
        if (open is null)
        {
            return null;
        }

        var refs = book.Refs("open_balance", "overdue_amount");
        var amounts = book.Amounts("open_balance");
        if (openCount == 0 || amounts.All(a => Language.Amount(a) == 0))
        {
            return $"{It} {S("owe")} nothing: no invoice is open.{refs}";
        }

        if (amounts.Count > 2)
        {
            open = $"amounts in {language.Count(amounts.Count)} currencies";
            overdue = overdue is null || book.Amounts("overdue_amount").All(a => Language.Amount(a) == 0) ? overdue : "part";
        }

        var owes = $"{It} {S("owe")} {open}{(openCount is { } n ? $" on {language.Count(n, "open invoice")}" : string.Empty)}";
        if (overdue is null)
        {
            return $"{owes}.{refs}";
        }

        if (overdueCount == 0 || book.Amounts("overdue_amount").All(a => Language.Amount(a) == 0))
        {
            return $"{owes}, and none of it is overdue.{refs}";
        }

        var all = overdueCount is not null && overdueCount == openCount;
        if (all)
        {
            return $"{owes}, {(openCount == 1 ? "which is overdue" : "all of it overdue")}.{refs}";
        }

        var on = overdueCount is { } late ? $" on {language.Count(late, "invoice")}" : string.Empty;
        var several = book.Amounts("overdue_amount").Count == 2 && amounts.Count == 2;
        return $"{owes}; {overdue} of that{Share()}{on} {(several ? "are" : "is")} overdue.{refs}";
    }

    public string? PaymentHeadline()
    {
        var average = book.Days("average_days_late");
        var rate = book.Ratio("late_rate");
        var paid = book.Count("paid_invoices");
        if (average is null && rate is null)
        {
            return book.Find("late_rate") is null && book.Find("average_days_late") is null ? null
                : paid == 0 ? $"{It} {(_many ? "have" : "has")} not paid an invoice yet, so nothing can be said about {Its} punctuality."
                : null;
        }

        var refs = book.Refs("late_rate", "average_days_late");
        var share = rate is { } r ? LateShare(r, paid) : null;
        var pays = average switch
        {
            null => null,
            < 0.05 => $"{It} {S("pay")} on time",
            { } days => $"{It} {S("pay")} {language.Days(days)} late on average",
        };
        return pays is null ? $"{Language.Capital(share!)}.{refs}" : share is null ? $"{pays}.{refs}" : $"{pays}, and {share}.{refs}";
    }

    /// <summary>The most important change in one sentence; the details follow further down.</summary>
    public string? ChangeHeadline(IReadOnlyList<Insight> insights)
    {
        var insight = insights.Count > 0 ? insights[0] : null;
        return insight is null ? null : $"Note that {InsightWords.Short(insight, language)}.{References.To(context, ["insight:" + insight.Id])}";
    }

    public void Ageing(AnswerText text)
    {
        var parts = book.Find("ageing")?.Parts;
        if (parts is null || parts.All(p => p.Count == 0) || book.Money("ageing") is null)
        {
            ByCurrency(text);
            return;
        }

        var rows = parts.Select(p => (IReadOnlyList<string>)[Bucket(p.Name), language.Count(p.Count), language.Of(p.Value)]).ToList();
        if (book.Money("ageing") is { } total)
        {
            rows.Add(["**Total**", $"**{language.Count(parts.Sum(p => p.Count))}**", $"**{language.Of(total)}**"]);
        }

        text.Table(["Age of the open balance", "Invoices", "Amount"], rows);
    }

    private void ByCurrency(AnswerText text)
    {
        var open = book.Amounts("open_balance");
        if (open.Count < 2)
        {
            return;
        }

        var overdue = book.Amounts("overdue_amount");
        text.Table(["Currency", "Open", "Overdue"], open.Select(o => (IReadOnlyList<string>)
        [
            o.Currency,
            language.Of(o),
            overdue.FirstOrDefault(d => d.Currency == o.Currency) is { } late ? language.Of(late) : language.Of(0, o.Currency),
        ]));
    }

    /// <summary>The one figure that a question names ("when did it last pay?"), to be said before everything else.</summary>
    public string? Asked(string question)
    {
        bool Asks(string words) => System.Text.RegularExpressions.Regex.IsMatch(question, $@"\b(?:{words})\b", System.Text.RegularExpressions.RegexOptions.IgnoreCase | System.Text.RegularExpressions.RegexOptions.CultureInvariant);

        if (_many)
        {
            return Asks("dso|days sales outstanding") ? DsoByCurrency() : null;
        }

        if (Asks("last (?:pay|paid|payment)|latest payment"))
        {
            return LastEvent("last_payment") is { } payment ? $"{Possessive()} last payment came on {payment}.{book.Refs("last_payment")}" : null;
        }

        if (Asks("last (?:order|ordered|buy|bought|purchase)|latest order"))
        {
            return LastEvent("last_order") is { } order ? $"{Possessive()} last order came on {order}.{book.Refs("last_order")}" : null;
        }

        if (Asks("last (?:contact|contacted|speak|spoke|talk|talked|call|called)"))
        {
            return book.Text("last_contact") is { } contact ? $"The last contact with {It} was on {contact}.{book.Refs("last_contact")}" : $"No contact with {It} is recorded.";
        }

        if (Asks("payment terms|terms of payment"))
        {
            return book.Days("payment_terms") is { } terms ? $"The agreed payment terms of {It} are {language.Days(terms)}.{book.Refs("payment_terms")}" : null;
        }

        if (Asks("dso|days sales outstanding"))
        {
            return book.Days("dso") is { } dso ? $"The days sales outstanding (DSO) of {It} are {language.Days(dso)}.{book.Refs("dso")}" : null;
        }

        return null;
    }

    private string Possessive() => It is var it && it == _subject ? Language.Possessive(it) : Language.Capital(Its);

    public IEnumerable<string?> PaymentDetails()
    {
        if (book.Days("median_days_late") is { } median)
        {
            yield return (median < 0.05 ? "Half of the paid invoices or more were on time or early" : $"The median invoice is paid {language.Days(median)} late") + $".{book.Refs("median_days_late")}";
        }

        if (book.Days("average_days_to_settle") is { } settle)
        {
            var terms = book.Days("payment_terms") is { } days ? $"; the agreed terms are {language.Days(days)}" : string.Empty;
            yield return $"From invoice to payment {Its} invoices take {language.Days(settle)} on average{terms}.{book.Refs("average_days_to_settle", "payment_terms")}";
        }
        else if (book.Days("payment_terms") is { } terms)
        {
            yield return $"The agreed payment terms are {language.Days(terms)}.{book.Refs("payment_terms")}";
        }

        if (book.Days("dso") is { } dso)
        {
            yield return $"Days sales outstanding (DSO): {language.Days(dso)}.{book.Refs("dso")}";
        }
        else
        {
            yield return DsoByCurrency();
        }

        if (LastEvent("last_payment") is { } payment)
        {
            yield return $"The last payment came on {payment}.{book.Refs("last_payment")}";
        }

        if (book.Amounts("disputed") is { Count: > 0 } disputed && disputed.Any(d => Language.Amount(d) != 0))
        {
            yield return $"{book.MoneyText("disputed")} of the open balance is disputed.{book.Refs("disputed")}";
        }
    }

    public string? OrderHeadline()
    {
        var count = book.Count("order_count_12m");
        var volume = book.MoneyText("order_volume");
        if (count is null && volume is null)
        {
            return null;
        }

        if (count == 0)
        {
            return $"{It} placed no order in the last 12 months.{book.Refs("order_count_12m")}";
        }

        var worth = volume is null ? string.Empty : count is null ? $"orders worth {volume}" : $" worth {volume}";
        return $"{It} placed {(count is { } n ? language.Count(n, "order") : string.Empty)}{worth} in the last 12 months.{book.Refs("order_count_12m", "order_volume")}";
    }

    public IEnumerable<string?> OrderDetails()
    {
        if (book.Ratio("order_trend") is { } trend)
        {
            var how = Math.Abs(trend) < 0.0005 ? "The number of orders is unchanged against the 90 days before"
                : $"The number of orders in the last 90 days {(trend > 0 ? "rose" : "fell")} by {language.Percent(Math.Abs(trend))} against the 90 days before";
            yield return $"{how}.{book.Refs("order_trend")}";
        }

        if (book.Count("open_orders") is { } open)
        {
            yield return (open == 0 ? "No order is open" : $"{language.Count(open, "order")} {(open == 1 ? "is" : "are")} open") + $".{book.Refs("open_orders")}";
        }

        if (book.Ratio("rush_share") is { } rush)
        {
            var parts = book.Find("rush_share")!.Parts;
            var recent = parts.FirstOrDefault(p => p.Name == "last 90 days")?.Value;
            var before = parts.FirstOrDefault(p => p.Name == "before")?.Value;
            var change = recent?.KindCase == Value.KindOneofCase.Ratio && before?.KindCase == Value.KindOneofCase.Ratio && Math.Abs(recent.Ratio - before.Ratio) >= 0.005
                ? $": {language.Percent(recent.Ratio)} in the last 90 days, {language.Percent(before.Ratio)} before"
                : string.Empty;
            yield return $"Rush orders make up {language.Percent(rush)} of the orders of 12 months{change}.{book.Refs("rush_share")}";
        }

        if (LastEvent("last_order") is { } order)
        {
            yield return $"The last order came on {order}.{book.Refs("last_order")}";
        }
    }

    public string? CreditHeadline()
    {
        var limit = book.MoneyText("credit_limit");
        if (limit is null)
        {
            return book.Find("credit_limit") is null ? null : $"No credit limit is recorded for {book.Entity?.Name}.{book.Refs("credit_limit")}";
        }

        return book.Ratio("credit_use") is { } use
            ? $"{It} {(use > 1 ? $"{S("exceed")} {Its} credit limit of {limit}: {language.Percent(use)} of it is used" : $"{S("use")} {language.Percent(use)} of {Its} credit limit of {limit}")}.{book.Refs("credit_limit", "credit_use")}"
            : $"{Language.Capital(Its)} credit limit is {limit}.{book.Refs("credit_limit")}";
    }

    public IEnumerable<string?> AccountDetails()
    {
        if (book.Count("customers") is { } customers)
        {
            yield return $"{language.Count(customers, "customer account")} {(customers == 1 ? "is" : "are")} not closed.{book.Refs("customers")}";
        }

        if (book.Text("customer_status") is { } status)
        {
            yield return $"The account is {status}.{book.Refs("customer_status")}";
        }

        if (book.Text("last_contact") is { } contact)
        {
            yield return $"The last contact was on {contact}.{book.Refs("last_contact")}";
        }
    }

    /// <summary>Null when there is one for all, or none, and when it was said already.</summary>
    private string? DsoByCurrency()
    {
        if (_dsoSaid || book.Days("dso") is not null)
        {
            return null;
        }

        _dsoSaid = true;
        var each = book.Find("dso")?.Parts.Where(part => part.Value?.KindCase == Value.KindOneofCase.Days).Select(part => $"{language.Days(part.Value.Days)} in {part.Name}").ToList();
        return each is { Count: > 0 } ? $"Days sales outstanding (DSO) by currency, as currencies are not added up: {Language.Join(each)}.{book.Refs("dso")}" : null;
    }

    private string LateShare(double rate, long? paid) => (rate, paid) switch
    {
        (_, 0) => $"{(_many ? "have" : "it has")} paid nothing yet",
        ( < 0.00005, 1) => $"{Its} only paid invoice was on time",
        ( < 0.00005, { } n) => $"all of {Its} {language.Count(n, "paid invoice")} were on time",
        (_, 1) => $"{Its} only paid invoice was late",
        (_, { } n) => $"{language.Percent(rate)} of {Its} {language.Count(n, "paid invoice")} {(n == 1 ? "was" : "were")} late",
        _ => $"{language.Percent(rate)} of {Its} paid invoices were late",
    };

    private string Share()
    {
        var open = book.Amounts("open_balance");
        var overdue = book.Amounts("overdue_amount");
        return open.Count == 1 && overdue.Count == 1 && open[0].Currency == overdue[0].Currency && Language.Amount(open[0]) > 0
            ? $" ({language.Percent((double)(Language.Amount(overdue[0]) / Language.Amount(open[0])))})"
            : string.Empty;
    }

    private string? LastEvent(string kind)
    {
        var fact = book.Find(kind);
        if (fact?.Value?.KindCase != Value.KindOneofCase.Date)
        {
            return null;
        }

        var amount = fact.Parts.FirstOrDefault(p => p.Value?.KindCase == Value.KindOneofCase.Money)?.Value;
        return language.Of(fact.Value) + (amount is null ? string.Empty : $" ({language.Of(amount)})");
    }

    public static string Bucket(string name) => name switch
    {
        "not_due" => "Not yet due",
        "90+" => "More than 90 days overdue",
        _ => name.Replace('_', ' ').Replace('-', '–') + (name.Contains('-', StringComparison.Ordinal) ? " days overdue" : string.Empty),
    };
}
