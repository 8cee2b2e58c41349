using System.Collections.Frozen;
using System.Globalization;

namespace Platform.Caching.Changes;

/// <summary>
/// Which transactions are visible in a state of the data: PostgreSQL's <c>pg_snapshot</c>, written "xmin:xmax:running,…". All below xmin
/// have ended, none from xmax on had begun, and between them those that are listed were still running.
/// </summary>
public sealed class DataSnapshot
{
    private readonly long least;
    private readonly long next;
    private readonly FrozenSet<long> running;

    private DataSnapshot(string text, long least, long next, FrozenSet<long> running)
    {
        Text = text;
        this.least = least;
        this.next = next;
        this.running = running;
    }

    public string Text { get; }

    /// <exception cref="FormatException">This is no snapshot.</exception>
    public static DataSnapshot Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parts = text.Split(':');
        if (parts.Length != 3)
        {
            throw new FormatException("A snapshot has three parts");
        }

        var running = parts[2].Length == 0 ? [] : parts[2].Split(',').Select(Number).ToFrozenSet();
        return new DataSnapshot(text, Number(parts[0]), Number(parts[1]), running);
    }

    /// <summary>True when what the transaction changed is visible in the snapshot, or the transaction changed nothing.</summary>
    public bool Contains(long transaction) => transaction < least || (transaction < next && !running.Contains(transaction));

    /// <summary>At most so many characters; a longer one is replaced by one that contains less.</summary>
    public string Shortened(int characters) => Text.Length <= characters ? Text : string.Create(CultureInfo.InvariantCulture, $"{least}:{least}:");

    public override string ToString() => Text;

    private static long Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw new FormatException("A snapshot has numbers");
}
