using Platform.ModelGateway.Safety;
using Platform.ModelGateway.Safety.Placeholders;

namespace Platform.ModelGateway.Tests.Safety;

public sealed class PlaceholderTests
{
    [Fact]
    public void Of_SameValue_IsTheSamePlaceholderAndOthersDiffer()
    {
        var set = PlaceholderSet.For(["a"]);

        Assert.Equal(set.Of(PiiType.Email, "a@b.io"), set.Of(PiiType.Email, "a@b.io"));
        Assert.NotEqual(set.Of(PiiType.Email, "a@b.io"), set.Of(PiiType.Email, "c@b.io"));
        Assert.NotEqual(set.Of(PiiType.Email, "x"), set.Of(PiiType.Person, "x"));
        Assert.Matches("^PII_EMAIL_1_[A-Z2-9]{10}$", set.Of(PiiType.Email, "a@b.io"));
    }

    [Fact]
    public void For_TextThatHoldsTheDrawnPart_DrawsAgain()
    {
        var drawn = new Queue<string>(["AAAAAAAAAA", "BBBBBBBBBB"]);

        var set = PlaceholderSet.For(["I know PII_CARD_1_aaaaaaaaaa"], drawn.Dequeue);

        Assert.EndsWith("BBBBBBBBBB", set.Of(PiiType.Card, "1"), StringComparison.Ordinal);
    }

    [Fact]
    public void Restore_ForgedOrForeignPlaceholder_StaysText()
    {
        var set = PlaceholderSet.For([]);
        var other = PlaceholderSet.For([]);
        set.Of(PiiType.Card, "4111111111111111");
        var foreign = other.Of(PiiType.Card, "5555555555554444");

        var text = $"PII_CARD_1_AAAAAAAAAA {foreign} PII_CARD_2_{set.Of(PiiType.Card, "4111111111111111")[^10..]}";

        Assert.Equal(text, StreamRestorer.Restore(set, text));
    }

    [Fact]
    public void Push_EveryPairOfCuts_GivesTheWholeTextBack()
    {
        var (set, text, expected) = Sample(new Random(1), values: 3);
        for (var first = 0; first <= text.Length; first++)
        {
            for (var second = first; second <= text.Length; second++)
            {
                var restorer = new StreamRestorer(set);
                var result = restorer.Push(text[..first]) + restorer.Push(text[first..second]) + restorer.Push(text[second..]) + restorer.Finish();
                Assert.Equal(expected, result);
            }
        }
    }

    [Fact]
    public void Push_RandomTextsAndCuts_GivesTheWholeTextBackAndNeverPartOfAPlaceholder()
    {
        for (var seed = 0; seed < 2_000; seed++)
        {
            var random = new Random(seed);
            var (set, text, expected) = Sample(random, random.Next(1, 14));
            var restorer = new StreamRestorer(set);
            var pieces = new List<string>();
            for (var position = 0; position < text.Length;)
            {
                var length = Math.Min(random.Next(1, 9), text.Length - position);
                pieces.Add(restorer.Push(text.Substring(position, length)));
                position += length;
            }

            pieces.Add(restorer.Finish());
            Assert.True(expected == string.Concat(pieces), $"seed {seed}: {text}");
        }
    }

    [Fact]
    public void Push_TextWithoutPlaceholders_IsNotHeldBack()
    {
        var (set, _, _) = Sample(new Random(3), 2);
        var restorer = new StreamRestorer(set);

        Assert.Equal("Paul pays. ", restorer.Push("Paul pays. "));
    }

    private static (PlaceholderSet Set, string Text, string Expected) Sample(Random random, int values)
    {
        string[] between = ["", " ", "P", "PII_", "pii_EMAIL_", "PII_EMAIL_1", "Ünï😀", "\n", "PI", "[", "_", "PII_PERSON_1_"];
        var set = PlaceholderSet.For(between);
        var placeholders = Enumerable.Range(0, values).Select(index => ($"value {index}", set.Of((PiiType)(index % 3), $"value {index}"))).ToArray();
        var (text, expected) = ("", "");
        for (var step = 0; step < values * 2; step++)
        {
            var gap = between[random.Next(between.Length)];
            var (value, placeholder) = placeholders[random.Next(placeholders.Length)];
            text += gap + (random.Next(4) == 0 ? placeholder.ToLowerInvariant() : placeholder);
            expected += gap + value;
        }

        return (set, text + " end P", expected + " end P");
    }
}
