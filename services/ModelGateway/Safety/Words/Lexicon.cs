using System.Globalization;
using System.Text;

namespace Platform.ModelGateway.Safety.Words;

/// <summary>What the word lists say of a word.</summary>
[Flags]
internal enum WordKinds : ushort
{
    None = 0,
    GivenName = 1,
    Surname = 2,
    City = 4,
    Country = 8,
    English = 16,
    Nationality = 32,
    PersonTitle = 64,
    StreetWord = 128,
    LegalForm = 256,
    Calendar = 512,
    Particle = 1024,
    JobWord = 2048,
    UnitWord = 4096,
}

/// <summary>
/// The word lists as one table of 64-bit hashes whose lowest bits, which the place in the table tells, hold the kinds: a look-up is mostly one
/// access to memory. Case and marks do not count; two words with the same hash would only share their kinds.
/// </summary>
internal sealed class Lexicon
{
    internal const ulong Seed = 14695981039346656037;
    private const ulong Prime = 1099511628211;
    private const int FoldedRange = 0x250;
    private static readonly (char First, char Second)[] Folds = BuildFolds();
    private static readonly Lazy<Lexicon> Shared = new(Load);

    private const ulong KindBits = 0xFFFF;

    private readonly ulong[] _slots;
    private readonly int _mask;

    private Lexicon(Dictionary<ulong, WordKinds> words)
    {
        var size = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)words.Count * 2);
        (_slots, _mask) = (new ulong[size], size - 1);
        foreach (var (hash, kinds) in words)
        {
            var slot = (int)hash & _mask;
            while (_slots[slot] != 0)
            {
                slot = (slot + 1) & _mask;
            }

            _slots[slot] = (hash & ~KindBits) | (ulong)kinds;
        }
    }

    internal static Lexicon Instance => Shared.Value;

    internal WordKinds Find(ulong hash)
    {
        for (var slot = (int)hash & _mask; _slots[slot] is not 0 and var found; slot = (slot + 1) & _mask)
        {
            if (((found ^ hash) & ~KindBits) == 0)
            {
                return (WordKinds)(found & KindBits);
            }
        }

        return WordKinds.None;
    }

    internal WordKinds Find(ReadOnlySpan<char> word) => Find(Hash(word));

    /// <summary>FNV-1a over the folded word; several words are hashed one after the other with a space between.</summary>
    internal static ulong Hash(ReadOnlySpan<char> word, ulong hash = Seed)
    {
        foreach (var character in word)
        {
            if (character < 'a')
            {
                hash = (hash ^ (char)(character is >= 'A' and <= 'Z' ? character + 32 : character)) * Prime;
            }
            else if (character <= 'z')
            {
                hash = (hash ^ character) * Prime;
            }
            else
            {
                var (first, second) = character < FoldedRange ? Folds[character] : (char.ToLowerInvariant(character), '\0');
                hash = (hash ^ first) * Prime;
                hash = second == '\0' ? hash : (hash ^ second) * Prime;
            }
        }

        return hash;
    }

    /// <summary>One more character, as <see cref="Hash(ReadOnlySpan{char}, ulong)"/> takes it once folded.</summary>
    internal static ulong Hash(char folded, ulong hash) => (hash ^ folded) * Prime;

    private static Lexicon Load()
    {
        var words = new Dictionary<ulong, WordKinds>(160_000);
        Read(words, "given-names.txt", WordKinds.GivenName);
        Read(words, "surnames.txt", WordKinds.Surname);
        Read(words, "cities.txt", WordKinds.City);
        Read(words, "countries.txt", WordKinds.Country);
        Read(words, "english-words.txt", WordKinds.English);
        foreach (var (kind, list) in Vocabulary.All)
        {
            foreach (var word in list)
            {
                Add(words, word, kind);
            }
        }

        return new Lexicon(words);
    }

    private static void Read(Dictionary<ulong, WordKinds> words, string name, WordKinds kind)
    {
        using var stream = typeof(Lexicon).Assembly.GetManifestResourceStream($"Words/{name}")
            ?? throw new InvalidOperationException($"The resource {name} is missing.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        while (reader.ReadLine() is { } line)
        {
            Add(words, line, kind);
        }
    }

    private static void Add(Dictionary<ulong, WordKinds> words, string word, WordKinds kind)
    {
        var hash = Hash(word);
        words[hash] = words.GetValueOrDefault(hash) | kind;
    }

    private static (char, char)[] BuildFolds()
    {
        var folds = new (char, char)[FoldedRange];
        for (var code = 0; code < FoldedRange; code++)
        {
            var character = (char)code;
            folds[code] = char.ToLowerInvariant(character) switch
            {
                'ø' => ('o', '\0'),
                'ł' => ('l', '\0'),
                'đ' or 'ð' => ('d', '\0'),
                'þ' => ('t', 'h'),
                'æ' => ('a', 'e'),
                'œ' => ('o', 'e'),
                'ß' => ('s', 's'),
                'ı' => ('i', '\0'),
                var lower => (lower.ToString().Normalize(NormalizationForm.FormD).FirstOrDefault(part => CharUnicodeInfo.GetUnicodeCategory(part) != UnicodeCategory.NonSpacingMark, lower), '\0'),
            };
        }

        return folds;
    }
}
