using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Platform.Contracts.Common.V1;
using Platform.Contracts.ContextSynthesis.V1;
using Platform.Contracts.DataQuestions.V1;
using Platform.Contracts.EntityResolution.V1;
using Platform.Contracts.Memory.V1;
using Platform.Contracts.PatternAnalysis.V1;
using Platform.ResponseGeneration.Writing;
using Value = Platform.Contracts.Common.V1.Value;

namespace Platform.ResponseGeneration.Tests;

/// <summary>Contexts as the synthesis makes them, with figures chosen so that none equals another.</summary>
internal static class Contexts
{
    public static readonly EntityRef Delta = new() { Type = EntityType.Customer, Id = "CUS-00001", Name = "Delta Industries" };

    public static readonly EntityRef Acme = new() { Type = EntityType.Customer, Id = "CUS-00002", Name = "Acme Supplies Ltd" };

    public static Language English { get; } = Find("en-US");

    public static Language Find(string tag) => Language.TryFind(tag, out var language) ? language : throw new ArgumentException(tag);

    public static SynthesizedContext Of(Intent intent, string query, params EntityRef[] entities)
    {
        var context = new SynthesizedContext
        {
            Query = query,
            Confidence = 0.93,
            Understanding = new Understanding { Intent = intent, StandaloneQuery = query, Complexity = Complexity.Medium, IntentConfidence = 0.95 },
        };
        context.Entities.AddRange(entities);
        context.Understanding.Entities.AddRange(entities);
        return context;
    }

    public static SynthesizedContext Status(params string[] topics)
    {
        var context = Of(Intent.Status, "What is the status of Delta Industries?", Delta);
        context.Understanding.Topics.AddRange(topics);
        context.Facts.Add(DeltaFacts());
        context.Patterns.Add(DeltaPatterns());
        context.Memories.Add(Note());
        AddSources(context);
        return context;
    }

    public static SynthesizedContext Pattern()
    {
        var context = Of(Intent.Pattern, "What patterns do you see with Delta Industries?", Delta);
        context.Patterns.Add(DeltaPatterns());
        context.Facts.Add(DeltaFacts());
        AddSources(context);
        return context;
    }

    public static SynthesizedContext Decision()
    {
        var context = Of(Intent.Decision, "Should we extend payment terms to Delta Industries?", Delta);
        context.Understanding.Complexity = Complexity.Complex;
        context.Facts.Add(DeltaFacts());
        context.Patterns.Add(DeltaPatterns());
        AddSources(context);
        context.Decision = new DecisionAnalysis
        {
            Framework = "extend_payment_terms",
            Question = context.Query,
            Recommended = "keep",
            Confidence = 0.8,
            Risk = Risk.High,
            ExpectedValue = new Money { Amount = "-3539.63", Currency = "USD" },
        };
        context.Decision.Options.Add(new DecisionOption { Name = "keep", Label = "keep the present terms", Score = 0.4 });
        context.Decision.Options.Add(new DecisionOption { Name = "extend", Label = "extend the payment terms", Score = -0.5 });
        context.Decision.EvidenceFor.Add(new Consideration { Key = "order_trend", Text = "Its orders grew by 12%.", Weight = 0.1, Score = 0.3, SourceId = "s2" });
        context.Decision.EvidenceAgainst.Add(new Consideration
        {
            Key = "payment_timing_shift", Text = "Its payments now arrive 14.2 days later than before.", Weight = 0.2, Score = -0.95, SourceId = "s3",
            Figures = { ["effect"] = new Value { Days = 14.2 } },
        });
        context.Decision.WouldChange.Add("If the overdue share of its balance were 7% or less, I would recommend to extend the payment terms.");
        context.Decision.Assumptions.Add("Capital costs 8% a year, so financing costs about $8,564 a year.");
        context.Decision.Missing.Add("the last contact: none is recorded");
        return context;
    }

    public static SynthesizedContext Comparison()
    {
        var context = Of(Intent.Comparison, "Compare Delta Industries and Acme Supplies Ltd", Delta, Acme);
        context.Facts.Add(DeltaFacts());
        var acme = new EntityFacts { Entity = Acme, AsOf = new Date { Iso = "2026-11-22" } };
        Add(acme, "open_balance", "Open balance", Money("20120.00"));
        Add(acme, "overdue_amount", "Overdue amount", Money("0"));
        Add(acme, "average_days_late", "Average days late", new Value { Days = 0.9 });
        Add(acme, "late_rate", "Share paid late", new Value { Ratio = 0.07 });
        context.Facts.Add(acme);
        AddSources(context);
        return context;
    }

