using Platform.EntityResolution.Mentions;

namespace Platform.EntityResolution.Tests.Mentions;

public sealed class MentionTests
{
    [Theory]
    [InlineData("Show invoice INV-10233", "INV-10233", "invoice")]
    [InlineData("Show invoice #10233 please", "10233", "invoice")]
    [InlineData("what about order number 4711?", "4711", "order")]
    [InlineData("status of SO-001200", "SO-001200", null)]
    [InlineData("what does 0625-TNJFG owe", "0625-TNJFG", null)]
    [InlineData("0625-TNJFG's balance", "0625-TNJFG", null)]
    [InlineData("customer 1042", "1042", "customer")]
    public void Find_Number_IsFoundWithItsKind(string text, string number, string? kind)
    {
        var span = Assert.Single(NumberSpans.Find(QuestionText.Read(text)));
        Assert.Equal(number, span.Text);
        Assert.Equal(kind, span.Kind);
    }

    [Theory]
    [InlineData("Who are our top 5 customers?")]
    [InlineData("Revenue in 2025")]
    [InlineData("since 2026-03-31")]
    [InlineData("invoices over $5000")]
    [InlineData("more than 10000 EUR")]
    [InlineData("30-day terms in Q3")]
    [InlineData("the 2nd quarter")]
    public void Find_OrdinaryFigure_IsNoNumber(string text) => Assert.Empty(NumberSpans.Find(QuestionText.Read(text)));

    [Theory]
    [InlineData("How much do they owe?", "they", "customer")]
    [InlineData("What about that customer's invoices?", "that customer", "customer")]
    [InlineData("is the same one late again?", "same one", null)]
    [InlineData("has the customer paid?", "the customer", "customer")]
    [InlineData("When is that invoice due?", "that invoice", "invoice")]
    [InlineData("what about it?", "it", null)]
    [InlineData("and last year?", "", null)]
    public void Find_Reference_PointsBack(string text, string words, string? type)
    {
        var reference = Assert.Single(References.Find(QuestionText.Read(text), null));
        Assert.StartsWith(words, text.Substring(reference.Start, reference.Length), StringComparison.Ordinal);
        Assert.Equal(type, reference.EntityType);
    }

    [Theory]
    [InlineData("Which customers pay late and what do they owe?")]
    [InlineData("Is it possible to extend terms?")]
    [InlineData("the customer with the largest balance")]
    [InlineData("What can you do?")]
    public void Find_NoReference_PointsNowhere(string text) => Assert.Empty(References.Find(QuestionText.Read(text), null));

    [Fact]
    public void Find_PronounAfterAName_MeansThatName() =>
        Assert.Empty(References.Find(QuestionText.Read("How did Delta pay and are they late?"), 8));

    [Theory]
    [InlineData("delta pays: WHAT", true)]
    [InlineData("ALL IN CAPITALS", false)]
    [InlineData("all in small letters", false)]
    public void Read_Case_TellsOnlyWhenMixed(string text, bool tells) => Assert.Equal(tells, QuestionText.Read(text).CaseTells);

    [Theory]
    [InlineData("Status of \"Delta Industries\"", 2)]
    [InlineData("Status of “Delta Industries”", 2)]
    [InlineData("Status of 'Delta Industries' now", 2)]
    [InlineData("Status of Delta's and Acme's orders", 0)]
    public void Read_Quotes_MarkTheirWords(string text, int quoted) => Assert.Equal(quoted, QuestionText.Read(text).Words.Count(w => w.IsQuoted));

    [Theory]
    [InlineData("show overdue invoces")]
    [InlineData("Which paymnets are late?")]
    public void Find_MisspelledTradeWord_IsNoName(string text) => Assert.Empty(NameRuns.Find(QuestionText.Read(text), _ => false));
}
