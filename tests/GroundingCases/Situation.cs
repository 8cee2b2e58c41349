using System.Globalization;
using Platform.Contracts.Common.V1;
using Platform.Contracts.ContextSynthesis.V1;
using Platform.Contracts.DataQuestions.V1;
using Platform.Contracts.PatternAnalysis.V1;

namespace Platform.GroundingCases;

/// <summary>One or two customers with what is known of them, and the context that the synthesis would make of it.</summary>
public sealed class Situation
{
    private static readonly string[] Currencies = ["USD", "USD", "EUR", "GBP"];

    public Situation(int seed, bool compares)
    {
        var random = new Random(seed);
        var today = new DateOnly(2026, 3, 1).AddDays(random.Next(260));
        var currency = Currencies[random.Next(Currencies.Length)];
        var name = Customer.NewName(random);
        First = new Customer(random, "CUS-00017", name, currency, today);
        Changes = new Changes(random, First);
        string other;
        do
        {
            other = Customer.NewName(random);
        }
        while (other.Split(' ')[0] == name.Split(' ')[0]);

        Second = compares ? new Customer(random, "CUS-00042", other, currency, today) : null;
        Context = MakeContext();
    }

    public Customer First { get; }

    public Customer? Second { get; }

    public Changes Changes { get; }

    public SynthesizedContext Context { get; }

    private SynthesizedContext MakeContext()
    {
        var query = Second is null ? $"How does {First.Name} stand?" : $"Compare {First.Name} and {Second.Name}";
        var context = new SynthesizedContext
        {
            Query = query,
            Confidence = 0.94,
            Understanding = new Understanding { Intent = Second is null ? Intent.Status : Intent.Comparison, StandaloneQuery = query, Complexity = Complexity.Medium },
        };
        foreach (var customer in (Customer?[])[First, Second])
        {
            if (customer is not null)
            {
                var reference = new EntityRef { Type = EntityType.Customer, Id = customer.Id, Name = customer.Name };
                context.Entities.Add(reference);
                context.Facts.Add(Facts(customer, reference));
            }
        }

        if (Second is null)
        {
            context.Patterns.Add(Patterns(context.Entities[0]));
        }

        return context;
    }

    private static EntityFacts Facts(Customer c, EntityRef reference)
    {
        var facts = new EntityFacts { Entity = reference, AsOf = Iso(c.Today) };
        Add("open_balance", "Open balance", Money(c.Open, c.Currency));
        Add("overdue_amount", "Overdue amount", Money(c.Overdue, c.Currency));
        Add("open_invoices", "Open invoices", Count(c.OpenInvoices));
        Add("overdue_invoices", "Overdue invoices", Count(c.OverdueInvoices));
        var ageing = Add("ageing", "Ageing of the open balance", Money(c.Open, c.Currency));
        foreach (var (name, i) in ((string[])["not_due", "1-30", "31-60", "61-90", "90+"]).Select((n, i) => (n, i)))
        {
            ageing.Parts.Add(new FactPart { Name = name, Value = Money(c.Amounts[i], c.Currency), Count = c.Buckets[i] });
        }

        Add("disputed", "Disputed amount", Money(c.Disputed, c.Currency));
        Add("paid_invoices", "Paid invoices", Count(c.PaidInvoices));
        Add("paid_late_invoices", "Invoices paid late", Count(c.LateInvoices));
        Add("late_rate", "Share paid late", new Value { Ratio = c.LateRate });
        Add("average_days_late", "Average days late", new Value { Days = c.AverageLate });
        Add("median_days_late", "Median days late", new Value { Days = c.MedianLate });
        Add("average_days_to_settle", "Average days to settle", new Value { Days = c.Settle });
        Add("payment_terms", "Payment terms", new Value { Days = c.Terms });
        Add("order_count_12m", "Orders in the last 12 months", Count(c.Orders), "domain.sales_orders");
        Add("order_volume", "Order volume in the last 12 months", Money(c.Volume, c.Currency), "domain.sales_orders");
        Add("order_trend", "Order trend", new Value { Ratio = c.Trend }, "domain.sales_orders");
        Add("open_orders", "Open orders", Count(c.OpenOrders), "domain.sales_orders");
        var rush = Add("rush_share", "Share of rush orders", new Value { Ratio = c.Rush }, "domain.sales_orders");
        rush.Parts.Add(new FactPart { Name = "last 90 days", Value = new Value { Ratio = c.RushRecent }, Count = c.Orders / 3 });
        rush.Parts.Add(new FactPart { Name = "before", Value = new Value { Ratio = c.RushBefore }, Count = c.Orders - (c.Orders / 3) });
        Add("credit_limit", "Credit limit", Money(c.Limit, c.Currency), "domain.customers");
        Add("credit_use", "Use of the credit limit", new Value { Ratio = (double)(c.Open / c.Limit) }, "domain.customers");
        var payment = Add("last_payment", "Last payment", new Value { Date = Iso(c.LastPayment) }, "domain.payments");
        payment.Parts.Add(new FactPart { Name = "amount", Value = Money(c.LastPaymentAmount, c.Currency), Count = 1 });
        Add("last_contact", "Last contact", new Value { Date = Iso(c.LastContact) }, "domain.customers");
        return facts;

        Fact Add(string kind, string label, Value value, string table = "domain.invoices")
        {
            var fact = new Fact { Kind = kind, Label = label, Value = value, Evidence = new Evidence { Table = table } };
            facts.Facts.Add(fact);
            return fact;
        }
    }

