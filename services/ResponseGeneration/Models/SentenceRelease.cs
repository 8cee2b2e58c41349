using System.Text;
using System.Text.RegularExpressions;
using Platform.ResponseGeneration.Gates;
using Platform.ResponseGeneration.Generation;

namespace Platform.ResponseGeneration.Models;

/// <summary>
/// Lets the text of a model through sentence by sentence: one whose figures and names are verified goes to the reader at once, a
/// bad one is replaced by what the draft says instead, or left out. Headings wait for what they head.
/// </summary>
internal sealed partial class SentenceRelease(QualityGates gates, string draft, IAnswerSink sink)
{
    /// <summary>Share of bad sentences from which the whole is another text than was asked for.</summary>
    private const double MostBad = 1.0 / 3;

    /// <summary>Bad sentences from which that share counts while more is to come.</summary>
    private const int EnoughBad = 2;

    private readonly DraftSentences _draft = new(draft);
    private readonly StringBuilder _shown = new();
    private readonly StringBuilder _held = new();
    private readonly List<string> _reasons = [];
    private string _rest = string.Empty;
    private int _good;
    private int _bad;

    /// <summary>What the reader has.</summary>
    public string Shown => _shown.ToString();

    /// <summary>Too much had to be replaced or left out.</summary>
    public bool IsHopeless => _bad >= EnoughBad && _bad > MostBad * (_good + _bad);

    public int Bad => _bad;

    /// <summary>What was wrong with the bad sentences.</summary>
    public IReadOnlyList<string> Reasons => _reasons;

    public async ValueTask AddAsync(string delta, CancellationToken cancellationToken)
    {
        _rest += delta;

        // Only a sentence that another follows has surely ended.
        var sentences = Sentences.Of(_rest).ToList();
        for (var i = 0; i < sentences.Count - 1 && !IsHopeless; i++)
        {
            _rest = _rest[sentences[i].Length..];
            await JudgeAsync(sentences[i], cancellationToken);
        }
    }

    public async ValueTask EndAsync(CancellationToken cancellationToken)
    {
        foreach (var sentence in Sentences.Of(_rest.TrimEnd()))
        {
            await JudgeAsync(sentence, cancellationToken);
        }

        _rest = string.Empty;
    }

    public async ValueTask WithdrawAsync(CancellationToken cancellationToken)
    {
        _rest = string.Empty;
        _held.Clear();
        if (_shown.Length > 0)
        {
            _shown.Clear();
            await sink.WithdrawAsync(cancellationToken);
        }
    }

    private async ValueTask JudgeAsync(string sentence, CancellationToken cancellationToken)
    {
        if (sentence.Trim().Length == 0)
        {
            _held.Append(sentence);
            return;
        }

        if (gates.WhyNot(Tail(), sentence) is { } reason)
        {
            _bad++;
            _reasons.Add(reason);
            await ReplaceAsync(sentence, cancellationToken);
            return;
        }

        if (Heads().IsMatch(sentence))
        {
            // A heading that follows a heading heads nothing: it would be left alone by what was taken out.
            _held.Append(sentence);
            return;
        }

        _good++;
        _draft.Said(sentence);
        await ShowAsync(sentence, cancellationToken);
    }

    private async ValueTask ReplaceAsync(string sentence, CancellationToken cancellationToken)
    {
        var marker = Marker().Match(sentence).Value;
        if (_draft.TakeFor(sentence) is { } instead && !_shown.ToString().Contains(instead, StringComparison.Ordinal))
        {
            var plain = Marker().Replace(instead, string.Empty);
            await ShowAsync(marker + plain + Space().Match(sentence).Value, cancellationToken);
        }
        else if (sentence.EndsWith('\n') && (_shown.Length + _held.Length) > 0)
        {
            // The line break of a list item goes with it, that of a paragraph stays.
            _held.Append(marker.Length > 0 || EndsLine() ? string.Empty : Space().Match(sentence).Value);
        }
    }

    private bool EndsLine() => _held.Length > 0 ? _held[^1] == '\n' : _shown.Length > 0 && _shown[^1] == '\n';

    private async ValueTask ShowAsync(string sentence, CancellationToken cancellationToken)
    {
        var space = Space().Match(sentence).Value;
        var text = (_shown.Length == 0 ? _held.ToString().TrimStart() : _held.ToString()) + sentence[..^space.Length];
        _held.Clear().Append(space);
        text = _shown.Length == 0 ? text.TrimStart() : text;
        _shown.Append(text);
        await sink.TextAsync(text, cancellationToken);
    }

    // Far back nothing changes what a sentence may say.
    private string Tail()
    {
        const int enough = 900;
        var all = _shown.ToString() + _held;
        return all.Length <= enough ? all : all.IndexOf('\n', all.Length - enough) is >= 0 and var line ? all[(line + 1)..] : all[^enough..];
    }

    [GeneratedRegex(@"^\s*#|^\s*\|[\s:|-]+\|\s*$|:\s*$|^\s*\*\*[^*]+\*\*:?\s*$")]
    private static partial Regex Heads();

    [GeneratedRegex(@"^\s*(?:[-*+]|\d{1,2}[.)])\s+")]
    private static partial Regex Marker();

    [GeneratedRegex(@"\s*$")]
    private static partial Regex Space();
}