    public static SynthesizedContext DataQuestion()
    {
        var context = Of(Intent.DataQuestion, "Which customers have the most overdue?");
        var table = new Table();
        table.Columns.Add(new Column { Name = "customer", Type = "text" });
        table.Columns.Add(new Column { Name = "overdue_amount", Type = "numeric" });
        table.Columns.Add(new Column { Name = "oldest_due_date", Type = "date" });
        table.Rows.Add(Row("Delta Industries", "61204.00", "2026-09-30"));
        table.Rows.Add(Row("Omega Foods Inc", "12003.50", null));
        context.DataQuestion = new AskResponse
        {
            Answer = new Answer { Text = "Delta Industries has the most overdue: 61,204.00.", Sql = "SELECT …", Result = table, Confidence = 91, Assumptions = { "Overdue means due before today." } },
        };
        context.Sources.Add(new Source { Id = "s1", Kind = SourceKind.Database, Title = "Database query", Covers = { "data_question" }, Evidence = { new Evidence { Sql = "SELECT …" } } });
        return context;

        static Row Row(params string?[] cells)
        {
            var row = new Row();
            row.Cells.AddRange(cells.Select(c => new Cell { Text = c ?? string.Empty, IsNull = c is null }));
            return row;
        }
    }

    public static SynthesizedContext UnknownName()
    {
        var context = Of(Intent.Status, "What is the status of Zorblax 9?");
        context.Understanding.NeedsEntity = true;
        context.UnknownNames.Add("Zorblax 9");
        context.Notes.Add(new ConfidenceNote { Code = "unknown_name", Text = "No customer, order or invoice named \"Zorblax 9\" was found.", Severity = Severity.Warning });
        return context;
    }

    public static SynthesizedContext NeedsEntity()
    {
        var context = Of(Intent.Decision, "Should we extend payment terms?");
        context.Understanding.NeedsEntity = true;
        return context;
    }

    public static SynthesizedContext EverythingMissing()
    {
        var context = Of(Intent.Status, "What is the status of Delta Industries?", Delta);
        context.Notes.Add(new ConfidenceNote { Code = "facts_unavailable", Text = "The figures from the database did not arrive in time.", Severity = Severity.Critical });
        return context;
    }

    public static SynthesizedContext Portfolio()
    {
        var context = Of(Intent.Status, "How much is overdue in total?");
        context.Understanding.Portfolio = true;
        var facts = new EntityFacts { AsOf = new Date { Iso = "2026-11-22" } };
        var open = Add(facts, "open_balance", "Open balance", new Value { Unknown = "the amounts are in EUR, GBP and USD and are not added up; see the parts" });
        var overdue = Add(facts, "overdue_amount", "Overdue amount", new Value { Unknown = "the amounts are in EUR, GBP and USD and are not added up; see the parts" });
        foreach (var (currency, all, late) in (ReadOnlySpan<(string, string, string)>)[("EUR", "50000.00", "5000.00"), ("GBP", "70000.00", "0"), ("USD", "9120000.50", "120000.50")])
        {
            open.Parts.Add(new FactPart { Name = currency, Value = Money(all, currency), Count = 3 });
            overdue.Parts.Add(new FactPart { Name = currency, Value = Money(late, currency), Count = 2 });
        }

        Add(facts, "open_invoices", "Open invoices", new Value { Count = 1214 });
        Add(facts, "overdue_invoices", "Overdue invoices", new Value { Count = 102 });
        context.Facts.Add(facts);
        AddSources(context);
        return context;
    }

