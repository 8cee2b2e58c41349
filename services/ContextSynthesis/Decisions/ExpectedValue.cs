using Platform.Contracts.Common.V1;

namespace Platform.ContextSynthesis.Decisions;

/// <summary>Benefit minus cost over one year, what it was computed from, and where it turns.</summary>
internal sealed record MoneyEffect(Money Net, IReadOnlyList<string> Assumptions, string? BreakEven);

/// <summary>
/// Money effect of a decision from the customer's figures and the framework's assumptions:
/// extra_days = volume × uplift × margin − volume × days/365 × (capital rate + loss rate);
/// collect_sooner = overdue × (days/365 × capital rate + loss avoided) − contact cost;
/// early_discount = volume × take-up × ((days to settle − discount days)/365 × capital rate − discount).
/// </summary>
internal sealed class ExpectedValue(FrameworkMoney money, Measures measures)
{
    private const double Year = 365;

    /// <summary>Null when a figure that it needs is not known.</summary>
    public MoneyEffect? Compute() => money.Kind switch
    {
        "extra_days" => ExtraDays(),
        "collect_sooner" => CollectSooner(),
        "early_discount" => EarlyDiscount(),
        _ => null,
    };

    private MoneyEffect? ExtraDays()
    {
        if (measures.Amount("order_volume") is not { } volume || Wording.Amount(volume) <= 0 || measures.Number("late_rate") is not { } lateRate)
        {
            return null;
        }

        var yearly = (double)Wording.Amount(volume);
        var loss = Curve.From(money.LossRate, "lossRate").At(lateRate);
        var exposure = yearly * money.ExtraDays / Year;
        var financing = exposure * money.CapitalRate;
        var losses = exposure * loss;
        var benefit = yearly * money.VolumeUplift * money.GrossMargin;
        var breakEven = (financing + losses) / (yearly * money.GrossMargin);
        return new MoneyEffect(
            Money(benefit - financing - losses, volume),
            [
                $"The extension is {money.ExtraDays} days, and the yearly order volume stays at {Wording.Money(volume)}.",
                $"Capital costs {Wording.Percent(money.CapitalRate)} a year, so financing costs {Wording.About(Money(financing, volume))} a year.",
                $"Losses on the additional exposure are {Wording.Percent(loss)} a year at this share of late payments, or {Wording.About(Money(losses, volume))}.",
                $"The extension brings {Wording.Percent(money.VolumeUplift)} more volume at a gross margin of {Wording.Percent(money.GrossMargin)}, or {Wording.About(Money(benefit, volume))} a year.",
            ],
            $"The extension pays for itself only if it brings at least {Wording.Percent(breakEven)} more volume.");
    }

    private MoneyEffect? CollectSooner()
    {
        if (measures.Amount("overdue_amount") is not { } overdue || Wording.Amount(overdue) <= 0 || measures.Number("late_rate") is not { } lateRate)
        {
            return null;
        }

        var amount = (double)Wording.Amount(overdue);
        var saved = Curve.From(money.LossAvoided, "lossAvoided").At(lateRate);
        var interest = amount * money.DaysSooner / Year * money.CapitalRate;
        return new MoneyEffect(
            Money(interest + (amount * saved) - money.ContactCost, overdue),
            [
                $"A call brings the {Wording.Money(overdue)} in {money.DaysSooner} days sooner, which saves {Wording.About(Money(interest, overdue))} at a cost of capital of {Wording.Percent(money.CapitalRate)}.",
                $"It keeps {Wording.Percent(saved)} of the amount from being lost, or {Wording.About(Money(amount * saved, overdue))}.",
                $"A call costs {Wording.About(Money(money.ContactCost, overdue))}.",
            ],
            null);
    }

    private MoneyEffect? EarlyDiscount()
    {
        if (measures.Amount("order_volume") is not { } volume || Wording.Amount(volume) <= 0 || measures.Number("average_days_to_settle") is not { } settle)
        {
            return null;
        }

        var taken = (double)Wording.Amount(volume) * money.TakeUp;
        var days = Math.Max(0, settle - money.DiscountDays);
        var gain = taken * days / Year * money.CapitalRate;
        var cost = taken * money.Discount;
        return new MoneyEffect(
            Money(gain - cost, volume),
            [
                $"The discount is {Wording.Percent(money.Discount)} for payment within {money.DiscountDays} days, used for {Wording.Percent(money.TakeUp)} of the yearly order volume of {Wording.Money(volume)}.",
                $"Cash arrives {Wording.Days(days)} earlier, worth {Wording.About(Money(gain, volume))} at a cost of capital of {Wording.Percent(money.CapitalRate)}.",
                $"The discount itself costs {Wording.About(Money(cost, volume))}.",
            ],
            days > 0 ? $"The discount pays for itself only up to {Wording.Percent(days / Year * money.CapitalRate)}." : null);
    }

    private static Money Money(double amount, Money like) => Wording.Money((decimal)amount, like.Currency);
}
