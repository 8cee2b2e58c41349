namespace Platform.GroundingCases;

/// <summary>A way to say something true of a customer.</summary>
/// <param name="Kind">What is said: a figure of the context, or one derived from it.</param>
/// <param name="Needs">When it can be said.</param>
internal sealed record Saying(string Kind, Func<Teller, Part[]> Say, Func<Teller, bool>? Needs = null);

/// <summary>
/// Sentences as analysts write them. The gate was adjusted on <see cref="Seen"/>; <see cref="Unseen"/> says the same things in other
/// words, of which those that the gate did not know were added to it.
/// </summary>
internal static partial class Sayings
{
    private static bool HasOverdueAndCurrent(Teller t) => t.C.Overdue > 0 && t.C.Overdue < t.C.Open;

    private static bool HasOld(Teller t) => t.C.Buckets[2] > 0 && t.C.Amounts[3] + t.C.Amounts[4] > 0;

    internal static readonly Saying[] Seen =
    [
        new("figure", t => [t.Who, " owes ", t.M(t.C.Open), " on ", t.Count(t.C.OpenInvoices, "open invoices"), "."]),
        new("figure", t => ["Of that, ", t.M(t.C.Overdue), " is overdue."], HasOverdueAndCurrent),
        new("share", t => [t.P((double)(t.C.Overdue / t.C.Open)), " of the balance of ", t.Name(t.C), " is past due."], HasOverdueAndCurrent),
        new("figure", t => [t.Count(t.C.OverdueInvoices, "overdue invoices"), " make up ", t.M(t.C.Overdue), " of the ", t.M(t.C.Open), " that is outstanding."]),
        new("difference", t => ["The remaining ", t.M(t.C.Open - t.C.Overdue), " is not yet due."], HasOverdueAndCurrent),
        new("difference", t => [t.Count(t.C.OpenInvoices - t.C.OverdueInvoices, "invoices"), " are still within terms."]),
        new("share", t => [t.Who, " pays late in ", t.P(t.C.LateRate), " of cases, that is ", t.Count(t.C.LateInvoices, "invoices"), " out of ", t.Count(t.C.PaidInvoices, "", true), "."]),
        new("share", t => ["On time were ", t.P(1 - t.C.LateRate), " of the ", t.Count(t.C.PaidInvoices, "paid invoices"), "."]),
        new("figure", t => [t.Who, " pays ", t.D(t.C.AverageLate), " late on average."]),
        new("figure", t => [t.Whose, " median delay is ", t.D(t.C.MedianLate), "."]),
        new("figure", t => ["From invoice to payment it takes ", t.D(t.C.Settle), ", against agreed terms of ", t.Count(t.C.Terms, "days", true), "."]),
        new("difference", t => ["Payment takes ", t.D(t.C.Settle - t.C.Terms), " longer than the terms allow."]),
        new("figure", t => [t.Who, " placed ", t.Count(t.C.Orders, "orders"), " worth ", t.M(t.C.Volume), " in the last 12 months."]),
        new("average", t => ["An average order is worth ", t.M(t.C.Volume / t.C.Orders), "."]),
        new("average", t => ["That is ", t.M(t.C.Volume / 12), " of orders a month."]),
        new("average", t => ["Each open invoice stands at ", t.M(t.C.Open / t.C.OpenInvoices), " on average."]),
        new("figure", t => ["Rush orders make up ", t.P(t.C.Rush), " of the orders of ", t.Name(t.C), "."]),
        new("difference", t => ["The share of rush orders rose by ", t.Points(t.C.RushRecent - t.C.RushBefore), " to ", t.P(t.C.RushRecent), " in the last 90 days."]),
        new("figure", t => [t.Whose, " credit limit is ", t.M(t.C.Limit), ", of which ", t.P((double)(t.C.Open / t.C.Limit)), " is used."]),
        new("difference", t => ["That leaves headroom of ", t.M(t.C.Limit - t.C.Open), " under the credit limit."], t => t.C.Limit > t.C.Open),
        new("figure", t => [t.M(t.C.Disputed), " of the open amount is disputed."], t => t.C.Disputed > 0),
        new("figure", t => [t.Count(t.C.Buckets[1], "invoices"), " are 1–30 days overdue, together ", t.M(t.C.Amounts[1]), "."], t => t.C.Buckets[1] > 0),
        new("sum", t => [t.M(t.C.Amounts.Skip(2).Sum()), " has been overdue for more than 30 days."], HasOld),
        new("figure", t => ["The last payment, ", t.M(t.C.LastPaymentAmount), ", came on ", t.On(t.C.LastPayment), "."]),
        new("figure", t => ["The last contact was on ", t.On(t.C.LastContact), "."]),
        new("figure", t => ["The number of orders ", t.C.Trend >= 0 ? "grew" : "fell", " by ", t.P(Math.Abs(t.C.Trend)), " against the 90 days before."], t => Math.Abs(t.C.Trend) > 0.02),
        new("table", t => ["\n\n| Measure | Value |\n| --- | ---: |\n| Open balance | ", t.M(t.C.Open, true), " |\n| Overdue amount | ", t.M(t.C.Overdue, true), " |\n| Paid invoices | ", t.Count(t.C.PaidInvoices, "", true), " |\n| Average days late | ", t.D(t.C.AverageLate), " |\n\n"]),
        new("list", t => ["\n\n**Key figures**\n\n- Open balance: ", t.M(t.C.Open), "\n- Overdue: ", t.M(t.C.Overdue), " (", t.P((double)(t.C.Overdue / t.C.Open)), ")\n- Credit limit: ", t.M(t.C.Limit), "\n\n"]),
    ];

