using Platform.Contracts.Common.V1;

namespace Platform.ContextSynthesis.Decisions;

/// <summary>What the action brings and costs over one year, what that was computed from, and where it turns.</summary>
internal sealed record MoneyEffect(Money Benefit, Money Cost, IReadOnlyList<string> Assumptions, string? BreakEven = null)
{
    /// <summary>Benefit minus cost.</summary>
    public Money Net { get; } = Wording.Money(Wording.Amount(Benefit) - Wording.Amount(Cost), Benefit.Currency);
}

/// <summary>
/// Money effect of a decision from the customer's figures and the framework's assumptions. V = order volume of 12 months,
/// c = capital rate, m = gross margin, l = loss rate at the customer's share of late payments:
/// extra_days: V × uplift × m − V × days/365 × (c + l);
/// credit_limit: e × 365/days to settle × new business × m − e × (c + l), where e = limit × increase × part used;
/// collect_sooner: overdue × (days/365 × c + loss avoided) − contact cost;
/// rush_order: o × (m + surcharge) × lost otherwise − o × (extra cost + l + days to settle/365 × c), where o = V ÷ orders;
/// early_discount: V × take-up × (days to settle − discount days)/365 × c − V × take-up × discount;
/// hold: V × days/365 × l − V × days/365 × m × sales lost.
/// </summary>
internal sealed class ExpectedValue(FrameworkMoney money, Measures measures)
{
    private const double Year = 365;

    /// <summary>Null when a figure that it needs is not known.</summary>
    public MoneyEffect? Compute() => money.Kind switch
    {
        "extra_days" => ExtraDays(),
        "credit_limit" => CreditLimit(),
        "collect_sooner" => CollectSooner(),
        "rush_order" => RushOrder(),
        "early_discount" => EarlyDiscount(),
        "hold" => Hold(),
        _ => null,
    };

    /// <summary>Kinds that a framework may name.</summary>
    public static IReadOnlyList<string> Kinds { get; } = ["extra_days", "credit_limit", "collect_sooner", "rush_order", "early_discount", "hold"];

    private double? Loss => measures.Read("late_rate") is { } rate ? Curve.From(money.LossRate, "lossRate").At(rate.Value) : null;

    private Money? Volume => measures.Amount("order_volume") is { } volume && Wording.Amount(volume) > 0 ? volume : null;

    private MoneyEffect? ExtraDays()
    {
        if (Volume is not { } volume || Loss is not { } loss)
        {
            return null;
        }

        var yearly = (double)Wording.Amount(volume);
        var exposure = yearly * money.ExtraDays / Year;
        var (financing, losses, benefit) = (exposure * money.CapitalRate, exposure * loss, yearly * money.VolumeUplift * money.GrossMargin);
        return new MoneyEffect(
            Money(benefit, volume),
            Money(financing + losses, volume),
            [
                $"The extension is {money.ExtraDays} days, and the yearly order volume stays at {Wording.Money(volume)}.",
                $"Capital costs {Wording.Percent(money.CapitalRate)} a year, so financing costs {Wording.About(Money(financing, volume))} a year.",
                $"Losses on the additional exposure are {Wording.Percent(loss)} a year at this share of late payments, or {Wording.About(Money(losses, volume))}.",
                $"The extension brings {Wording.Percent(money.VolumeUplift)} more volume at a gross margin of {Wording.Percent(money.GrossMargin)}, or {Wording.About(Money(benefit, volume))} a year.",
            ],
            $"The extension pays for itself only if it brings at least {Wording.Percent((financing + losses) / (yearly * money.GrossMargin))} more volume.");
    }

    private MoneyEffect? CreditLimit()
    {
        if (measures.Amount("credit_limit") is not { } limit || Wording.Amount(limit) <= 0 || Loss is not { } loss || measures.Read("days_to_pay") is not { Value: > 0 } settle)
        {
            return null;
        }

        var more = (double)Wording.Amount(limit) * money.LimitIncrease;
        var exposure = more * money.PartUsed;
        var sales = exposure * Year / settle.Value * money.NewBusiness;
        return new MoneyEffect(
            Money(sales * money.GrossMargin, limit),
            Money(exposure * (money.CapitalRate + loss), limit),
            [
                $"The limit of {Wording.Money(limit)} is raised by {Wording.Percent(money.LimitIncrease)}, and {Wording.Percent(money.PartUsed)} of the increase is used on average, or {Wording.About(Money(exposure, limit))}.",
                $"It turns over every {Wording.Days(settle.Value)}; {Wording.Percent(money.NewBusiness)} of that is business that would not come otherwise, at a gross margin of {Wording.Percent(money.GrossMargin)}.",
                $"Capital costs {Wording.Percent(money.CapitalRate)} a year, and losses on the additional exposure are {Wording.Percent(loss)} a year at this share of late payments.",
            ]);
    }

