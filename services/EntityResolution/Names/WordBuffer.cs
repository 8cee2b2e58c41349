namespace Platform.EntityResolution.Names;

/// <summary>Characters of the word being read; reused, so that reading a name allocates nothing.</summary>
internal sealed class WordBuffer
{
    private char[] _characters = new char[64];

    public int Length { get; private set; }

    public ReadOnlySpan<char> Word => _characters.AsSpan(0, Length);

    public void Clear() => Length = 0;

    public void Append(char character)
    {
        if (Length == _characters.Length)
        {
            Array.Resize(ref _characters, Length * 2);
        }

        _characters[Length++] = character;
    }

    public void Append(ReadOnlySpan<char> characters)
    {
        foreach (var character in characters)
        {
            Append(character);
        }
    }
}
