namespace Platform.ModelGateway.Usage;

/// <summary>
/// The rows of the newest lines of the journal, so that what was just written need not be read again. Bounded: what is dropped here, or was
/// written by an instance before, is read from the file.
/// </summary>
internal sealed class JournalShipments
{
    private const int MostRows = 10_000;

    private readonly Lock _gate = new();
    private readonly Queue<Shipment> _written = new();
    private int _rows;

    /// <summary>Lines from one place of a segment to another are on the disk, and these rows are in them.</summary>
    internal void Add(int segment, long from, long to, IReadOnlyList<UsageRow> rows)
    {
        lock (_gate)
        {
            _written.Enqueue(new Shipment(segment, from, to, rows));
            _rows += rows.Count;
            while (_rows > MostRows)
            {
                Drop();
            }
        }
    }

    /// <summary>All rows from the place on that are known, and the place behind them; null when that place must be read from the file.</summary>
    internal (IReadOnlyList<UsageRow> Rows, long Next)? Take(int segment, long from)
    {
        lock (_gate)
        {
            while (_written.TryPeek(out var old) && (old.Segment < segment || (old.Segment == segment && old.From < from)))
            {
                Drop();
            }

            var (rows, next) = (new List<UsageRow>(), from);
            while (_written.TryPeek(out var shipment) && shipment.Segment == segment && shipment.From == next)
            {
                rows.AddRange(shipment.Rows);
                next = shipment.To;
                Drop();
            }

            return next > from ? (rows, next) : null;
        }
    }

    private void Drop() => _rows -= _written.Dequeue().Rows.Count;

    private sealed record Shipment(int Segment, long From, long To, IReadOnlyList<UsageRow> Rows);
}
