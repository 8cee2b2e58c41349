namespace Platform.ContextSynthesis.Tests.Decisions;

/// <summary>A customer whose right call is known.</summary>
/// <param name="Name">Who it is, in words.</param>
/// <param name="Framework">What is asked.</param>
/// <param name="Behaviour">Its figures.</param>
/// <param name="Recommended">The right call; empty when too little is known for one.</param>
/// <param name="Planted">Evidence that the answer has to name: "+key" for the action, "-key" against it.</param>
/// <param name="Main">The evidence that carries the recommendation, where the case has one that stands out.</param>
internal sealed record DecisionCase(string Name, string Framework, Behaviour Behaviour, string Recommended, string[] Planted, string? Main = null)
{
    public override string ToString() => $"{Framework}: {Name}";
}

/// <summary>Written down from credit practice before the frameworks were asked.</summary>
internal static class DecisionCases
{
    private static readonly Behaviour Punctual = new();

    /// <summary>Most invoices late by two weeks, getting later, and much of it old.</summary>
    private static readonly Behaviour Failing = new Behaviour { LateRate = 0.62, AverageDaysLate = 9, Shift = 12, SinceShift = 14, OrderTrend = -0.1, RushShare = 0.4, DaysToSettle = 44 }.Owing(95_000, 0.45, 0.28);

    /// <summary>Always about 25 days late: bad, but no change.</summary>
    private static readonly Behaviour ChronicallyLate = new Behaviour { LateRate = 1, AverageDaysLate = 25, DaysToSettle = 55, OrderTrend = 0 }.Owing(50_000, 0.6, 0.1);

    /// <summary>Was late for years and has paid within days of the due date since.</summary>
    private static readonly Behaviour Reformed = new() { LateRate = 0.6, AverageDaysLate = 14, Shift = -14, SinceShift = 4, OrderTrend = 0.05 };

    private static readonly Behaviour JustBegun = new() { Paid = 2, Orders = 3, LateRate = 0, AverageDaysLate = 0, Open = 3_000, CreditUse = 0.1 };

    private static readonly Behaviour WithoutHistory = new() { Paid = 0, Orders = 0, Volume = 0, Open = 0, CreditUse = 0, ContactDaysAgo = null };