    private CustomerPatterns Patterns(EntityRef reference)
    {
        var c = Changes;
        var patterns = new CustomerPatterns { Customer = reference };
        patterns.Insights.Add(new Insight
        {
            Id = "i1", Type = "payment_timing_shift", Confidence = c.Confidence, SampleSize = c.InvoicesBefore + c.InvoicesAfter, ChangedOn = Iso(c.ShiftedOn),
            Effect = new Effect { Value = c.Shift, Unit = "days", Low = c.Low, High = c.High },
            Text = string.Create(CultureInfo.InvariantCulture, $"Since {c.ShiftedOn:yyyy-MM-dd} {First.Name} pays {c.Shift} days later than before."),
            Recommendation = "Ask what has changed in its approval of invoices.",
            Figures =
            {
                ["shift"] = new Value { Days = c.Shift }, ["median_before"] = new Value { Days = c.MedianBefore }, ["median_after"] = new Value { Days = c.MedianAfter },
                ["invoices_before"] = Count(c.InvoicesBefore), ["invoices_after"] = Count(c.InvoicesAfter), ["changed_on"] = new Value { Date = Iso(c.ShiftedOn) },
            },
        });
        patterns.Insights.Add(new Insight
        {
            Id = "i2", Type = "rush_order_frequency", Confidence = 0.9, SampleSize = c.OrdersBefore + c.OrdersRecent, ChangedOn = Iso(c.RushOn),
            Effect = new Effect { Value = c.ShareRecent - c.ShareBefore, Unit = "ratio" },
            Text = string.Create(CultureInfo.InvariantCulture, $"The share of rush orders of {First.Name} rose from {c.ShareBefore * 100:0.#}% to {c.ShareRecent * 100:0.#}%."),
            Figures =
            {
                ["share_before"] = new Value { Ratio = c.ShareBefore }, ["share_recent"] = new Value { Ratio = c.ShareRecent }, ["rush_before"] = Count(c.RushOrdersBefore),
                ["rush_recent"] = Count(c.RushOrdersRecent), ["orders_before"] = Count(c.OrdersBefore), ["orders_recent"] = Count(c.OrdersRecent),
            },
        });
        patterns.Insights.Add(new Insight
        {
            Id = "i3", Type = "amount_anomaly", Confidence = 0.85, SampleSize = c.EarlierOrders, Effect = new Effect { Value = (double)(c.Largest / c.Typical), Unit = "times the typical amount" },
            Text = "One order is far larger than usual.",
            Figures =
            {
                ["amount"] = Money(c.Largest, First.Currency), ["typical_amount"] = Money(c.Typical, First.Currency), ["multiple"] = new Value { Number = (double)(c.Largest / c.Typical) },
                ["earlier_orders"] = Count(c.EarlierOrders), ["placed_on"] = new Value { Date = Iso(c.PlacedOn) },
            },
        });
        return patterns;
    }

    private static Value Money(decimal amount, string currency) => new() { Money = new Money { Amount = amount.ToString(CultureInfo.InvariantCulture), Currency = currency } };

    private static Value Count(int count) => new() { Count = count };

    private static Date Iso(DateOnly day) => new() { Iso = day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) };
}