    public static SynthesizedContext RushPattern()
    {
        var context = Of(Intent.Pattern, "What patterns do you see with Delta Industries?", Delta);
        context.Patterns.Add(new CustomerPatterns { Customer = Delta });
        context.Patterns[0].Insights.Add(new Insight
        {
            Id = "i3", Type = "rush_order_frequency", Confidence = 0.973, Significance = 0.8, SampleSize = 205, PValue = 0.002,
            Effect = new Effect { Value = 0.347, Unit = "ratio", Low = 0.194, High = 0.518 },
            Text = "The share of rush orders of Delta Industries rose from 4.7% to 39.4%.", Recommendation = "Ask what drives the urgency.",
            Figures =
            {
                ["share_before"] = new Value { Ratio = 8 / 172.0 }, ["share_recent"] = new Value { Ratio = 13 / 33.0 }, ["recent_days"] = new Value { Days = 114 },
                ["rush_before"] = new Value { Count = 8 }, ["orders_before"] = new Value { Count = 172 }, ["rush_recent"] = new Value { Count = 13 }, ["orders_recent"] = new Value { Count = 33 },
            },
        });
        AddSources(context);
        return context;
    }

    /// <param name="analysed">Of 560 customers.</param>
    public static SynthesizedContext PortfolioPatterns(int analysed)
    {
        var context = Of(Intent.Pattern, "Which customers started paying later?");
        (context.Understanding.Portfolio, context.Understanding.PatternDirection) = (true, Direction.Rising);
        context.Understanding.PatternTypes.Add("payment_timing_shift");
        (context.PortfolioCustomers, context.PortfolioAnalysed, context.PortfolioAll) = (1, analysed, 560);
        var patterns = DeltaPatterns();
        patterns.Insights.RemoveAt(1);
        context.Patterns.Add(patterns);
        AddSources(context);
        return context;
    }

    /// <summary>One context for each kind of answer.</summary>
    public static IEnumerable<(string Name, SynthesizedContext Context)> All =>
    [
        ("status", Status()), ("payments", Status("payments")), ("orders", Status("orders")), ("credit", Status("credit")), ("overdue", Status("overdue")),
        ("pattern", Pattern()), ("decision", Decision()), ("comparison", Comparison()), ("data", DataQuestion()), ("unknown", UnknownName()),
        ("needs entity", NeedsEntity()), ("missing", EverythingMissing()), ("portfolio", Portfolio()), ("portfolio patterns", PortfolioPatterns(4)), ("rush pattern", RushPattern()),
        ("greeting", Of(Intent.Greeting, "hello")), ("help", Of(Intent.Help, "help")), ("out of scope", Of(Intent.OutOfScope, "tell me a joke")),
        ("remember", Of(Intent.Remember, "Remember that Delta Industries likes phone calls", Delta)), ("follow-up", Of(Intent.FollowUp, "why?")),
    ];

    public static Mention Ambiguous()
    {
        var mention = new Mention { Text = "Delta", DisambiguationNeeded = true };
        mention.Candidates.Add(new Candidate { Entity = Delta, Confidence = 0.5, Distinguishing = { ["city"] = "Columbus", ["last order"] = "2026-11-19" } });
        mention.Candidates.Add(new Candidate { Entity = new EntityRef { Id = "CUS-00003", Name = "Delta Logistics GmbH" }, Confidence = 0.5, Distinguishing = { ["city"] = "Hamburg" } });
        return mention;
    }

    public static Value Money(string amount, string currency = "USD") => new() { Money = new Money { Amount = amount, Currency = currency } };

    public static EntityFacts DeltaFacts()
    {
        var facts = new EntityFacts { Entity = Delta, AsOf = new Date { Iso = "2026-11-22" } };
        Add(facts, "open_balance", "Open balance", Money("182340.10"));
        Add(facts, "overdue_amount", "Overdue amount", Money("61204.00"));
        Add(facts, "open_invoices", "Open invoices", new Value { Count = 14 });
        Add(facts, "overdue_invoices", "Overdue invoices", new Value { Count = 5 });
        var ageing = Add(facts, "ageing", "Ageing of the open balance", Money("182340.10"));
        foreach (var (name, amount, count) in (ReadOnlySpan<(string, string, long)>)[("not_due", "121136.10", 9), ("1-30", "50000.00", 4), ("31-60", "11204.00", 1), ("61-90", "0", 0), ("90+", "0", 0)])
        {
            ageing.Parts.Add(new FactPart { Name = name, Value = Money(amount), Count = count });
        }

        Add(facts, "average_days_late", "Average days late", new Value { Days = 8.34 });
        Add(facts, "median_days_late", "Median days late", new Value { Days = 3 });
        Add(facts, "late_rate", "Share paid late", new Value { Ratio = 0.4621 });
        Add(facts, "paid_invoices", "Paid invoices", new Value { Count = 132 });
        Add(facts, "average_days_to_settle", "Average days to settle", new Value { Days = 38.2 });
        Add(facts, "order_count_12m", "Orders in the last 12 months", new Value { Count = 104 }, "domain.sales_orders");
        Add(facts, "order_volume", "Order volume in the last 12 months", Money("1302450.75"), "domain.sales_orders");
        Add(facts, "order_trend", "Order trend", new Value { Ratio = 0.12 }, "domain.sales_orders");
        Add(facts, "open_orders", "Open orders", new Value { Count = 1 }, "domain.sales_orders");
        Add(facts, "credit_limit", "Credit limit", Money("200000.00"), "domain.customers");
        Add(facts, "credit_use", "Use of the credit limit", new Value { Ratio = 0.9117 }, "domain.customers");
        Add(facts, "payment_terms", "Payment terms", new Value { Days = 30 }, "domain.customers");
        Add(facts, "last_contact", "Last contact", new Value { Unknown = "no contact is recorded" }, "domain.customers");
        return facts;
    }

