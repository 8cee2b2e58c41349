using Platform.Contracts.Common.V1;
using Platform.Contracts.ContextSynthesis.V1;
using Platform.Contracts.DataQuestions.V1;
using Platform.Contracts.PatternAnalysis.V1;
using Platform.ResponseGeneration.Gates;
using Platform.ResponseGeneration.Writing;
using Xunit;

namespace Platform.ResponseGeneration.Tests;

public sealed class AnswerWriterTests
{
    public static TheoryData<string> Names => [.. Contexts.All.Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Write_EveryKindOfContext_PassesTheGatesInEveryCulture(string name)
    {
        var context = Contexts.All.Single(c => c.Name == name).Context;
        foreach (var culture in (string[])["en-US", "en-GB", "de-DE", "fr-FR", "de-CH"])
        {
            var language = Contexts.Find(culture);

            var report = QualityGates.Check(AnswerWriter.Write(context, language), context, language);

            Assert.True(report.Passed, $"{culture}: {string.Join("; ", report.Gates.Where(g => !g.Passed).Select(g => g.Reason))}");
            Assert.Equal(1, report.Score);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Write_SameContext_GivesTheSameText(string name)
    {
        var context = Contexts.All.Single(c => c.Name == name).Context;

        Assert.Equal(Write(context), Write(context.Clone()));
    }

    [Fact]
    public void Write_PatternsOfAllWhileSomeAreNotAnalyzed_SaysHowManyAre()
    {
        var early = AnswerWriter.Write(Contexts.PortfolioPatterns(4), Contexts.English);

        Says(early, "**1 of 4 customers analyzed has started to pay later.**", "Only 4 of the 560 customers of the organization have been analyzed so far.");
        Assert.DoesNotContain("so far", AnswerWriter.Write(Contexts.PortfolioPatterns(560), Contexts.English), StringComparison.Ordinal);
    }

    [Fact]
    public void Write_Status_BeginsWithBalanceAndOverdue()
    {
        var text = Write(Contexts.Status());

        Assert.StartsWith("**Delta Industries** owes $182,340.10 on 14 open invoices; $61,204.00 of that (33.6%) on 5 invoices is overdue. [s1]", text, StringComparison.Ordinal);
        Says(text, "8.3 days late", "46.2%", "132 paid invoices", "| 1–30 days overdue | 4 | $50,000.00 |", "**$182,340.10**", "104 orders", "$1,302,450.75", "1 order is open", "91.2%", "$200,000.00");
        Says(text, "Since June 28, 2026, Delta Industries has paid an estimated 14.2 days later", "107 invoices", "\"New CFO since May.\"", "May 3, 2026", "Figures as of November 22, 2026");
    }

    [Fact]
    public void Write_NotesAreAskedFor_OnlyTheyAreTold()
    {
        var context = Contexts.Status("notes");

        var text = Write(context);

        Assert.StartsWith("On file about **Delta Industries**:\n\n- Note of May 3, 2026: \"New CFO since May.\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain("owes", text, StringComparison.Ordinal);
        Assert.True(QualityGates.Check(text, context, Contexts.English).Passed);
        Assert.False(QualityGates.Check("**Delta Industries** owes $182,340.10.", context, Contexts.English).Passed);
    }

    [Theory]
    [InlineData("2026-05-02", false)]
    [InlineData("2026-05-03", true)]
    public void Write_HowThingsStood_KnowsNoLaterNote(string day, bool isTold)
    {
        var context = Contexts.Status();
        context.Understanding.AsOf = new Date { Iso = day };

        Assert.Equal(isTold, Write(context).Contains("New CFO since May.", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("notes")]
    [InlineData("contact", "notes")]
    public void Write_NotesAreAskedForAndNoneIsThere_SaysSo(params string[] topics)
    {
        var context = Contexts.Status(topics);
        context.Memories.Clear();

        var text = Write(context);

        Assert.StartsWith("There is nothing on file about **Delta Industries**.", text, StringComparison.Ordinal);
        var report = QualityGates.Check(text, context, Contexts.English);
        Assert.True(report.Passed, string.Join("; ", report.Gates.Where(g => !g.Passed).Select(g => g.Reason)));
    }

    [Theory]
    [InlineData("What are the payment terms of Delta Industries?", "The agreed payment terms of **Delta Industries** are ")]
    [InlineData("When did we last speak to Delta Industries?", "No contact with **Delta Industries** is recorded.")]
    public void Write_QuestionNamesOneFigure_ThatFigureComesFirst(string query, string start)
    {
        var context = Contexts.Status("payments");
        context.Query = query;
        context.Understanding.StandaloneQuery = query;
        var facts = context.Facts[0].Facts;
        if (facts.FirstOrDefault(f => f.Kind == "last_contact") is { } contact)
        {
            facts.Remove(contact);
        }

        if (facts.All(f => f.Kind != "payment_terms"))
        {
            Contexts.Add(context.Facts[0], "payment_terms", "Payment terms", new Value { Days = 30 }, "domain.customers");
        }

        Assert.StartsWith(start, Write(context), StringComparison.Ordinal);
    }

    [Fact]
    public void Write_OnePaidInvoice_IsNotCalledAShare()
    {
        var context = Contexts.Status("payments");
        context.Facts[0].Facts.Single(f => f.Kind == "paid_invoices").Value = new Value { Count = 1 };
        context.Facts[0].Facts.Single(f => f.Kind == "late_rate").Value = new Value { Ratio = 1 };

        var text = Write(context);

        Says(text, "its only paid invoice was late");
        Assert.DoesNotContain("100%", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_NoPattern_SaysHowTheCustomerBehavesAllTheSame()
    {
        var context = Contexts.Pattern();
        context.Patterns[0].Insights.Clear();
        if (context.Facts.Count == 0)
        {
            context.Facts.Add(Contexts.DeltaFacts());
        }

        Says(Write(context), "no notable change in how **Delta Industries** behaves", "8.3 days late on average");
    }

    [Fact]
    public void Write_AmountsByMonthInSeveralCurrencies_OneRowForEachMonth()
    {
        var context = Contexts.DataQuestion();
        var table = new Table
        {
            Columns = { new Column { Name = "month", Type = "date" }, new Column { Name = "currency", Type = "text" }, new Column { Name = "revenue", Type = "numeric(14,2)" } },
        };
        foreach (var (month, currency, amount) in (ReadOnlySpan<(string, string, string)>)[("2026-10-01", "EUR", "1234.50"), ("2026-10-01", "USD", "20.00"), ("2026-09-01", "EUR", "30.00")])
        {
            table.Rows.Add(new Row { Cells = { new Cell { Text = month }, new Cell { Text = currency }, new Cell { Text = amount } } });
        }

        context.DataQuestion.Answer.Result = table;

        Says(Write(context), "| Month | EUR | USD |", "| October 2026 | 1,234.50 | 20.00 |", "| September 2026 | 30.00 | – |");
    }

    [Fact]
    public void Write_AmountColumn_IsANumberToTheRight()
    {
        var context = Contexts.DataQuestion();
        context.DataQuestion.Answer.Result = new Table
        {
            Columns = { new Column { Name = "customer", Type = "text" }, new Column { Name = "amount", Type = "numeric(14,2)" } },
            Rows = { new Row { Cells = { new Cell { Text = "Delta" }, new Cell { Text = "15614.23" } } } },
        };

        Says(Write(context), "| --- | ---: |", "| Delta | 15,614.23 |");
    }

    [Fact]
    public void Write_DecisionAgainstWhatMostSpeaksFor_GivesBothReasons()
    {
        var context = Contexts.Decision();
        var against = context.Decision.EvidenceAgainst[0];
        context.Decision.EvidenceFor.Insert(0, new Consideration { Key = "credit_use", Text = "It has room.", Weight = 9, Score = 1 });
        context.Decision.MainReason = against.Key;

        var text = Write(context);

        Assert.DoesNotContain("The main reason", text, StringComparison.Ordinal);
        Says(text, "What counts most for doing what was asked: it has room. What counts most against it: its payments now arrive 14.2 days later");
    }

    [Fact]
    public void Write_StatusOfOneTopic_LeavesTheOthersOut()
    {
        var text = Write(Contexts.Status("payments"));

        Assert.StartsWith("**Delta Industries** pays 8.3 days late on average", text, StringComparison.Ordinal);
        Assert.DoesNotContain("$1,302,450.75", text, StringComparison.Ordinal);
        Assert.DoesNotContain("days overdue |", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 0, "0", "0", "owes nothing")]
    [InlineData(1, 0, "50.00", "0", "owes $50.00 on 1 open invoice, and none of it is overdue")]
    [InlineData(1, 1, "50.00", "50.00", "owes $50.00 on 1 open invoice, which is overdue")]
    [InlineData(3, 3, "90.00", "90.00", "on 3 open invoices, all of it overdue")]
    [InlineData(3, 1, "90.00", "30.00", "$30.00 of that (33.3%) on 1 invoice is overdue")]
    public void Write_Balance_UsesTheRightNumberWords(long open, long overdue, string balance, string late, string expected)
    {
        var context = Contexts.Of(Intent.Status, "status", Contexts.Delta);
        var facts = new EntityFacts { Entity = Contexts.Delta };
        Contexts.Add(facts, "open_balance", "Open balance", Contexts.Money(balance));
        Contexts.Add(facts, "overdue_amount", "Overdue amount", Contexts.Money(late));
        Contexts.Add(facts, "open_invoices", "Open invoices", new Value { Count = open });
        Contexts.Add(facts, "overdue_invoices", "Overdue invoices", new Value { Count = overdue });
        context.Facts.Add(facts);

        Says(Write(context), expected);
    }

    [Fact]
    public void Write_NoInvoicePaidYet_SaysThatPunctualityIsUnknown()
    {
        var context = Contexts.Status();
        foreach (var fact in context.Facts[0].Facts)
        {
            fact.Value = fact.Kind switch
            {
                "paid_invoices" => new Value { Count = 0 },
                "late_rate" or "average_days_late" or "median_days_late" => new Value { Unknown = "no invoice has been paid yet" },
                _ => fact.Value,
            };
        }

        Says(Write(context), "has not paid an invoice yet");
    }

    [Fact]
    public void Write_PastDay_SaysWhichDay()
    {
        var context = Contexts.Status();
        context.Understanding.AsOf = new Date { Iso = "2025-11-22" };
        context.Facts[0].AsOf = new Date { Iso = "2025-11-22" };

        Assert.StartsWith("This is how things stood on November 22, 2025.", Write(context), StringComparison.Ordinal);
    }

    [Fact]
    public void Write_Portfolio_ListsCurrenciesAndNeverAddsThemUp()
    {
        var text = Write(Contexts.Portfolio());

        Says(text, "**Your customers** owe amounts in 3 currencies on 1,214 open invoices", "102 invoices", "| USD | $9,120,000.50 | $120,000.50 |", "| GBP | £70,000.00 | £0.00 |");
        Assert.DoesNotContain("9,240,000", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_DsoOfSeveralCurrencies_SaysEachFirst()
    {
        var context = Contexts.Portfolio();
        (context.Query, context.Understanding.StandaloneQuery) = ("What is our DSO?", "What is our DSO?");
        context.Understanding.Topics.Clear();
        context.Understanding.Topics.Add("payments");
        var dso = Contexts.Add(context.Facts[0], "dso", "Days sales outstanding", new Value { Unknown = "the amounts are in EUR and USD and are not added up; see the parts" });
        dso.Parts.Add([new FactPart { Name = "EUR", Value = new Value { Days = 31.5 }, Count = 3 }, new FactPart { Name = "USD", Value = new Value { Days = 42 }, Count = 4 }]);

        var text = Write(context);

        Assert.StartsWith("Days sales outstanding (DSO) by currency, as currencies are not added up: 31.5 days in EUR and 42 days in USD.", text, StringComparison.Ordinal);
        var report = QualityGates.Check(text, context, Contexts.English);
        Assert.True(report.Passed, string.Join("; ", report.Gates.Where(g => !g.Passed)));
    }

    [Fact]
    public void Write_OrdersMoreOften_SaysBothRates()
    {
        var context = Contexts.Of(Intent.Pattern, "What patterns do you see with Delta Industries?", Contexts.Delta);
        context.Patterns.Add(new CustomerPatterns { Customer = Contexts.Delta });
        context.Patterns[0].Insights.Add(new Insight
        {
            Id = "i4", Type = "order_frequency_shift", Confidence = 0.922, Significance = 0.4, SampleSize = 114, PValue = 0.006, ChangedOn = new Date { Iso = "2026-06-12" },
            Effect = new Effect { Value = 1.71, Unit = "times as often", Low = 1.09, High = 2.61 },
            Text = "Since 2026-06-12 Delta Industries orders 1.71 times as often as before (95 % interval 1.09 to 2.61): 5.7 orders per 30 days (31 orders) against 3.3 (83 orders).",
            Figures =
            {
                ["rate_ratio"] = new Value { Number = 1.71 }, ["per_30_days_before"] = new Value { Number = 3.29 }, ["per_30_days_since"] = new Value { Number = 5.67 },
                ["orders_before"] = new Value { Count = 83 }, ["orders_since"] = new Value { Count = 31 }, ["changed_on"] = new Value { Date = new Date { Iso = "2026-06-12" } },
            },
        });

        var text = Write(context);

        Says(text, "Since June 12, 2026, Delta Industries has ordered more often: 5.7 orders per 30 days (31 orders) against 3.3 before (83 orders).");
        Assert.True(QualityGates.Check(text, context, Contexts.English).Passed);
    }

    [Fact]
    public void Write_Invoice_SaysWhatIsDueAndSince()
    {
        var invoice = new EntityRef { Type = EntityType.Invoice, Id = "i7", Name = "INV-10233" };
        var context = Contexts.Of(Intent.Status, "What is the status of INV-10233?", invoice);
        var facts = new EntityFacts { Entity = invoice, AsOf = new Date { Iso = "2026-11-22" } };
        Contexts.Add(facts, "invoice_amount", "Invoice amount", Contexts.Money("4100.00"));
        Contexts.Add(facts, "invoice_status", "Invoice status", new Value { Text = "overdue" });
        Contexts.Add(facts, "invoice_customer", "Customer of the invoice", new Value { Text = "Rosendahl Sports S.r.l." });
        Contexts.Add(facts, "invoice_due_date", "Due date", new Value { Date = new Date { Iso = "2026-11-10" } });
        Contexts.Add(facts, "invoice_outstanding", "Outstanding amount", Contexts.Money("1100.00"));
        Contexts.Add(facts, "invoice_days_late", "Days late", new Value { Days = 12 });
        Contexts.Add(facts, "invoice_paid_on", "Paid on", new Value { Unknown = "the invoice is not fully paid" });
        context.Facts.Add(facts);

        var text = Write(context);

        Says(text, "**Invoice INV-10233** of Rosendahl Sports S.r.l. over $4,100.00 is overdue; it was due on November 10, 2026.", "It is 12 days overdue.", "$1,100.00 of it is still to be paid.");
        Assert.True(QualityGates.Check(text, context, Contexts.English).Passed);
    }

    [Fact]
    public void Write_Pattern_GivesSizeBasisMeaningAndStep()
    {
        var text = Write(Contexts.Pattern());

        Says(text, "2 patterns for **Delta Industries**", "### Payments arrive later", "n = 146", "effect 14.2 days (95% interval 13.1 to 15.3 days)", "below 0.1%", "99.1%", "In plain words:", "Call the customer about the delay.", "Orders peak in March with 17 orders.", "amount anomaly");
    }

    [Fact]
    public void Write_NoPattern_SaysWhatWasChecked()
    {
        var context = Contexts.Pattern();
        context.Patterns[0].Insights.Clear();

        Says(Write(context), "no notable change in how **Delta Industries** behaves", "amount anomaly");
    }

    [Fact]
    public void Write_PatternsMissing_SaysSoAndGivesTheFigures()
    {
        var context = Contexts.Pattern();
        context.Patterns.Clear();
        context.Notes.Add(new ConfidenceNote { Code = "patterns_unavailable", Text = "The pattern analysis did not arrive in time.", Severity = Severity.Warning });

        Says(Write(context), "not available", "$182,340.10", "The pattern analysis did not arrive in time.");
    }

    [Fact]
    public void Write_Decision_BeginsWithTheRecommendation()
    {
        var text = Write(Contexts.Decision());

        Assert.StartsWith("**Recommendation for Delta Industries: keep the present terms.** Confidence 80%; risk: high.", text, StringComparison.Ordinal);
        Says(text, "main reason: its payments now arrive 14.2 days later", "**For**", "grew by 12%", "**Against**", "[s3]", "a cost of about $3,540", "**What would change this**", "7% or less", "**Not known**", "The last contact: none is recorded.", "extend the payment terms");
    }

    [Fact]
    public void Write_DecisionWithoutRecommendation_SaysWhatIsMissing()
    {
        var context = Contexts.Decision();
        context.Decision.Recommended = string.Empty;

        var text = Write(context);

        Says(text, "No recommendation: too little is known about Delta Industries.", "The last contact");
        Assert.DoesNotContain("Recommendation for", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_DecisionNotWeighed_FallsBackToTheFacts()
    {
        var context = Contexts.Decision();
        context.Decision = null;

        Says(Write(context), "cannot weigh this decision", "$182,340.10");
    }

    [Fact]
    public void Write_Comparison_SaysWhoIsAheadAndShowsBoth()
    {
        var text = Write(Contexts.Comparison());

        Says(text, "**Delta Industries** owes more: $182,340.10 against $20,120.00 (Acme Supplies Ltd)", "pays later on average: 8.3 days against 0.9 days", "| Share paid late | 46.2% | 7% |", "| Order trend | 12% | not known |");
    }

    [Fact]
    public void Write_DataQuestion_ShowsTheRowsAndItsSource()
    {
        var text = Write(Contexts.DataQuestion());

        Says(text, "Delta Industries has the most overdue: 61,204.00. [s1]", "| Delta Industries | 61,204.00 | September 30, 2026 |", "| Omega Foods Inc | 12,003.50 | – |", "Overdue means due before today.");
    }

    [Fact]
    public void Write_RefusedDataQuestion_SaysWhyAndOffersOthers()
    {
        var context = Contexts.DataQuestion();
        context.DataQuestion = new AskResponse { Refusal = new Refusal { Code = "unanswerable", Text = "There is no column for moods.", Suggestions = { "How many invoices are open?" } } };

        Says(Write(context), "There is no column for moods.");
        Assert.Equal(["How many invoices are open?"], Suggestions.For(context));
    }

    [Fact]
    public void Write_CellWithABar_DoesNotBreakTheTable()
    {
        var context = Contexts.DataQuestion();
        context.DataQuestion.Answer.Result.Rows[1].Cells[0].Text = "Omega | Foods\nInc";

        Says(Write(context), "| Omega \\| Foods Inc |");
    }

    [Fact]
    public void Write_UnknownName_SaysThatItWasNotFoundOnce()
    {
        var text = Write(Contexts.UnknownName());

        Says(text, "I found no customer, order or invoice named \"Zorblax 9\".");
        Assert.DoesNotContain("Please note", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_NoCustomerNamed_AsksForOne() => Says(Write(Contexts.NeedsEntity()), "Which customer is this decision about?");

    [Fact]
    public void Write_NothingRetrieved_SaysSoAndWhy() => Says(Write(Contexts.EverythingMissing()), "**Delta Industries**", "could not read any data", "did not arrive in time");

    [Fact]
    public void Write_OnlyPatternsThere_AnswersFromThem()
    {
        var context = Contexts.Status();
        context.Facts.Clear();

        Says(Write(context), "I could not read the figures", "14.2 days");
    }

    [Fact]
    public void Write_Remember_IsAcknowledgedUnlessItCouldNotBeSaved()
    {
        var context = Contexts.Of(Intent.Remember, "Remember that Delta Industries likes calls", Contexts.Delta);
        Says(Write(context), "Noted for **Delta Industries**");

        context.Notes.Add(new ConfidenceNote { Code = "not_remembered", Text = "x" });
        Says(Write(context), "could not save");
    }

    [Theory]
    [InlineData("thank you!", "welcome")]
    [InlineData("hello", "Hello!")]
    public void Write_Greeting_AnswersInKind(string query, string expected) => Says(Write(Contexts.Of(Intent.Greeting, query)), expected);

    [Theory]
    [InlineData("en-GB", "$182,340.10", "28 June 2026")]
    [InlineData("de-DE", "182.340,10 $", "28 June 2026")]
    [InlineData("en-US", "$182,340.10", "June 28, 2026")]
    public void Write_Culture_DecidesOnNumbersAndDates(string culture, string amount, string day) =>
        Says(AnswerWriter.Write(Contexts.Status(), Contexts.Find(culture)).Replace('\u00A0', ' '), amount, day);

    [Fact]
    public void Disambiguation_Candidates_AreNumberedWithWhatTellsThemApart()
    {
        var text = AnswerWriter.Disambiguation([Contexts.Ambiguous()], Contexts.English);

        Says(text, "Which one do you mean by \"Delta\"?", "1. **Delta Industries** – Columbus, last order November 19, 2026", "2. **Delta Logistics GmbH** – Hamburg");
    }

    [Fact]
    public void Write_UnknownDetectorWithoutText_StillReads()
    {
        var context = Contexts.Pattern();
        context.Patterns[0].Insights.Clear();
        context.Patterns[0].Insights.Add(new Insight { Id = "i9", Type = "lunar_phase", Confidence = 0.7 });

        Says(Write(context), "### Lunar phase", "confidence 70%");
    }

    [Fact]
    public void For_Suggestions_NeverRepeatTheQuestion()
    {
        foreach (var (_, context) in Contexts.All)
        {
            Assert.DoesNotContain(context.Query, Suggestions.For(context), StringComparer.OrdinalIgnoreCase);
        }

        Assert.Contains("Should we chase Delta Industries for its overdue invoices or wait?", Suggestions.For(Contexts.Status()));
        Assert.DoesNotContain(Suggestions.For(Contexts.Decision()), s => s.Contains("extend payment terms", StringComparison.Ordinal));
    }

    private static string Write(SynthesizedContext context) => AnswerWriter.Write(context, Contexts.English);

    private static void Says(string text, params string[] parts) => Assert.All(parts, p => Assert.Contains(p, text, StringComparison.Ordinal));
}
