using System.Text;

namespace Platform.EntityResolution.Index;

/// <summary>Many short texts in one array of UTF-8, each found by its number.</summary>
internal sealed class TextPool
{
    private byte[] _bytes = new byte[1024];
    private int[] _start = new int[64];

    public int Count { get; private set; }

    public long Bytes => _bytes.Length + 4L * _start.Length;

    public void Add(string text)
    {
        if (Count + 2 > _start.Length)
        {
            Array.Resize(ref _start, _start.Length * 2);
        }

        var start = _start[Count];
        var most = Encoding.UTF8.GetMaxByteCount(text.Length);
        if (start + most > _bytes.Length)
        {
            Array.Resize(ref _bytes, (int)Math.Min(Array.MaxLength, Math.Max(_bytes.Length * 2L, (long)start + most)));
        }

        _start[++Count] = start + Encoding.UTF8.GetBytes(text, _bytes.AsSpan(start));
    }

    public ReadOnlySpan<byte> this[int index] => _bytes.AsSpan(_start[index].._start[index + 1]);

    public string Text(int index) => Encoding.UTF8.GetString(this[index]);

    public int LengthOf(int index) => _start[index + 1] - _start[index];

    public void Trim()
    {
        Array.Resize(ref _bytes, Count == 0 ? 0 : _start[Count]);
        Array.Resize(ref _start, Count + 1);
    }
}