    public static CustomerPatterns DeltaPatterns()
    {
        var patterns = new CustomerPatterns { Customer = Delta };
        patterns.Insights.Add(new Insight
        {
            Id = "i1", Type = "payment_timing_shift", Confidence = 0.991, Significance = 0.8, SampleSize = 146, PValue = 0.0002,
            Effect = new Effect { Value = 14.2, Unit = "days", Low = 13.1, High = 15.3 }, ChangedOn = new Date { Iso = "2026-06-28" },
            Text = "Since 2026-06-28 Delta Industries pays 14.2 days later than before.", Recommendation = "Call the customer about the delay.",
            Figures =
            {
                ["shift"] = new Value { Days = 14.2 }, ["median_before"] = new Value { Days = 1 }, ["median_after"] = new Value { Days = 15 },
                ["invoices_before"] = new Value { Count = 107 }, ["invoices_after"] = new Value { Count = 39 },
            },
        });
        patterns.Insights.Add(new Insight
        {
            Id = "i2", Type = "seasonal_wobble", Confidence = 0.8, Significance = 0.3, SampleSize = 24, Text = "Orders peak in March with 17 orders.",
            Effect = new Effect { Value = 2.5, Unit = "orders per month" },
        });
        patterns.Outcomes.Add(new DetectorOutcome { Detector = "amount_anomaly", Status = DetectorStatus.Nothing });
        return patterns;
    }

    public static ScoredMemory Note() => new()
    {
        Score = 0.8,
        Memory = new MemoryRecord
        {
            Id = "m1", Kind = MemoryKind.Note, Text = "New CFO since May.", Entities = { Delta },
            CreatedAt = Timestamp.FromDateTimeOffset(new DateTimeOffset(2026, 5, 3, 0, 0, 0, TimeSpan.Zero)),
        },
    };

    public static Fact Add(EntityFacts facts, string kind, string label, Value value, string table = "domain.invoices")
    {
        var fact = new Fact { Kind = kind, Label = label, Value = value, Evidence = new Evidence { Table = table, Sql = "SELECT " + kind } };
        facts.Facts.Add(fact);
        return fact;
    }

    private static void AddSources(SynthesizedContext context)
    {
        foreach (var facts in context.Facts)
        {
            foreach (var table in facts.Facts.GroupBy(f => f.Evidence.Table))
            {
                var source = New(SourceKind.Database, $"{table.Key} of {facts.Entity?.Name}");
                source.Covers.AddRange(table.Select(f => $"fact:{facts.Entity?.Id}/{f.Kind}"));
            }
        }

        foreach (var insight in context.Patterns.SelectMany(p => p.Insights))
        {
            New(SourceKind.Pattern, insight.Type).Covers.Add("insight:" + insight.Id);
        }

        foreach (var memory in context.Memories)
        {
            New(SourceKind.Memory, "Note").Covers.Add("memory:" + memory.Memory.Id);
        }

        Source New(SourceKind kind, string title)
        {
            var source = new Source { Id = string.Create(CultureInfo.InvariantCulture, $"s{context.Sources.Count + 1}"), Kind = kind, Title = title };
            context.Sources.Add(source);
            return source;
        }
    }
}
