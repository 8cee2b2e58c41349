using Google.Protobuf.WellKnownTypes;
using Platform.Contracts.Common.V1;
using Platform.Contracts.ContextSynthesis.V1;
using Platform.Contracts.DataQuestions.V1;
using Platform.Contracts.Memory.V1;
using Platform.Contracts.PatternAnalysis.V1;
using Xunit;
using Value = Platform.Contracts.Common.V1.Value;

namespace Platform.ContextSynthesis.Tests;

public sealed class SynthesizerTests
{
    private const string Status = "What is the status of Delta Industries?";

    [Fact]
    public void Synthesize_EverythingThere_KeepsAllWithSourcesAndHighConfidence()
    {
        var request = Samples.Request(Status, new Behaviour { Shift = 5 });
        request.Memories.Add(Note("They like phone calls."));
        request.Facts[0].SqlSources["domain.customers"] = "WITH customers AS (SELECT 1)";

        var context = Samples.Synthesizer().Synthesize(request);

        Assert.Equal(request.Facts[0].Facts.Count, context.Facts[0].Facts.Count);
        Assert.Equal(Samples.Delta, Assert.Single(context.Entities));
        Assert.Empty(context.Dropped);
        Assert.InRange(context.Confidence, 0.9, 0.99);
        Assert.Equal(Enumerable.Range(1, context.Sources.Count).Select(i => $"s{i}"), context.Sources.Select(s => s.Id));
        Assert.All(context.Facts[0].Facts, f => Assert.Contains(context.Sources, s => s.Covers.Contains($"fact:{Samples.Delta.Id}/{f.Kind}") && s.Evidence.Count > 0));
        Assert.Equal("WITH customers AS (SELECT 1)", context.Sources.Single(s => s.Title.StartsWith("Customer record", StringComparison.Ordinal)).SqlSources);
        Assert.Contains(context.Sources, s => s.Kind == SourceKind.Pattern && s.Covers.Contains("insight:i-CUS-00001"));
        Assert.Contains(context.Sources, s => s.Kind == SourceKind.Memory && s.Evidence[0].RowIds.Contains("m1"));
        Assert.Contains("$20,000.00 (", context.PrimaryContext + " (", StringComparison.Ordinal);
        Assert.Contains("[s1]", context.PrimaryContext, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("patterns", "patterns_unavailable")]
    [InlineData("facts", "facts_unavailable")]
    [InlineData("memories", "memories_unavailable")]
    public void Synthesize_MissingPart_IsNotedAndCostsConfidence(string part, string code)
    {
        var whole = Samples.Synthesizer().Synthesize(Samples.Request(Status, new Behaviour()));
        var request = Samples.Request(Status, new Behaviour());
        request.Missing.Add(new MissingPart { Part = part, Reason = "timeout" });
        if (part == "patterns")
        {
            request.Patterns.Clear();
        }
        else if (part == "facts")
        {
            request.Facts.Clear();
        }

        var context = Samples.Synthesizer().Synthesize(request);

        var note = Assert.Single(context.Notes, n => n.Code == code);
        Assert.Contains("in time", note.Text, StringComparison.Ordinal);
        Assert.True(context.Confidence < whole.Confidence);
    }

    [Fact]
    public void Synthesize_NothingAtAll_StillGivesAContext()
    {
        var request = new SynthesizeRequest { Query = Status, Understanding = Samples.Read(Status, null, ("Delta Industries", Samples.Delta)) };
        foreach (var part in (string[])["facts", "patterns", "memories"])
        {
            request.Missing.Add(new MissingPart { Part = part, Reason = "unavailable" });
        }

        var context = Samples.Synthesizer().Synthesize(request);

        Assert.Equal(3, context.Notes.Count);
        Assert.Empty(context.Sources);
        Assert.InRange(context.Confidence, 0.05, 0.2);
        Assert.Equal(Samples.Today.GetUtcNow(), context.AsOf.ToDateTimeOffset());
    }

    [Fact]
    public void Synthesize_StaleParts_AreNotedAndMarkedInTheirSources()
    {
        var request = Samples.Request(Status, new Behaviour { Shift = 4 });
        request.Facts[0].Stale = true;
        request.Patterns[0].Stale = true;

        var context = Samples.Synthesizer().Synthesize(request);

        Assert.Contains(context.Notes, n => n.Code == "stale_facts" && n.Text.Contains("November 22, 2026", StringComparison.Ordinal));
        Assert.Contains(context.Notes, n => n.Code == "stale_patterns");
        Assert.All(context.Sources, s => Assert.True(s.Stale));
        Assert.True(context.Confidence < 0.75);
    }

    [Fact]
    public void Synthesize_UnknownValue_IsNotedWithItsReason()
    {
        var request = Samples.Request(Status, new Behaviour());
        request.Facts[0].Facts.First(f => f.Kind == "late_rate").Value = new Value { Unknown = "no invoice has been paid yet" };

        var note = Assert.Single(Samples.Synthesizer().Synthesize(request).Notes, n => n.Code == "unknown_value");

        Assert.Contains("share paid late (no invoice has been paid yet)", note.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Synthesize_AmountsInSeveralCurrencies_AreKnownAndNoted()
    {
        var request = Samples.Request(Status, new Behaviour());
        var open = request.Facts[0].Facts.First(f => f.Kind == "open_balance");
        open.Value = new Value { Unknown = "the amounts are in EUR and USD" };
        open.Parts.Add(new FactPart { Name = "EUR", Value = Samples.Money(1, "EUR") });
        open.Parts.Add(new FactPart { Name = "USD", Value = Samples.Money(2) });

        var notes = Samples.Synthesizer().Synthesize(request).Notes;

        Assert.Contains(notes, n => n.Code == "mixed_currency");
        Assert.DoesNotContain(notes, n => n.Code == "unknown_value");
    }

    [Fact]
    public void Synthesize_FewPaidInvoices_IsASmallSample() =>
        Assert.Contains(Samples.Synthesizer().Synthesize(Samples.Request(Status, new Behaviour { Paid = 3 })).Notes, n => n.Code == "small_sample" && n.Text.Contains("3 paid invoices", StringComparison.Ordinal));

    [Theory]
    [InlineData(DetectorStatus.TimedOut, "detector_missing")]
    [InlineData(DetectorStatus.Failed, "detector_missing")]
    [InlineData(DetectorStatus.TooFew, "too_few_observations")]
    public void Synthesize_DetectorWithoutResult_IsNoted(DetectorStatus status, string code)
    {
        var request = Samples.Request(Status, new Behaviour());
        request.Patterns[0].Outcomes.Add(new DetectorOutcome { Detector = "amount_anomaly", Status = status, Reason = "7 orders; at least 12 are needed" });

        Assert.Contains(Samples.Synthesizer().Synthesize(request).Notes, n => n.Code == code && n.Text.Contains("amount anomaly", StringComparison.Ordinal));
    }

    [Fact]
    public void Synthesize_NoteAgainstRecord_IsAConflict()
    {
        var request = Samples.Request(Status, new Behaviour());
        request.Memories.Add(Note("Agreed payment terms of 60 days with the CFO."));

        var context = Samples.Synthesizer().Synthesize(request);

        var note = Assert.Single(context.Notes, n => n.Code == "conflict");
        Assert.Contains("60 days", note.Text, StringComparison.Ordinal);
        Assert.Contains("30 days", note.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Agreed payment terms of 30 days.")]
    [InlineData("Credit limit raised to 100,000.")]
    [InlineData("Credit limit is 100k")]
    public void Synthesize_NoteThatAgrees_IsNoConflict(string text)
    {
        var request = Samples.Request(Status, new Behaviour());
        request.Memories.Add(Note(text));

        Assert.DoesNotContain(Samples.Synthesizer().Synthesize(request).Notes, n => n.Code == "conflict");
    }

    [Fact]
    public void Synthesize_OverdueAboveOpen_IsAConflict() =>
        Assert.Contains(Samples.Synthesizer().Synthesize(Samples.Request(Status, new Behaviour { Open = 10, Overdue = 20 })).Notes, n => n.Code == "conflict");

    [Fact]
    public void Synthesize_ShiftBehindAnAverage_IsExplained() =>
        Assert.Contains(
            Samples.Synthesizer().Synthesize(Samples.Request(Status, new Behaviour { Shift = 12, AverageDaysLate = 4 })).Notes,
            n => n.Code == "average_hides_change" && n.Text.Contains("understates", StringComparison.Ordinal));

    [Fact]
    public void Synthesize_UnknownName_IsNamed()
    {
        const string query = "What is the status of Zorblax?";
        var request = new SynthesizeRequest { Query = query, Understanding = Samples.Reader.Read(query, null, [Samples.Unknown(query, "Zorblax")]) };
        request.Mentions.Add(Samples.Unknown(query, "Zorblax"));

        var context = Samples.Synthesizer().Synthesize(request);

        Assert.Equal(["Zorblax"], context.UnknownNames);
        Assert.Contains(context.Notes, n => n.Code == "unknown_name");
    }

    [Fact]
    public void Synthesize_SmallBudget_DropsTheLeastRelevantFirstAndSaysSo()
    {
        var request = Samples.Request("How much of the balance of Delta Industries is overdue?", new Behaviour());
        request.Memories.Add(Note(new string('x', 600)));
        request.TokenBudget = 60;

        var context = Samples.Synthesizer().Synthesize(request);

        Assert.Contains(context.Facts.SelectMany(f => f.Facts), f => f.Kind == "overdue_amount");
        Assert.Empty(context.Memories);
        Assert.Contains(context.Dropped, d => d.StartsWith("memory:", StringComparison.Ordinal));
        Assert.Contains(context.Notes, n => n.Code == "context_trimmed");
    }

    [Fact]
    public void Synthesize_GrowingBudget_NeverLosesAPiece()
    {
        var before = new HashSet<string>();
        for (var budget = 200; budget <= 2_000; budget += 100)
        {
            var request = Samples.Request(Status, new Behaviour { Shift = 5 });
            request.TokenBudget = budget;
            var kept = Samples.Synthesizer().Synthesize(request).Facts.SelectMany(f => f.Facts).Select(f => f.Kind).ToHashSet();

            Assert.Subset(kept, before);
            before = kept;
        }
    }

    [Fact]
    public void Synthesize_Decision_KeepsWhatTheFrameworkNeeds()
    {
        var request = Samples.Request("Should we extend payment terms to Delta Industries?", new Behaviour { Shift = 5 });
        request.TokenBudget = 120;

        var context = Samples.Synthesizer().Synthesize(request);

        Assert.Contains(context.Facts[0].Facts, f => f.Kind == "late_rate");
        Assert.NotEmpty(context.Patterns[0].Insights);
        Assert.DoesNotContain(context.Facts[0].Facts, f => f.Kind == "last_contact");
    }

    [Fact]
    public void Synthesize_DataQuestion_CarriesItsQueryAsSource()
    {
        var request = new SynthesizeRequest
        {
            Query = "How many invoices are open?",
            Understanding = Samples.Read("How many invoices are open?"),
            DataQuestion = new AskResponse { Answer = new Answer { Text = "12 invoices are open.", Sql = "SELECT count(*) FROM domain.invoices", Confidence = 92 } },
        };

        var context = Samples.Synthesizer().Synthesize(request);

        var source = Assert.Single(context.Sources);
        Assert.Equal("SELECT count(*) FROM domain.invoices", Assert.Single(source.Evidence).Sql);
        Assert.Contains("data_question", source.Covers);
        Assert.InRange(context.Confidence, 0.8, 0.95);
    }

    [Fact]
    public void Synthesize_UncertainQuery_IsNoted()
    {
        var request = new SynthesizeRequest
        {
            Query = "How many invoices are open?",
            Understanding = Samples.Read("How many invoices are open?"),
            DataQuestion = new AskResponse { Answer = new Answer { Text = "12", Confidence = 55 } },
        };

        Assert.Contains(Samples.Synthesizer().Synthesize(request).Notes, n => n.Code == "low_confidence_query");
    }

    [Fact]
    public void Synthesize_Request_IsNotChanged()
    {
        var request = Samples.Request(Status, new Behaviour { Shift = 5 });
        request.TokenBudget = 60;
        var before = request.Clone();

        Samples.Synthesizer().Synthesize(request);

        Assert.Equal(before, request);
    }

    private static ScoredMemory Note(string text) => new()
    {
        Score = 0.5,
        Memory = new MemoryRecord
        {
            Id = "m1", Kind = MemoryKind.Note, Text = text, Entities = { Samples.Delta }, CreatedAt = Timestamp.FromDateTimeOffset(Samples.Today.GetUtcNow().AddDays(-30)),
        },
    };
}
