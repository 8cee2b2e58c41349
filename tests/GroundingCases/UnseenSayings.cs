namespace Platform.GroundingCases;

internal static partial class Sayings
{
    internal static readonly Saying[] Unseen =
    [
        new("figure", t => [t.Whose, " open balance stands at ", t.M(t.C.Open), "."]),
        new("figure", t => [t.Who, " has ", t.Count(t.C.OpenInvoices, "unpaid invoices"), ", and ", t.Count(t.C.OverdueInvoices, "of them", true), " are overdue."]),
        new("share", t => ["So ", t.P((double)(t.C.Overdue / t.C.Open)), " of what it owes should already have been paid."], HasOverdueAndCurrent),
        new("share", t => [t.P((double)t.C.OverdueInvoices / t.C.OpenInvoices), " of the open invoices are overdue."]),
        new("difference", t => [t.M(t.C.Open - t.C.Overdue), " of the outstanding amount is not overdue."], HasOverdueAndCurrent),
        new("share", t => ["Roughly speaking, ", t.P(t.C.LateRate), " of the payments of ", t.Name(t.C), " arrive after the due date."]),
        new("difference", t => [t.Count(t.C.PaidInvoices - t.C.LateInvoices, "invoices"), " were paid on time or early."]),
        new("figure", t => ["On average, payments from ", t.Name(t.C), " come ", t.D(t.C.AverageLate), " after the due date."]),
        new("figure", t => ["The typical (median) invoice is paid ", t.D(t.C.MedianLate), " late."]),
        new("figure", t => ["Agreed payment terms are ", t.Count(t.C.Terms, "days", true), ", but ", t.Name(t.C), " takes ", t.D(t.C.Settle), " to settle."]),
        new("difference", t => ["That is ", t.D(t.C.Settle - t.C.Terms), " more than the agreed terms."]),
        new("figure", t => ["Over the past year ", t.Name(t.C), " bought for ", t.M(t.C.Volume), " across ", t.Count(t.C.Orders, "orders"), "."]),
        new("average", t => ["It spends ", t.M(t.C.Volume / t.C.Orders), " per order."]),
        new("average", t => ["Its monthly order volume is ", t.M(t.C.Volume / 12), "."]),
        new("average", t => ["The mean overdue invoice is ", t.M(t.C.Overdue / t.C.OverdueInvoices), "."]),
        new("figure", t => ["In the last 90 days ", t.P(t.C.RushRecent), " of its orders were urgent, up from ", t.P(t.C.RushBefore), " before."]),
        new("multiple", t => ["Urgent orders are ", t.T(t.C.RushRecent / t.C.RushBefore), " as common as they were."]),
        new("figure", t => [t.Who, " uses ", t.P((double)(t.C.Open / t.C.Limit)), " of a credit limit of ", t.M(t.C.Limit), "."]),
        new("difference", t => [t.M(t.C.Limit - t.C.Open), " of the credit line is still available."], t => t.C.Limit > t.C.Open),
        new("figure", t => ["It disputes ", t.M(t.C.Disputed), "."], t => t.C.Disputed > 0),
        new("figure", t => ["Between 31 and 60 days overdue are ", t.Count(t.C.Buckets[2], "invoices"), " over ", t.M(t.C.Amounts[2], true), "."], t => t.C.Buckets[2] > 0),
        new("sum", t => ["Overdue by more than 60 days: ", t.M(t.C.Amounts.Skip(3).Sum()), "."], HasOld),
        new("figure", t => [t.Who, " last paid on ", t.On(t.C.LastPayment), ", when ", t.M(t.C.LastPaymentAmount), " came in."]),
        new("difference", t => ["Its last payment came ", t.Count(t.C.Today.DayNumber - t.C.LastPayment.DayNumber, "days", true), " ago."], t => t.C.Today.DayNumber - t.C.LastPayment.DayNumber > 1),
        new("figure", t => ["We last spoke to ", t.Name(t.C), " on ", t.On(t.C.LastContact), "."]),
        new("figure", t => [t.Count(t.C.OpenOrders, "orders", true), " are still open."], t => t.C.OpenOrders > 1),
        new("table", t => ["\n\n| Age | Invoices | Amount |\n| --- | ---: | ---: |\n| Not yet due | ", t.Count(t.C.Buckets[0], "", true), " | ", t.M(t.C.Amounts[0], true), " |\n| 1–30 days overdue | ", t.Count(t.C.Buckets[1], "", true), " | ", t.M(t.C.Amounts[1], true), " |\n| Total | ", t.Count(t.C.OpenInvoices, "", true), " | ", t.M(t.C.Open, true), " |\n\n"]),
        new("list", t => ["\n\n### Payment behaviour\n\n- Paid late: ", t.P(t.C.LateRate), "\n- Average delay: ", t.D(t.C.AverageLate), "\n- Terms: ", t.Count(t.C.Terms, "days", true), "\n\n"]),
    ];

