using Platform.EntityResolution.Names;

namespace Platform.EntityResolution.Mentions;

/// <summary>A word of a question with the hints that its writing gives.</summary>
internal sealed record Word(NameToken Token, bool Capitalised, bool StartsSentence, bool BreakBefore, int Quote)
{
    public string Text => Token.Text;

    /// <summary>The word as a name would hold it.</summary>
    public string Name => Token.Stem ?? Token.Text;

    public bool IsQuoted => Quote >= 0;

    public bool HasDigit => Text.Any(char.IsDigit);
}

/// <summary>A question as words.</summary>
/// <param name="Text">As asked.</param>
/// <param name="Words">In order.</param>
/// <param name="CaseTells">False when all letters have one case, so that capitals say nothing.</param>
internal sealed record QuestionText(string Text, IReadOnlyList<Word> Words, bool CaseTells)
{
    /// <summary>True when some word inside a sentence begins with a capital: this writer capitalises names.</summary>
    public bool CapitalisesNames { get; } = CaseTells && Words.Any(w => w.Capitalised && !w.StartsSentence && !Vocabulary.IsCapitalisedAnyway(w.Text));

    /// <summary>The word before the span, within the same part of the sentence; else empty.</summary>
    public string Before(Span span) => span.First > 0 && !Words[span.First].BreakBefore ? Words[span.First - 1].Text : "";

    /// <summary>True where a place is more likely than a name: "in Tacoma", "customers from Tacoma".</summary>
    public bool IsPlaced(Span span) => Before(span) switch
    {
        "in" => true,
        "from" => span.First > 1 && !Words[span.First - 1].BreakBefore && Vocabulary.IsPluralCustomer(Words[span.First - 2].Text),
        _ => false,
    };

    /// <summary>The word after the span, within the same part of the sentence; else empty.</summary>
    public string After(Span span) => span.Last + 1 < Words.Count && !Words[span.Last + 1].BreakBefore ? Words[span.Last + 1].Text : "";

    /// <summary>True for a word after "status of", "balance for" and the like.</summary>
    public bool IsIntroduced(int index) =>
        index > 1 && !Words[index].BreakBefore && !Words[index - 1].BreakBefore
        && Vocabulary.IntroducesStrongly(Words[index - 1].Text) && Vocabulary.IsDomainNoun(Words[index - 2].Text);

    public static QuestionText Read(string text)
    {
        var tokens = NameText.Tokenize(text);
        var quotes = FindQuotes(text);
        var words = new List<Word>(tokens.Count);
        var quote = 0;
        var previousEnd = 0;
        for (var i = 0; i < tokens.Count; i++)
        {
            var token = tokens[i];
            while (quote < quotes.Count && quotes[quote].End <= token.Start)
            {
                quote++;
            }

            var between = text.AsSpan(previousEnd, Math.Max(0, token.Start - previousEnd));
            var breakBefore = between.IndexOfAny(".,;:?!()[]\n\r\"“”„«»‹›「」『』|") >= 0;
            // "Acme Inc. owes" and "St. Gallen" hold a full stop that ends no sentence.
            var sentence = i == 0 || between.IndexOfAny("?!\n") >= 0
                || (between.IndexOf('.') >= 0 && !LegalForms.IsLegalForm(tokens[i - 1].Text) && tokens[i - 1].Length > 2);
            words.Add(new Word(
                token,
                char.IsUpper(text, token.Start),
                sentence,
                i > 0 && breakBefore,
                quote < quotes.Count && quotes[quote].Start <= token.Start ? quote : -1));
            previousEnd = token.End;
        }

        var letters = text.Where(char.IsLetter);
        return new QuestionText(text, words, letters.Any(char.IsUpper) && letters.Any(char.IsLower));
    }

    private static List<(int Start, int End)> FindQuotes(string text)
    {
        var quotes = new List<(int Start, int End)>();
        for (var i = 0; i < text.Length; i++)
        {
            var closing = text[i] switch
            {
                '"' => '"',
                '“' => '”',
                '„' => '“',
                '«' => '»',
                '»' => '«',
                '‹' => '›',
                '「' => '」',
                '『' => '』',
                // A single quote opens only at a word's start, else it is an apostrophe.
                '\'' or '‘' when i == 0 || char.IsWhiteSpace(text[i - 1]) => text[i] == '‘' ? '’' : '\'',
                _ => '\0',
            };
            if (closing == '\0')
            {
                continue;
            }

            var end = text.IndexOf(closing, i + 1);
            while (end > 0 && closing is '\'' or '’' && end + 1 < text.Length && char.IsLetterOrDigit(text[end + 1]))
            {
                end = text.IndexOf(closing, end + 1);
            }

            if (end > i + 1 && end - i <= 200)
            {
                quotes.Add((i + 1, end));
                i = end;
            }
        }

        return quotes;
    }
}