    public static IReadOnlyList<DecisionCase> All { get; } =
    [
        // Longer terms: for who pays, not for who already takes them.
        new("pays on the day, orders grow", "extend_payment_terms", Punctual, "extend", ["+late_rate", "+average_days_late", "+overdue_amount"]),
        new("pays on the day, orders shrink", "extend_payment_terms", Punctual with { OrderTrend = -0.3 }, "extend", ["+late_rate", "-order_trend"]),
        new("late, later, old debt", "extend_payment_terms", Failing, "tighten", ["-payment_timing_shift", "-late_rate", "-overdue_amount", "-credit_use"]),
        new("chronically late", "extend_payment_terms", ChronicallyLate, "tighten", ["-late_rate", "-average_days_late", "-overdue_amount"]),
        new("was late, has become punctual", "extend_payment_terms", Reformed, "extend_with_conditions", ["+payment_timing_shift", "+average_days_late", "-late_rate"], "late_rate"),
        new("has begun to pay later", "extend_payment_terms", new Behaviour { LateRate = 0.2, AverageDaysLate = 3, Shift = 9, SinceShift = 10, OrderTrend = 0 }.Owing(30_000, 0.2), "keep", ["-payment_timing_shift"], "payment_timing_shift"),
        new("now and then late", "extend_payment_terms", new Behaviour { LateRate = 0.2, AverageDaysLate = 4, OrderTrend = 0 }.Owing(40_000, 0.08), "extend_with_conditions", ["+late_rate", "+average_days_late"]),
        new("neither good nor bad", "extend_payment_terms", new Behaviour { LateRate = 0.4, AverageDaysLate = 9, OrderTrend = 0 }.Owing(60_000, 0.2), "keep", ["-late_rate", "-overdue_amount"]),
        new("punctual but 35 % over its limit", "extend_payment_terms", Punctual.Owing(135_000), "keep", ["-credit_use", "+late_rate"], "credit_use"),
        new("punctual, account on hold", "extend_payment_terms", Punctual with { Status = "on_hold" }, "keep", ["-customer_status"], "customer_status"),
        new("two paid invoices", "extend_payment_terms", JustBegun, "", []),
        new("no invoice, no order", "extend_payment_terms", WithoutHistory, "", []),

        // A higher limit: for who needs it and pays.
        new("pays on the day, grows, nearly at its limit", "change_credit_limit", (Punctual with { OrderTrend = 0.3 }).Owing(92_000), "raise", ["+credit_use", "+late_rate", "+order_trend"]),
        new("slightly over its limit, pays on the day", "change_credit_limit", Punctual.Owing(108_000), "raise", ["+late_rate", "-credit_use"]),
        new("uses a fifth of its limit", "change_credit_limit", Punctual, "keep", ["-credit_use", "+late_rate"], "credit_use"),
        new("35 % over its limit, pays on the day", "change_credit_limit", Punctual.Owing(135_000), "keep", ["-credit_use", "+late_rate"], "credit_use"),
        new("late, later, over its limit", "change_credit_limit", Failing.Owing(110_000, 0.45, 0.28), "lower", ["-payment_timing_shift", "-late_rate", "-overdue_amount", "-credit_use"]),
        new("chronically late, nearly at its limit", "change_credit_limit", ChronicallyLate.Owing(90_000, 0.6, 0.1), "lower", ["-late_rate", "-average_days_late", "+credit_use"]),
        new("has begun to pay later, nearly at its limit", "change_credit_limit", new Behaviour { LateRate = 0.4, AverageDaysLate = 5, Shift = 12, SinceShift = 14 }.Owing(95_000, 0.2), "keep", ["-payment_timing_shift", "+credit_use"], "payment_timing_shift"),
        new("neither good nor bad", "change_credit_limit", new Behaviour { LateRate = 0.35, AverageDaysLate = 8 }.Owing(85_000, 0.15), "keep", ["-late_rate", "+credit_use"]),
        new("punctual, account on hold", "change_credit_limit", (Punctual with { Status = "on_hold" }).Owing(92_000), "keep", ["-customer_status"], "customer_status"),
        new("two paid invoices", "change_credit_limit", JustBegun, "", []),

        // Chasing: when it is worth a call and the customer does not come by itself.
        new("nothing overdue", "chase_or_wait", Failing.Owing(50_000), "wait", ["-overdue_amount"], "overdue_amount"),
        new("much, old, getting later", "chase_or_wait", Failing, "chase", ["+overdue_amount", "+ageing", "+payment_timing_shift", "+late_rate"], "overdue_amount"),
        new("old debt, called yesterday", "chase_or_wait", new Behaviour { LateRate = 0.5, AverageDaysLate = 12, ContactDaysAgo = 1 }.Owing(50_000, 0.4, 0.3), "chase", ["+overdue_amount", "+ageing", "-last_contact"]),
        new("first slip of a punctual customer", "chase_or_wait", Punctual.Owing(40_000, 0.1), "remind", ["-late_rate", "-overdue_amount"]),
        new("always late, little overdue", "chase_or_wait", (ChronicallyLate with { ContactDaysAgo = 20 }).Owing(50_000, 0.05), "remind", ["+late_rate", "-overdue_amount"]),
        new("a few pounds of a punctual customer, called last week", "chase_or_wait", (Punctual with { ContactDaysAgo = 5, Currency = "GBP" }).Owing(20_000, 0.003), "wait", ["-overdue_amount", "-late_rate", "-last_contact"]),
        new("all that is owed is less than a call costs", "chase_or_wait", ChronicallyLate.Owing(60, 1, 1), "remind", ["-expected_value", "+overdue_amount"], "expected_value"),
        new("overdue because disputed", "chase_or_wait", (Failing with { Disputed = 40_000 }).Owing(60_000, 0.7, 0.3), "remind", ["-disputed", "+overdue_amount"], "disputed"),
        new("never paid, all of it old", "chase_or_wait", (WithoutHistory with { Orders = 3, Volume = 9_000 }).Owing(9_000, 1, 1), "chase", ["+overdue_amount", "+ageing"], "overdue_amount"),

        // A rush order: new exposure, at once.
        new("pays on the day, room in its limit", "accept_rush_order", Punctual, "accept", ["+overdue_amount", "+credit_use", "+average_days_late"]),
        new("always rush, pays on the day", "accept_rush_order", Punctual with { RushShare = 0.5 }, "accept", ["+overdue_amount", "-rush_share"]),
        new("late, later, near its limit", "accept_rush_order", Failing, "decline", ["-overdue_amount", "-credit_use", "-payment_timing_shift", "-rush_share"]),
        new("chronically late, half its limit free", "accept_rush_order", ChronicallyLate, "accept_with_conditions", ["-overdue_amount", "-average_days_late", "+credit_use"]),
        new("punctual, over its limit", "accept_rush_order", Punctual.Owing(110_000), "accept_with_conditions", ["-credit_use"], "credit_use"),
        new("punctual, account on hold", "accept_rush_order", Punctual with { Status = "on_hold" }, "decline", ["-customer_status"], "customer_status"),
        new("a little late, a little overdue", "accept_rush_order", new Behaviour { LateRate = 0.4, AverageDaysLate = 8, OrderTrend = 0 }.Owing(70_000, 0.2), "accept_with_conditions", ["-overdue_amount"]),
        new("no invoice, no order", "accept_rush_order", WithoutHistory with { PatternsRan = false }, "", []),

        // A discount for early payment: two per cent is dear money unless the wait is long.
        new("pays after five months", "offer_discount", new Behaviour { LateRate = 0.6, AverageDaysLate = 120, DaysToSettle = 150 }, "offer", ["+order_volume", "+average_days_to_settle"], "order_volume"),
        new("pays after a hundred days", "offer_discount", new Behaviour { LateRate = 0.5, AverageDaysLate = 70, DaysToSettle = 100, OrderTrend = 0 }, "offer_small", ["+average_days_to_settle", "+late_rate"]),
        new("pays after a month", "offer_discount", Punctual, "no_discount", ["-order_volume"], "order_volume"),
        new("pays within twelve days", "offer_discount", Punctual with { DaysToSettle = 12 }, "no_discount", ["-order_volume", "-average_days_to_settle"]),
        new("two paid invoices", "offer_discount", JustBegun, "", []),

        // A hold: for debt that is old and large, not for a slip.
        new("most of it overdue, half of it old, getting later", "put_on_hold", Failing.Owing(90_000, 0.7, 0.5), "hold", ["+ageing", "+overdue_amount", "+payment_timing_shift"], "ageing"),
        new("a fifth is old, late as a habit", "put_on_hold", new Behaviour { LateRate = 0.6, AverageDaysLate = 18 }.Owing(60_000, 0.4, 0.2), "hold", ["+ageing", "+overdue_amount", "+average_days_late"]),
        new("overdue, little of it old", "put_on_hold", new Behaviour { LateRate = 0.5, AverageDaysLate = 12 }.Owing(60_000, 0.3, 0.08), "prepay", ["+overdue_amount", "+late_rate"]),
        new("overdue and old because disputed", "put_on_hold", (Failing with { Disputed = 40_000 }).Owing(60_000, 0.7, 0.5), "prepay", ["-disputed", "+ageing"], "disputed"),
        new("late as a habit, nothing old", "put_on_hold", new Behaviour { LateRate = 0.6, AverageDaysLate = 15 }.Owing(60_000, 0.3), "continue", ["-ageing", "+late_rate"], "ageing"),
        new("pays on the day", "put_on_hold", Punctual, "continue", ["-overdue_amount", "-average_days_late"]),
        new("pays on the day, 35 % over its limit", "put_on_hold", Punctual.Owing(135_000), "continue", ["+credit_use", "-overdue_amount"]),
        new("no invoice, no order", "put_on_hold", WithoutHistory, "continue", ["-overdue_amount"]),
    ];
}
