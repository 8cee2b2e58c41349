using System.Globalization;
using System.Text.RegularExpressions;
using Platform.Contracts.Common.V1;
using Platform.Contracts.ContextSynthesis.V1;
using Platform.ResponseGeneration.Gates;
using Platform.ResponseGeneration.Gates.Figures;
using Platform.ResponseGeneration.Generation;
using Platform.ResponseGeneration.Writing;
using Xunit;

namespace Platform.ResponseGeneration.Tests;

public sealed class GateTests
{
    [Theory]
    [InlineData("$1,234.50", "Money", 1234.5)]
    [InlineData("1,234.50 EUR", "Money", 1234.5)]
    [InlineData("€2.5 million", "Money", 2_500_000)]
    [InlineData("$48k", "Money", 48_000)]
    [InlineData("33.6%", "Ratio", 0.336)]
    [InlineData("12 per cent", "Ratio", 0.12)]
    [InlineData("14.2 days", "Days", 14.2)]
    [InlineData("two weeks", "Days", 14)]
    [InlineData("3 months", "Days", 91.2)]
    [InlineData("14 open invoices", "Number", 14)]
    [InlineData("five invoices", "Number", 5)]
    [InlineData("1,204", "Number", 1204)]
    [InlineData("2026", "Year", 2026)]
    public void Read_Figure_HasItsKindAndValue(string text, string kind, double value)
    {
        var figure = Assert.Single(FigureReader.Read(text, CultureInfo.GetCultureInfo("en-US")));

        Assert.Equal(kind, figure.Figure.Kind.ToString());
        Assert.Equal(value, figure.Figure.Value, 6);
    }

    [Theory]
    [InlineData("2026-06-28")]
    [InlineData("June 28, 2026")]
    [InlineData("28 June 2026")]
    [InlineData("Jun 28, 2026")]
    [InlineData("28th of June 2026")]
    public void Read_Date_IsOneDay(string text)
    {
        var figure = Assert.Single(FigureReader.Read("since " + text + ".", CultureInfo.GetCultureInfo("en-US")));

        Assert.Equal(FigureKind.Date, figure.Figure.Kind);
        Assert.Equal(new DateOnly(2026, 6, 28).DayNumber, figure.Figure.Value);
    }

    [Theory]
    [InlineData("1.234,50 €", "de-DE")]
    [InlineData("1 234,50 €", "fr-FR")]
    [InlineData("€1,234.50", "de-DE")]
    public void Read_CultureOrEnglish_IsUnderstood(string text, string culture)
    {
        var figure = Assert.Single(FigureReader.Read(text.Replace(' ', '\u202F'), CultureInfo.GetCultureInfo(culture)));

        Assert.True(figure.Figure.Value == 1234.5 || figure.Other?.Figure.Value == 1234.5);
    }

    [Theory]
    [InlineData("see [s12] for more")]
    [InlineData("1. first point\n2. second point")]
    [InlineData("one of the reasons")]
    [InlineData("no figures here")]
    public void Read_WhatIsNoFigure_IsLeftAlone(string text) => Assert.Empty(FigureReader.Read(text, CultureInfo.GetCultureInfo("en-US")));

    [Theory]
    [InlineData("Delta Industries owes about $182,000.")]
    [InlineData("Delta Industries owes roughly $182k on 14 invoices.")]
    [InlineData("Delta Industries owes $0.18 million.")]
    [InlineData("A third, 34%, of it is overdue.")]
    [InlineData("Not yet due is $121,136.10, that is 66.4%.")]
    [InlineData("9 invoices are not yet due.")]
    [InlineData("Fourteen invoices of Delta Industries are open; five invoices are overdue.")]
    [InlineData("The headroom under the limit is $17,659.90.")]
    [InlineData("It pays 8 days late.")]
    [InlineData("Since June 2026 payments arrive two weeks later.")]
    [InlineData("Since 28 June 2026 payments arrive 14 days later, in 2026.")]
    [InlineData("The interval is 13.1 to 15.3 days at the 95% level.")]
    [InlineData("46% of the 132 paid invoices were late.")]
    [InlineData("It ordered for $1.3 million in 12 months.")]
    public void Check_FaithfulFigures_Pass(string text)
    {
        var gate = Numbers(text);

        Assert.True(gate.Passed, gate.Reason);
    }

    [Theory]
    [InlineData("Delta Industries owes $182,340.20.")]
    [InlineData("Delta Industries owes $183k.")]
    [InlineData("Delta Industries owes €182,340.10.")]
    [InlineData("Delta Industries owes $182,340.10 on 15 invoices.")]
    [InlineData("36.6% of it is overdue.")]
    [InlineData("It pays 9 days late.")]
    [InlineData("It pays 8.4 days late.")]
    [InlineData("Since 29 June 2026 payments arrive later.")]
    [InlineData("Since July 2026 payments arrive later.")]
    [InlineData("Since 2019 payments arrive later.")]
    [InlineData("Payments arrive three weeks later.")]
    [InlineData("Seven invoices are overdue.")]
    [InlineData("The expected loss is $7,500.")]
    [InlineData("It has 5 open orders.")]
    public void Check_InventedFigure_IsCaught(string text) => Assert.False(Numbers(text).Passed, text);

