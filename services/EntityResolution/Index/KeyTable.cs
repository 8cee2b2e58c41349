using System.Numerics;

namespace Platform.EntityResolution.Index;

/// <summary>Rows by the hash of a key. What it gives is to be verified against the row; equal hashes are possible.</summary>
internal sealed class KeyTable
{
    private readonly int[] _heads;
    private readonly Entry[] _entries;

    /// <param name="capacity">Rows that may be added, numbered from 0.</param>
    public KeyTable(int capacity)
    {
        _heads = new int[BitOperations.RoundUpToPowerOf2((uint)Math.Max(8, capacity))];
        _entries = new Entry[capacity];
    }

    public long Bytes => 4L * _heads.Length + 8L * _entries.Length;

    public void Add(int row, uint hash)
    {
        ref var head = ref _heads[hash & (uint)(_heads.Length - 1)];
        _entries[row] = new Entry(hash, head);
        head = row + 1;
    }

    /// <summary>The last row added with that hash; -1 when there is none.</summary>
    public int First(uint hash) => Skip(_heads[hash & (uint)(_heads.Length - 1)], hash);

    /// <summary>The row of the same hash added before; -1 when there is none.</summary>
    public int Next(int row) => Skip(_entries[row].Next, _entries[row].Hash);

    private int Skip(int link, uint hash)
    {
        while (link > 0 && _entries[link - 1].Hash != hash)
        {
            link = _entries[link - 1].Next;
        }

        return link - 1;
    }

    private readonly record struct Entry(uint Hash, int Next);
}