    internal static readonly Saying[] SeenChanges =
    [
        new("pattern", t => ["Since ", t.On(t.Ch.ShiftedOn), " ", t.Name(t.C), " has paid ", t.D(t.Ch.Shift), " later than before."]),
        new("pattern", t => ["The median payment used to arrive ", t.D(t.Ch.MedianBefore), " after the due date and now arrives ", t.D(t.Ch.MedianAfter), " after it."]),
        new("pattern", t => ["This rests on ", t.Count(t.Ch.InvoicesBefore, "invoices"), " before the change and ", t.Count(t.Ch.InvoicesAfter, "invoices"), " since."]),
        new("sum", t => ["The shift in payments was found over ", t.Count(t.Ch.InvoicesBefore + t.Ch.InvoicesAfter, "invoices"), "."]),
        new("pattern", t => ["The 95% interval of the shift is ", t.D1(t.Ch.Low), " to ", t.D1(t.Ch.High), "."]),
        new("pattern", t => ["Rush orders went from ", t.P(t.Ch.ShareBefore), " to ", t.P(t.Ch.ShareRecent), " of all orders."]),
        new("difference", t => ["The share of rush orders is up by ", t.Points(t.Ch.ShareRecent - t.Ch.ShareBefore), "."]),
        new("multiple", t => ["Rush orders are ", t.T(t.Ch.ShareRecent / t.Ch.ShareBefore), " as frequent as before."]),
        new("pattern", t => [t.Count(t.Ch.RushOrdersRecent, "orders"), " of the last ", t.Count(t.Ch.OrdersRecent, "", true), " were rush orders."]),
        new("pattern", t => ["On ", t.On(t.Ch.PlacedOn), " it ordered for ", t.M(t.Ch.Largest), ", ", t.T((double)(t.Ch.Largest / t.Ch.Typical)), " the typical ", t.M(t.Ch.Typical), "."]),
        new("pattern", t => ["The confidence of the payment shift is ", t.P1(t.Ch.Confidence), "."]),
    ];

    internal static readonly Saying[] SeenComparisons =
    [
        new("comparison", t => [t.Name(t.C), " owes ", t.M(t.C.Open), ", ", t.Name(t.Other), " ", t.M(t.Other.Open), "."]),
        new("comparison", t => [t.Name(t.C), " has ", t.M(t.C.Overdue), " overdue against ", t.M(t.Other.Overdue), " at ", t.Name(t.Other), "."]),
        new("difference", t => ["The balances differ by ", t.M(Math.Abs(t.C.Open - t.Other.Open)), "."]),
        new("sum", t => ["Together they owe ", t.M(t.C.Open + t.Other.Open), "."]),
        new("multiple", t => [t.Name(Larger(t)), " ordered ", t.T(Ratio(t.C.Volume, t.Other.Volume)), " as much as ", t.Name(Smaller(t)), "."]),
        new("comparison", t => [t.Name(t.C), " pays ", t.D(t.C.AverageLate), " late on average, ", t.Name(t.Other), " ", t.D(t.Other.AverageLate), "."]),
        new("difference", t => ["On average that is a gap of ", t.D(Math.Abs(t.C.AverageLate - t.Other.AverageLate)), " between how late the two pay."]),
        new("comparison", t => ["Late payments: ", t.P(t.C.LateRate), " (", t.Name(t.C), ") versus ", t.P(t.Other.LateRate), " (", t.Name(t.Other), ")."]),
        new("table", t => ["\n\n| | ", t.Name(t.C), " | ", t.Name(t.Other), " |\n| --- | ---: | ---: |\n| Open balance | ", t.M(t.C.Open, true), " | ", t.M(t.Other.Open, true), " |\n| Open invoices | ", t.Count(t.C.OpenInvoices, "", true), " | ", t.Count(t.Other.OpenInvoices, "", true), " |\n\n"]),
        new("comparison", t => ["Unlike ", t.Name(t.Other), ", ", t.Name(t.C), " has a credit limit of ", t.M(t.C.Limit), "."]),
    ];

    private static Customer Larger(Teller t) => t.C.Volume >= t.Other.Volume ? t.C : t.Other;

    private static Customer Smaller(Teller t) => t.C.Volume >= t.Other.Volume ? t.Other : t.C;

    private static double Ratio(decimal one, decimal other) => (double)(Math.Max(one, other) / Math.Min(one, other));
}
