using static Platform.Migrations.SampleData.CustomerHistory;

namespace Platform.Migrations.SampleData;

/// <summary>Lives through the days of one customer: it orders, is shipped to and invoiced, and pays.</summary>
internal sealed class CustomerSimulation(CustomerProfile profile, SampleRandom random)
{
    // Nothing happens on the day of generation, so that no row lies in the future at any hour of it.
    private const int LastDay = -1;

    private static readonly string[] Methods = ["bank transfer", "bank transfer", "bank transfer", "direct debit", "card", "cheque"];
    private readonly string _method = random.Pick(Methods);

    public CustomerHistory Run()
    {
        var history = new CustomerHistory();
        double time = profile.FirstDay;
        while (time < profile.LastDay + 1)
        {
            if (profile.OrderGapDays((int)Math.Floor(time)) is not { } gap)
            {
                time = Math.Floor(time) + 1;
                continue;
            }

            history.Orders.Add(Order((int)Math.Floor(time)));
            time += gap * (1 + (profile.GapSpread * (random.Gap() - 1)));
        }

        return history;
    }

    private OrderDraft Order(int day)
    {
        var rush = random.Chance(profile.RushRate(day));
        var requested = day + (rush ? random.Integer(1, 3) : random.Integer(4, 14));
        var shipped = Math.Max(day + (rush ? 0 : 1), requested - 1 + (random.Chance(0.1) ? random.Integer(1, 3) : 0));
        var delivered = shipped + random.Integer(1, rush ? 2 : 4);
        var cancelled = random.Chance(profile.CancelRate) && requested <= LastDay;
        var amount = Money(profile.MedianAmount * Math.Exp(profile.AmountSpread * random.Normal()));
        var created = new Moment(day, random.Integer(6 * 3600, 9 * 3600));
        var dispatched = new Moment(shipped, random.Integer(10 * 3600, 15 * 3600));
        var arrived = new Moment(delivered, random.Integer(8 * 3600, 17 * 3600));
        var other = random.Uniform();
        var isShipped = !cancelled && shipped <= LastDay;
        var isDelivered = isShipped && delivered <= LastDay;
        return new OrderDraft
        {
            Priority = rush ? "rush" : other < 0.12 ? "high" : other < 0.22 ? "low" : "normal",
            Status = cancelled ? "cancelled" : isDelivered ? "delivered" : isShipped ? "shipped" : "open",
            Amount = amount,
            Created = created,
            RequestedDay = requested,
            Shipped = isShipped ? dispatched : null,
            Delivered = isDelivered ? arrived : null,
            Invoice = isShipped ? Invoice(amount, dispatched with { Second = dispatched.Second + random.Integer(1800, 7200) }) : null,
        };
    }

    private InvoiceDraft Invoice(decimal amount, Moment created)
    {
        var voided = random.Chance(profile.VoidRate) ? new Moment(created.Day + random.Integer(1, 3), 11 * 3600) : (Moment?)null;
        var disputed = voided is null && random.Chance(profile.DisputeRate);
        var due = created.Day + profile.PaymentTermsDays;
        var delay = profile.PaymentDelayDays(created.Day) + (profile.PaymentDelaySpread * random.Normal());
        var days = Math.Min((int)Math.Round(delay, MidpointRounding.AwayFromZero), profile.LatestDelayDays) + (disputed ? random.Integer(25, 60) : 0);
        var paid = new Moment(Math.Max(created.Day + 1, due + days), random.Integer(6 * 3600, 17 * 3600));
        var second = random.Chance(profile.InstalmentRate) ? paid with { Day = paid.Day + random.Integer(10, 20) } : (Moment?)null;
        var invoice = new InvoiceDraft
        {
            Amount = amount,
            Created = created,
            DueDay = due,
            Disputed = disputed,
            Voided = voided is { Day: <= LastDay } ? voided : null,
        };
        if (voided is null && paid.Day <= LastDay)
        {
            var first = second is null ? amount : Money((double)amount * 0.6);
            invoice.Payments.Add(new PaymentDraft(first, paid, _method));
            if (second is { Day: <= LastDay } rest)
            {
                invoice.Payments.Add(new PaymentDraft(amount - first, rest, _method));
            }
        }

        return invoice;
    }

    private decimal Money(double amount) =>
        profile.Market.Currency == "JPY"
            ? Math.Round((decimal)amount, 0, MidpointRounding.AwayFromZero)
            : Math.Round((decimal)amount, 2, MidpointRounding.AwayFromZero);
}