    [Theory]
    [InlineData("Brightwater Foods B.V.")]
    [InlineData("Old Quay Shipping A/S")]
    [InlineData("Galloway Pumps & Valves K.K.")]
    [InlineData("5875-VZQCZ")]
    public void Check_NameWithSingleLettersOrDigits_IsKnown(string name)
    {
        var context = Contexts.Of(Intent.Status, $"What is the status of {name}?", new EntityRef { Type = EntityType.Customer, Id = "C1", Name = name });

        var gate = QualityGates.Check($"**{name}** owes nothing. We asked {name} on the phone, and {name} has paid.", context, Contexts.English).Gates.Single(g => g.Gate == "entities");

        Assert.True(gate.Passed, gate.Reason);
    }

    [Fact]
    public void Check_WriterTextWithOneFigureChanged_IsNearlyAlwaysCaught()
    {
        var context = Contexts.Status();
        var text = AnswerWriter.Write(context, Contexts.English);
        var (altered, caught) = (0, 0);
        foreach (Match match in Regex.Matches(text, @"(?<![\ds\[–-])\d[\d,]*(?:\.\d+)?(?![\d–-])"))
        {
            // The last digit but, in an age bucket, every other character of the line stays.
            var digit = match.Index + match.Length - 1;
            var other = (char)('0' + ((text[digit] - '0' + 4) % 10));
            var changed = text[..digit] + other + text[(digit + 1)..];
            altered++;
            caught += QualityGates.Check(changed, context, Contexts.English).Gates.Single(g => g.Gate == "numbers").Passed ? 0 : 1;
        }

        Assert.True(altered > 40, $"{altered} alterations");
        Assert.True(caught >= 0.85 * altered, $"{caught} of {altered} caught");
    }

    [Fact]
    public void Check_DigitsOfAName_AreNoFigures()
    {
        var context = Contexts.Status();
        context.Entities[0] = context.Entities[0].Clone();
        context.Entities[0].Name = "Delta 3000 Industries";

        Assert.True(QualityGates.Check("Delta 3000 Industries owes $182,340.10.", context, Contexts.English).Gates.Single(g => g.Gate == "numbers").Passed);
    }

    [Theory]
    [InlineData("Delta Industries and Gamma Holdings owe money.", false)]
    [InlineData("Delta Industries owes money.", true)]
    [InlineData("However Delta Industries owes money.", true)]
    public void Check_Name_MustBeInTheContext(string text, bool passes) =>
        Assert.Equal(passes, QualityGates.Check(text, Contexts.Status(), Contexts.English).Gates.Single(g => g.Gate == "entities").Passed);

    [Theory]
    [InlineData("As an AI I was instructed to help.")]
    [InlineData("The system prompt says so.")]
    public void Check_LeakedInstruction_IsCaught(string text)
    {
        var report = QualityGates.Check(text, Contexts.Status(), Contexts.English);

        Assert.False(report.IsGrounded);
        Assert.False(report.Gates.Single(g => g.Gate == "leakage").Passed);
    }

    [Fact]
    public void Check_DecisionWithoutItsRecommendation_IsIncomplete()
    {
        var report = QualityGates.Check("Delta Industries pays 14.2 days later than before, and its orders grew by 12%.", Contexts.Decision(), Contexts.English);

        Assert.Contains("recommendation", report.Gates.Single(g => g.Gate == "completeness").Reason, StringComparison.Ordinal);
        Assert.True(report.IsGrounded);
        Assert.False(report.Passed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Yes.")]
    public void Check_TooShort_FailsLengthAndCompleteness(string text)
    {
        var report = QualityGates.Check(text, Contexts.Status(), Contexts.English);

        Assert.False(report.Gates.Single(g => g.Gate == "length").Passed);
        Assert.False(report.Gates.Single(g => g.Gate == "completeness").Passed);
        Assert.InRange(report.Score, 0, 0.95);
    }

    [Fact]
    public void Of_AnyText_LosesNoCharacter()
    {
        foreach (var (_, context) in Contexts.All)
        {
            var text = AnswerWriter.Write(context, Contexts.English);
            var sentences = Sentences.Of(text).ToList();

            Assert.Equal(text, string.Concat(sentences));
            Assert.All(sentences, s => Assert.NotEmpty(s));
        }

        Assert.Equal(["Payments rose by 8.3 days. [s1] ", "It is late."], Sentences.Of("Payments rose by 8.3 days. [s1] It is late."));
    }

    private static Contracts.ResponseGeneration.V1.GateResult Numbers(string text) =>
        QualityGates.Check(text, Contexts.Status(), Contexts.English).Gates.Single(g => g.Gate == "numbers");
}
