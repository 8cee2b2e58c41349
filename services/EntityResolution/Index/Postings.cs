namespace Platform.EntityResolution.Index;

/// <summary>For each word the rows that hold it, ascending, as differences of one to five bytes.</summary>
internal sealed class Postings
{
    private readonly byte[] _bytes;
    private readonly int[] _start;

    /// <param name="rowWords">Words of all rows, one row after the other.</param>
    /// <param name="rowStart">Where each row's words begin, and the end.</param>
    /// <param name="words">Distinct words.</param>
    public Postings(int[] rowWords, int[] rowStart, int words)
    {
        _start = new int[words + 1];
        var last = new int[words];
        Array.Fill(last, -1);
        ForEach(rowWords, rowStart, last, (word, difference) => _start[word + 1] += Size(difference));
        for (var word = 0; word < words; word++)
        {
            _start[word + 1] += _start[word];
        }

        _bytes = new byte[_start[words]];
        Array.Fill(last, -1);
        var at = _start.AsSpan(0, words).ToArray();
        ForEach(rowWords, rowStart, last, (word, difference) =>
        {
            while (difference >= 0x80)
            {
                _bytes[at[word]++] = (byte)(difference | 0x80);
                difference >>= 7;
            }

            _bytes[at[word]++] = (byte)difference;
        });
    }

    public long Bytes => _bytes.Length + 4L * _start.Length;

    public Reader Read(int word) => new(_bytes.AsSpan(_start[word].._start[word + 1]));

    private static void ForEach(int[] rowWords, int[] rowStart, int[] last, Action<int, uint> found)
    {
        for (var row = 0; row < rowStart.Length - 1; row++)
        {
            for (var i = rowStart[row]; i < rowStart[row + 1]; i++)
            {
                var word = rowWords[i];
                // A word that a row holds twice counts once.
                if (last[word] != row)
                {
                    found(word, (uint)(row - last[word]));
                    last[word] = row;
                }
            }
        }
    }

    private static int Size(uint difference) => difference < 1u << 7 ? 1 : difference < 1u << 14 ? 2 : difference < 1u << 21 ? 3 : difference < 1u << 28 ? 4 : 5;

    /// <summary>Goes through the rows of a word.</summary>
    public ref struct Reader(ReadOnlySpan<byte> bytes)
    {
        private readonly ReadOnlySpan<byte> _bytes = bytes;
        private int _at;

        public int Row { get; private set; } = -1;

        public bool Next()
        {
            if (_at == _bytes.Length)
            {
                return false;
            }

            var (difference, shift) = (0u, 0);
            byte part;
            do
            {
                part = _bytes[_at++];
                difference |= (uint)(part & 0x7F) << shift;
                shift += 7;
            }
            while (part >= 0x80);

            Row += (int)difference;
            return true;
        }
    }
}
