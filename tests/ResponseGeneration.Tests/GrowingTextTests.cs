using System.Globalization;
using Platform.GroundingCases;
using Platform.ResponseGeneration.Gates;
using Platform.ResponseGeneration.Gates.Figures;
using Platform.ResponseGeneration.Generation;
using Xunit;

namespace Platform.ResponseGeneration.Tests;

/// <summary>What is read and judged once while a text grows is what would be read and judged in the whole.</summary>
public sealed class GrowingTextTests
{
    private const int Cases = 150;

    private static readonly string[] Pieces =
        ["\n", "\n\n", "\r\n", " ", ". ", "a third", "one quarter", "half", "1.", "2) ", "12.\n", "In March", "march", "Since May ", "$", "5,000", "20 ", "%", "over ", "two", " weeks", "invoices", "no open invoices", "3/4/2026", "| ", "- ", "to 30 days", "twice as many"];

    [Theory]
    [InlineData("en-US")]
    [InlineData("de-DE")]
    public void Read_LinesOfGrownTexts_FindsWhatIsInTheWhole(string tag)
    {
        var culture = CultureInfo.GetCultureInfo(tag);
        var random = new Random(7);
        for (var round = 0; round < 400; round++)
        {
            var text = string.Empty;
            var lines = new FigureLines(culture);
            foreach (var piece in Grown(random, round))
            {
                text += piece;

                Assert.Equal(InOrder(FigureReader.Read(text, culture)), InOrder(lines.Read(text)));
            }
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Check_SentenceBySentence_SaysWhatGatesSayThatSawNothingBefore(bool faithful)
    {
        var refused = 0;
        for (var seed = 50_000; seed < 50_000 + Cases; seed++)
        {
            var example = GroundingCaseMaker.Make(seed, faithful, unseen: seed % 2 == 0);
            var language = Contexts.Find(example.Culture);
            var gates = new QualityGates(example.Context, language);
            var shown = string.Empty;
            foreach (var sentence in Sentences.Of(example.Text))
            {
                var reason = gates.WhyNot(shown, sentence);

                Assert.Equal(new QualityGates(example.Context, language).WhyNot(shown, sentence), reason);
                refused += reason is null ? 0 : 1;
                shown += sentence;
            }

            var (grown, fresh) = (gates.Check(shown), new QualityGates(example.Context, language).Check(shown));
            Assert.Equal(fresh.Gates, grown.Gates);
            Assert.Equal(fresh.Invented, grown.Invented);
        }

        Assert.Equal(!faithful, refused > Cases / 2);
    }

    /// <summary>Sentences of an answer among pieces that lie about where lines and figures end.</summary>
    private static IEnumerable<string> Grown(Random random, int round)
    {
        var sentences = Sentences.Of(GroundingCaseMaker.Make(60_000 + round, faithful: true, unseen: false).Text).ToList();
        for (var i = 0; i < 12; i++)
        {
            yield return random.Next(3) == 0 ? sentences[random.Next(sentences.Count)] : Pieces[random.Next(Pieces.Length)];
        }
    }

    private static IEnumerable<SaidFigure> InOrder(IEnumerable<SaidFigure> figures) =>
        figures.OrderBy(f => f.Start).ThenBy(f => f.Length).ThenBy(f => f.Text, StringComparer.Ordinal).ThenBy(f => f.Figure.Kind);
}
