using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Platform.ContextSynthesis.Decisions;
using Platform.ContextSynthesis.Questions;
using Platform.ContextSynthesis.Synthesis;
using Platform.Contracts.Common.V1;
using Platform.Contracts.ContextSynthesis.V1;
using Platform.Contracts.DataQuestions.V1;
using Platform.Contracts.EntityResolution.V1;
using Platform.Contracts.Memory.V1;
using Platform.Contracts.PatternAnalysis.V1;
using Platform.Testing;
using Value = Platform.Contracts.Common.V1.Value;

namespace Platform.ContextSynthesis.Tests;

/// <summary>The figures that a test varies; the defaults describe a customer that pays well.</summary>
internal sealed record Behaviour
{
    public double LateRate { get; init; } = 0.08;

    public double AverageDaysLate { get; init; } = 0.9;

    public decimal Open { get; init; } = 20_000;

    public decimal Overdue { get; init; }

    public decimal OldOverdue { get; init; }

    public double CreditUse { get; init; } = 0.2;

    public double OrderTrend { get; init; } = 0.1;

    public double RushShare { get; init; } = 0.05;

    public double DaysToSettle { get; init; } = 30;

    public double? Shift { get; init; }

    public bool PatternsRan { get; init; } = true;

    /// <summary>Average days late since the shift; the same as before when not told.</summary>
    public double? SinceShift { get; init; }

    public long Paid { get; init; } = 100;

    public string Status { get; init; } = "active";

    public decimal Disputed { get; init; }

    public int? ContactDaysAgo { get; init; } = 51;

    public decimal Volume { get; init; } = 500_000;

    public long Orders { get; init; } = 50;

    public string Currency { get; init; } = "USD";

    /// <summary>The balance as a multiple of a credit limit of 100,000, all of it not due or overdue in these shares.</summary>
    public Behaviour Owing(decimal balance, double overdue = 0, double old = 0) => this with
    {
        Open = balance, CreditUse = (double)balance / 100_000, Overdue = balance * (decimal)overdue, OldOverdue = balance * (decimal)old,
    };
}

internal static class Samples
{
    public static ManualTime Today { get; } = new(new DateTimeOffset(2026, 11, 22, 9, 0, 0, TimeSpan.Zero));

    public static readonly EntityRef Delta = new() { Type = EntityType.Customer, Id = "CUS-00001", Name = "Delta Industries" };

    public static readonly EntityRef Acme = new() { Type = EntityType.Customer, Id = "CUS-00002", Name = "Acme Supplies Ltd" };

    public static FrameworkCatalog Frameworks { get; } = FrameworkCatalog.BuiltIn();

    public static QuestionReader Reader { get; } = new(Frameworks, Today);

    public static DecisionAnalyst Analyst { get; } = new(Frameworks);

    public static Synthesizer Synthesizer(SynthesisOptions? options = null) =>
        new(Frameworks, new FixedOptions<SynthesisOptions>(options ?? new SynthesisOptions()), Today);

    public static Mention Named(string query, string text, EntityRef entity, double confidence = 1) => new()
    {
        Text = text,
        Start = query.IndexOf(text, StringComparison.Ordinal),
        Length = text.Length,
        Match = new Candidate { Entity = entity, Confidence = confidence },
    };

    public static Mention Unknown(string query, string text) => new()
    {
        Text = text,
        Start = query.IndexOf(text, StringComparison.Ordinal),
        Length = text.Length,
        NotFound = true,
    };

    public static Understanding Read(string query, Conversation? conversation = null, params (string Text, EntityRef Entity)[] names) =>
        Reader.Read(query, conversation, [.. names.Select(n => Named(query, n.Text, n.Entity))]);

    public static Conversation After(string lastQuery, Intent intent, params EntityRef[] entities)
    {
        var conversation = new Conversation { SessionId = "s", LastQuery = lastQuery, LastIntent = intent.ToString(), Turns = 1 };
        conversation.Entities.AddRange(entities);
        return conversation;
    }