    internal static readonly Saying[] UnseenChanges =
    [
        new("pattern", t => ["Payments from ", t.Name(t.C), " slipped by ", t.D(t.Ch.Shift), ", starting on ", t.On(t.Ch.ShiftedOn), "."]),
        new("pattern", t => ["Half of its invoices were paid within ", t.D(t.Ch.MedianBefore), " of the due date; now that figure is ", t.D(t.Ch.MedianAfter), "."]),
        new("pattern", t => ["The evidence is ", t.Count(t.Ch.InvoicesAfter, "invoices"), " after the shift, set against ", t.Count(t.Ch.InvoicesBefore, "", true), " earlier ones."]),
        new("pattern", t => ["With 95% confidence the delay lies between ", t.D1(t.Ch.Low), " and ", t.D1(t.Ch.High), "."]),
        new("pattern", t => ["Of its recent orders ", t.P(t.Ch.ShareRecent), " were rush orders, compared with ", t.P(t.Ch.ShareBefore), " earlier."]),
        new("difference", t => ["Rush orders gained ", t.Points(t.Ch.ShareRecent - t.Ch.ShareBefore), " in share."]),
        new("pattern", t => ["Before that, only ", t.Count(t.Ch.RushOrdersBefore, "orders", true), " out of ", t.Count(t.Ch.OrdersBefore, "", true), " had been rush orders."]),
        new("pattern", t => ["One order of ", t.M(t.Ch.Largest), " stands out: the usual size is ", t.M(t.Ch.Typical), "."]),
        new("difference", t => ["The largest order was ", t.M(t.Ch.Largest - t.Ch.Typical), " above the typical amount."]),
        new("multiple", t => ["Placed on ", t.On(t.Ch.PlacedOn), ", it was ", t.T((double)(t.Ch.Largest / t.Ch.Typical)), " its usual order."]),
    ];

    internal static readonly Saying[] UnseenComparisons =
    [
        new("comparison", t => [t.Name(t.C), " and ", t.Name(t.Other), " owe ", t.M(t.C.Open), " and ", t.M(t.Other.Open), " respectively."]),
        new("comparison", t => ["The overdue amount is ", t.M(t.C.Overdue), " for ", t.Name(t.C), " and ", t.M(t.Other.Overdue), " for ", t.Name(t.Other), "."]),
        new("difference", t => [t.Name(t.C.Open >= t.Other.Open ? t.C : t.Other), " owes ", t.M(Math.Abs(t.C.Open - t.Other.Open)), " more than ", t.Name(t.C.Open >= t.Other.Open ? t.Other : t.C), "."]),
        new("sum", t => ["Combined, the two have ", t.Count(t.C.OpenInvoices + t.Other.OpenInvoices, "open invoices"), "."]),
        new("comparison", t => ["While ", t.Name(t.C), " pays ", t.P(t.C.LateRate), " of its invoices late, ", t.Name(t.Other), " does so for ", t.P(t.Other.LateRate), "."]),
        new("comparison", t => [t.Name(t.C), " placed ", t.Count(t.C.Orders, "orders"), "; ", t.Name(t.Other), " placed ", t.Count(t.Other.Orders, "orders"), "."]),
        new("comparison", t => ["Average delay: ", t.Name(t.C), " ", t.D(t.C.AverageLate), ", ", t.Name(t.Other), " ", t.D(t.Other.AverageLate), "."]),
        new("table", t => ["\n\n| Customer | Overdue amount | Share paid late |\n| --- | ---: | ---: |\n| ", t.Name(t.C), " | ", t.M(t.C.Overdue, true), " | ", t.P1(t.C.LateRate), " |\n| ", t.Name(t.Other), " | ", t.M(t.Other.Overdue, true), " | ", t.P1(t.Other.LateRate), " |\n\n"]),
        new("list", t => ["\n\n- **", t.Name(t.C), "** owes ", t.M(t.C.Open), ".\n- **", t.Name(t.Other), "** owes ", t.M(t.Other.Open), ".\n\n"]),
    ];
}
