namespace Platform.ModelGateway.Tests.Safety;

public sealed class WordPiiTests
{
    [Theory]
    [InlineData("person", "Please ask Maria Gonzalez about it.", "Maria Gonzalez")]
    [InlineData("person", "We met Ludwig van der Berg yesterday.", "Ludwig van der Berg")]
    [InlineData("person", "Dear Mr. Oyelaran, thank you.", "Oyelaran")]
    [InlineData("person", "It was signed by J. R. Hartley.", "J. R. Hartley")]
    [InlineData("person", "My name is sofia lindqvist.", "sofia lindqvist")]
    [InlineData("person", "Bitte rufen Sie Herrn Jürgen Schäfer an.", "Jürgen Schäfer")]
    [InlineData("location", "They moved to Rotterdam last year.", "Rotterdam")]
    [InlineData("location", "She flew to New York on Monday.", "New York")]
    [InlineData("organization", "The offer of Kappa Foods Ltd was late.", "Kappa Foods Ltd")]
    [InlineData("address", "Deliver it to 12 Acacia Avenue please.", "12 Acacia Avenue")]
    [InlineData("address", "Sie wohnt in der Lindenstraße 5.", "Lindenstraße 5")]
    [InlineData("address", "He lives at 1200 Main St Suite 4, Springfield, IL 62701 now.", "1200 Main St Suite 4, Springfield, IL 62701")]
    [InlineData("postcode", "The office is in SW1A 1AA, London.", "SW1A 1AA")]
    [InlineData("postcode", "my zip code is 90210", "90210")]
    [InlineData("dateOfBirth", "He was born on 12/24/1971.", "12/24/1971")]
    [InlineData("date", "It is due on 12 March 2026.", "12 March 2026")]
    [InlineData("date", "The last contact was on November 21, 2026.", "November 21, 2026")]
    [InlineData("age", "A 47-year-old man came.", "47")]
    [InlineData("age", "I'm 31 years old", "31")]
    [InlineData("nationality", "A Norwegian customer wrote.", "Norwegian")]
    [InlineData("title", "Please ask Dr. Weber.", "Dr.")]
    public void Find_WordsInContext_AreFoundAndTyped(string type, string text, string expected) =>
        Assert.Contains((type, expected), Finder.Find(text));

    [Theory]
    [InlineData("On November 21, 2026 it ordered; it paid on May 5, 2026 and on March 12.")]
    [InlineData("Will the order arrive in May? The price may rise.")]
    [InlineData("What patterns do you see in the orders of this customer?")]
    [InlineData("Summarize what is known: open invoices, late payments and rush orders.")]
    [InlineData("THE TOTAL IS 1200 AND NOTHING ELSE IS DUE")]
    [InlineData("Answer with JSON. Use the tool for balances. Return a list of figures, 10 per page.")]
    [InlineData("Die Rechnung über 1200 Euro ist seit drei Wochen offen und der Kunde zahlt nicht.")]
    public void Find_TextWithoutPeople_HasNoPersonOrAddress(string text) =>
        Assert.DoesNotContain(Finder.Find(text), found => found.Type is "person" or "address" or "postcode");

    [Fact]
    public void Find_LongTextOfNames_StaysLinear()
    {
        foreach (var unit in new[] { "Maria ", "M. ", "van ", "Main Street 5 ", "Apt. 5 ", "New York ", "12 ", "May ", "x'", "a-" })
        {
            Finder.Find(string.Concat(Enumerable.Repeat(unit, 20_000 / unit.Length))).Count();
        }
    }
}
