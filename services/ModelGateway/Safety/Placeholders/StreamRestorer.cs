using System.Text;

namespace Platform.ModelGateway.Safety.Placeholders;

/// <summary>Puts values back into text that comes in pieces, wherever the pieces are cut: what may be the beginning of a placeholder waits for the rest.</summary>
internal sealed class StreamRestorer(PlaceholderSet placeholders)
{
    private readonly StringBuilder _held = new();

    /// <summary>What can be passed on after this piece.</summary>
    internal string Push(string piece)
    {
        if (placeholders.Count == 0)
        {
            return piece;
        }

        _held.Append(piece);
        var text = _held.ToString();
        var done = new StringBuilder(text.Length);
        var kept = Restore(text, done, isLast: false);
        _held.Clear().Append(text, kept, text.Length - kept);
        return done.ToString();
    }

    /// <summary>The rest, once there is nothing more to come.</summary>
    internal string Finish()
    {
        var text = _held.ToString();
        _held.Clear();
        var done = new StringBuilder(text.Length);
        Restore(text, done, isLast: true);
        return done.ToString();
    }

    internal static string Restore(PlaceholderSet placeholders, string text)
    {
        if (placeholders.Count == 0 || !text.Contains(PlaceholderSet.Prefix, StringComparison.OrdinalIgnoreCase))
        {
            return text;
        }

        var restorer = new StreamRestorer(placeholders);
        return restorer.Push(text) + restorer.Finish();
    }

    /// <summary>The place from which the text must wait.</summary>
    private int Restore(string text, StringBuilder done, bool isLast)
    {
        var position = 0;
        while (position < text.Length)
        {
            var next = text.AsSpan(position).IndexOfAny('P', 'p');
            if (next < 0)
            {
                break;
            }

            done.Append(text, position, next);
            position += next;
            var rest = text.AsSpan(position);
            if (placeholders.Match(rest) is { } found)
            {
                done.Append(found.Value);
                position += found.Length;
            }
            else if (!isLast && placeholders.MayBegin(rest))
            {
                return position;
            }
            else
            {
                done.Append(text[position++]);
            }
        }

        done.Append(text, position, text.Length - position);
        return text.Length;
    }
}
