using System.Runtime.InteropServices;
using System.Text;

namespace Platform.PatternAnalysis.Histories.Bulk;

/// <summary>Many short texts in one block of bytes, numbered as they are added.</summary>
internal sealed class Texts
{
    private readonly List<int> ends = [];
    private byte[] bytes = new byte[1024];

    public int Count => ends.Count;

    public void Add(ReadOnlySpan<byte> text)
    {
        var start = ends.Count == 0 ? 0 : ends[^1];
        var end = checked(start + text.Length);
        if (end > bytes.Length)
        {
            Array.Resize(ref bytes, (int)Math.Max(end, Math.Min(Array.MaxLength, 2L * bytes.Length)));
        }

        text.CopyTo(bytes.AsSpan(start));
        ends.Add(end);
    }

    public ReadOnlySpan<byte> this[int index]
    {
        get
        {
            var at = CollectionsMarshal.AsSpan(ends);
            var start = index == 0 ? 0 : at[index - 1];
            return bytes.AsSpan(start, at[index] - start);
        }
    }

    public string ToString(int index) => Encoding.UTF8.GetString(this[index]);
}
