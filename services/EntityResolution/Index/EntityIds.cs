using System.Text;
using Platform.EntityResolution.Names;

namespace Platform.EntityResolution.Index;

/// <summary>The ids of all entities: as written, in any case, and as people say them.</summary>
internal sealed class EntityIds
{
    private readonly TextPool _ids;
    private readonly KeyTable _byId;
    private readonly KeyTable? _bySpokenId;

    public EntityIds(TextPool ids)
    {
        _ids = ids;
        _byId = new KeyTable(ids.Count);
        // Later entities come first out of a table: adding backwards keeps the order of the registry.
        for (var entity = ids.Count - 1; entity >= 0; entity--)
        {
            _byId.Add(entity, IdHash(ids.Text(entity)));
            if (IsSpoken(ids[entity]))
            {
                (_bySpokenId ??= new KeyTable(ids.Count)).Add(entity, TextHash.Of(NameText.Normalize(ids.Text(entity)).Key));
            }
        }
    }

    public int Count => _ids.Count;

    public long Bytes => _ids.Bytes + _byId.Bytes + (_bySpokenId?.Bytes ?? 0);

    public string Of(int entity) => _ids.Text(entity);

    /// <summary>The entity of that id, in any case; -1 when there is none.</summary>
    public int Find(string id)
    {
        for (var entity = _byId.First(IdHash(id)); entity >= 0; entity = _byId.Next(entity))
        {
            if (string.Equals(_ids.Text(entity), id, StringComparison.OrdinalIgnoreCase))
            {
                return entity;
            }
        }

        return -1;
    }

    /// <summary>Entities whose id reads as the words of the key, as "c 13" for "C-13". Only ids that cannot be mistaken for a word or number.</summary>
    public void FindSpoken(string key, List<int> entities)
    {
        if (_bySpokenId is null)
        {
            return;
        }

        for (var entity = _bySpokenId.First(TextHash.Of(key)); entity >= 0; entity = _bySpokenId.Next(entity))
        {
            if (NameText.Normalize(_ids.Text(entity)).Key == key)
            {
                entities.Add(entity);
            }
        }
    }

    private static uint IdHash(string id)
    {
        Span<char> upper = stackalloc char[128];
        return TextHash.Of(id.Length <= upper.Length ? upper[..Math.Max(0, id.AsSpan().ToUpperInvariant(upper))] : id.ToUpperInvariant());
    }

    private static bool IsSpoken(ReadOnlySpan<byte> id)
    {
        var (letters, digits, apart) = (false, false, false);
        foreach (var character in Encoding.UTF8.GetString(id))
        {
            letters |= char.IsLetter(character);
            digits |= char.IsDigit(character);
            apart |= !char.IsLetterOrDigit(character);
        }

        return letters && (digits || apart);
    }
}