    public static EntityFacts Facts(EntityRef entity, Behaviour behaviour)
    {
        var facts = new EntityFacts { Entity = entity, AsOf = new Date { Iso = "2026-11-22" }, ReadAt = Timestamp.FromDateTimeOffset(Today.GetUtcNow()) };
        Value Unless(bool unknown, string reason, Value value) => unknown ? new Value { Unknown = reason } : value;
        Value Of(decimal amount) => Money(amount, behaviour.Currency);
        Value IfPaid(Value value) => Unless(behaviour.Paid == 0, "no invoice has been paid yet", value);
        Add("open_balance", "Open balance", Of(behaviour.Open));
        Add("overdue_amount", "Overdue amount", Of(behaviour.Overdue));
        Add("disputed", "Disputed amount", Of(behaviour.Disputed));
        Add("late_rate", "Share paid late", IfPaid(new Value { Ratio = behaviour.LateRate }));
        Add("average_days_late", "Average days late", IfPaid(new Value { Days = behaviour.AverageDaysLate }));
        Add("average_days_to_settle", "Average days to settle", IfPaid(new Value { Days = behaviour.DaysToSettle }));
        Add("paid_invoices", "Paid invoices", new Value { Count = behaviour.Paid });
        Add("credit_limit", "Credit limit", Of(100_000), "domain.customers");
        Add("credit_use", "Use of the credit limit", new Value { Ratio = behaviour.CreditUse });
        Add("payment_terms", "Payment terms", new Value { Days = 30 }, "domain.customers");
        Add("customer_status", "Account status", new Value { Text = behaviour.Status }, "domain.customers");
        Add("last_contact", "Last contact", behaviour.ContactDaysAgo is { } ago ? new Value { Date = new Date { Iso = new DateOnly(2026, 11, 22).AddDays(-ago).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) } } : new Value { Unknown = "no contact is recorded" }, "domain.customers");
        Add("order_volume", "Order volume in the last 12 months", Of(behaviour.Volume), "domain.sales_orders");
        Add("order_count_12m", "Orders in the last 12 months", new Value { Count = behaviour.Orders }, "domain.sales_orders");
        Add("order_trend", "Order trend", Unless(behaviour.Orders == 0, "there are no orders in the 90 days that the last 90 days would be compared with", new Value { Ratio = behaviour.OrderTrend }), "domain.sales_orders");
        Add("rush_share", "Share of rush orders", Unless(behaviour.Orders == 0, "there are no orders in the last 12 months", new Value { Ratio = behaviour.RushShare }), "domain.sales_orders");
        var ageing = Add("ageing", "Ageing of the open balance", Of(behaviour.Open));
        ageing.Parts.Add(new FactPart { Name = "not_due", Value = Of(behaviour.Open - behaviour.Overdue), Count = 2 });
        ageing.Parts.Add(new FactPart { Name = "1-30", Value = Of(behaviour.Overdue - behaviour.OldOverdue), Count = 1 });
        ageing.Parts.Add(new FactPart { Name = "90+", Value = Of(behaviour.OldOverdue), Count = 1 });
        return facts;

        Fact Add(string kind, string label, Value value, string table = "domain.invoices")
        {
            var fact = new Fact { Kind = kind, Label = label, Value = value, Evidence = new Evidence { Table = table, TotalRows = 2, RowIds = { "r1", "r2" }, Sql = "SELECT " + kind } };
            facts.Facts.Add(fact);
            return fact;
        }
    }

    public static CustomerPatterns Patterns(EntityRef entity, Behaviour behaviour)
    {
        var patterns = new CustomerPatterns { Customer = entity, ComputedAt = Timestamp.FromDateTimeOffset(Today.GetUtcNow()) };
        if (behaviour.Shift is { } shift)
        {
            patterns.Insights.Add(new Insight
            {
                Id = "i-" + entity.Id,
                Type = "payment_timing_shift",
                Confidence = 0.98,
                Significance = 0.7,
                SampleSize = 80,
                Effect = new Effect { Value = shift, Unit = "days", Low = shift - 1, High = shift + 1 },
                Text = string.Create(CultureInfo.InvariantCulture, $"{entity.Name} pays {shift:0.#} days later than before."),
            });
            if (behaviour.SinceShift is { } since)
            {
                patterns.Insights[0].Figures["mean_after"] = new Value { Days = since };
            }
        }

        patterns.Outcomes.Add(new DetectorOutcome
        {
            Detector = "payment_timing_shift",
            Status = behaviour.Shift is not null ? DetectorStatus.Found : behaviour.Paid < 12 ? DetectorStatus.TooFew : DetectorStatus.Nothing,
            Reason = behaviour.Paid < 12 ? $"{behaviour.Paid} paid invoices; at least 12 are needed" : string.Empty,
        });
        return patterns;
    }

    public static SynthesizeRequest Request(string query, Behaviour behaviour)
    {
        var understanding = Read(query, null, ("Delta Industries", Delta));
        var request = new SynthesizeRequest { Query = query, Understanding = understanding };
        request.Mentions.Add(Named(query, "Delta Industries", Delta));
        request.Facts.Add(Facts(Delta, behaviour));
        if (behaviour.PatternsRan)
        {
            request.Patterns.Add(Patterns(Delta, behaviour));
        }

        return request;
    }

    public static DecisionAnalysis Decide(string framework, Behaviour behaviour)
    {
        var context = Synthesizer().Synthesize(Request("Should we do this for Delta Industries?", behaviour));
        return Analyst.Analyze(Frameworks.Find(framework)!, context);
    }

    public static Value Money(decimal amount, string currency = "USD") =>
        new() { Money = new Money { Amount = amount.ToString("0.00", CultureInfo.InvariantCulture), Currency = currency } };
}