    private MoneyEffect? CollectSooner()
    {
        if (measures.Amount("overdue_amount") is not { } overdue || Wording.Amount(overdue) <= 0 || measures.Read("late_rate") is not { } lateRate
            || !money.ContactCost.TryGetValue(overdue.Currency, out var contact))
        {
            return null;
        }

        var amount = (double)Wording.Amount(overdue);
        var saved = Curve.From(money.LossAvoided, "lossAvoided").At(lateRate.Value);
        var interest = amount * money.DaysSooner / Year * money.CapitalRate;
        return new MoneyEffect(
            Money(interest + (amount * saved), overdue),
            Money(contact, overdue),
            [
                $"A call brings the {Wording.Money(overdue)} in {money.DaysSooner} days sooner, which saves {Wording.About(Money(interest, overdue))} at a cost of capital of {Wording.Percent(money.CapitalRate)}.",
                $"It keeps {Wording.Percent(saved)} of the amount from being lost, or {Wording.About(Money(amount * saved, overdue))}.",
                $"A call costs {Wording.About(Money(contact, overdue))}.",
            ]);
    }

    private MoneyEffect? RushOrder()
    {
        if (Volume is not { } volume || measures.Number("order_count_12m") is not > 0 || Loss is not { } loss || measures.Read("days_to_pay") is not { } settle)
        {
            return null;
        }

        var order = (double)Wording.Amount(volume) / measures.Number("order_count_12m")!.Value;
        return new MoneyEffect(
            Money(order * (money.GrossMargin + money.Surcharge) * money.LostOtherwise, volume),
            Money(order * (money.ExtraCost + loss + (settle.Value / Year * money.CapitalRate)), volume),
            [
                $"The order is as large as the average of the last 12 months, {Wording.About(Money(order, volume))}.",
                $"Its gross margin is {Wording.Percent(money.GrossMargin)} and the rush surcharge {Wording.Percent(money.Surcharge)}; without rush {Wording.Percent(money.LostOtherwise)} of such orders would be lost.",
                $"Rushing costs {Wording.Percent(money.ExtraCost)} of the order, losses are {Wording.Percent(loss)} at this share of late payments, and {Wording.Days(settle.Value)} of financing cost {Wording.Percent(money.CapitalRate)} a year.",
            ]);
    }

    private MoneyEffect? EarlyDiscount()
    {
        if (Volume is not { } volume || measures.Read("days_to_pay") is not { } settle)
        {
            return null;
        }

        var taken = (double)Wording.Amount(volume) * money.TakeUp;
        var days = Math.Max(0, settle.Value - money.DiscountDays);
        var gain = taken * days / Year * money.CapitalRate;
        var cost = taken * money.Discount;
        return new MoneyEffect(
            Money(gain, volume),
            Money(cost, volume),
            [
                $"The discount is {Wording.Percent(money.Discount)} for payment within {money.DiscountDays} days, used for {Wording.Percent(money.TakeUp)} of the yearly order volume of {Wording.Money(volume)}.",
                $"Cash arrives {Wording.Days(days)} earlier, worth {Wording.About(Money(gain, volume))} at a cost of capital of {Wording.Percent(money.CapitalRate)}.",
                $"The discount itself costs {Wording.About(Money(cost, volume))}.",
            ],
            days > 0 ? $"The discount pays for itself only up to {Wording.Percent(days / Year * money.CapitalRate)}." : null);
    }

    private MoneyEffect? Hold()
    {
        if (Volume is not { } volume || Loss is not { } loss)
        {
            return null;
        }

        var delivered = (double)Wording.Amount(volume) * money.HoldDays / Year;
        return new MoneyEffect(
            Money(delivered * loss, volume),
            Money(delivered * money.GrossMargin * money.SalesLost, volume),
            [
                $"The hold lasts {money.HoldDays} days, in which {Wording.About(Money(delivered, volume))} would be delivered at the pace of the last 12 months.",
                $"Losses on it would be {Wording.Percent(loss)} at this share of late payments, or {Wording.About(Money(delivered * loss, volume))}.",
                $"{Wording.Percent(money.SalesLost)} of these sales go elsewhere, at a gross margin of {Wording.Percent(money.GrossMargin)}.",
            ]);
    }

    private static Money Money(double amount, Money like) => Wording.Money((decimal)amount, like.Currency);
}
