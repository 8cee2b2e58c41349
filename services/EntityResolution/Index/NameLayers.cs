namespace Platform.EntityResolution.Index;

/// <summary>An entity of one of the layers.</summary>
internal readonly record struct LayeredEntity(NameIndex Index, int Entity)
{
    public string Id => Index.IdOf(Entity);

    /// <summary>The entity's own name, as written.</summary>
    public string Name => Index.NameOf(Entity);
}

/// <summary>
/// A large index with the few changes since it was built beside it, so that one renamed customer does not cost a rebuild:
/// what changed is hidden in the one and answered from the other. Other names of the entities are a third. Immutable.
/// </summary>
internal sealed class NameLayers
{
    // A small index rebuilds in less time than a comparison of both costs.
    private const int MostRecent = 2_000;
    private static readonly NameIndex None = new NameIndexBuilder().Build();

    private readonly NameIndex _main;
    private readonly NameIndex _recent;
    private readonly NameIndex _aliases;
    private readonly HashSet<int> _hidden;

    public NameLayers(NameIndex names)
        : this(names, None, None, [])
    {
    }

    private NameLayers(NameIndex main, NameIndex recent, NameIndex aliases, HashSet<int> hidden) => (_main, _recent, _aliases, _hidden) = (main, recent, aliases, hidden);

    public int Count => _main.Entities - _hidden.Count + _recent.Entities;

    public long Bytes => _main.Bytes + _recent.Bytes + _aliases.Bytes;

    /// <summary>The same names after some changed: those that are not among <paramref name="present"/> are gone.</summary>
    public NameLayers With(IEnumerable<(string Id, string Name)> present, IReadOnlySet<string> changed)
    {
        var hidden = new HashSet<int>(_hidden);
        foreach (var id in changed)
        {
            if (_main.FindId(id) is var entity && entity >= 0)
            {
                hidden.Add(entity);
            }
        }

        var unchanged = Enumerable.Range(0, _recent.Entities).Select(entity => (Id: _recent.IdOf(entity), Name: _recent.NameOf(entity))).Where(recent => !changed.Contains(recent.Id));
        var recent = unchanged.Concat(present).ToList();
        if (recent.Count + hidden.Count <= Math.Max(MostRecent, _main.Entities / 50) && _main.Entities > MostRecent)
        {
            return new NameLayers(_main, Build(recent), _aliases, hidden);
        }

        var kept = Enumerable.Range(0, _main.Entities).Where(entity => !hidden.Contains(entity)).Select(entity => (_main.IdOf(entity), _main.NameOf(entity)));
        return new NameLayers(Build(kept.Concat(recent)), None, _aliases, []);
    }

    /// <summary>The same names with these other names; their ids are those of entities, and those of none are never found.</summary>
    public NameLayers WithAliases(NameIndex aliases) => new(_main, _recent, aliases, _hidden);

    public LayeredEntity? FindId(string id)
    {
        if (_recent.FindId(id) is var recent && recent >= 0)
        {
            return new(_recent, recent);
        }

        return _main.FindId(id) is var entity && entity >= 0 && !_hidden.Contains(entity) ? new(_main, entity) : null;
    }

    public List<LayeredEntity> FindSpokenId(string key)
    {
        var (main, recent) = (new List<int>(), new List<int>());
        _main.FindSpokenId(key, main);
        _recent.FindSpokenId(key, recent);
        return Both(main, recent);
    }

    /// <summary>Entities with a name of that core, see <see cref="Names.NormalizedName.Core"/>.</summary>
    public List<LayeredEntity> FindCore(string core)
    {
        var found = new List<LayeredEntity>();
        Collect(_main);
        Collect(_recent);
        return found;

        void Collect(NameIndex index)
        {
            for (var row = index.FirstExact(core); row >= 0; row = index.NextExact(row, core))
            {
                AddOnce(found, index, index.Rows.EntityOf(row));
            }
        }
    }

    public List<LayeredEntity> FindInitials(string letters)
    {
        var (main, recent) = (new List<int>(), new List<int>());
        _main.FindInitials(letters, main, most: 50);
        _recent.FindInitials(letters, recent, most: 50);
        return Both([.. main.Select(_main.Rows.EntityOf)], [.. recent.Select(_recent.Rows.EntityOf)]);
    }

    public int LongestFrom(string word) => Math.Max(_main.LongestFrom(word), _recent.LongestFrom(word));

    public bool HasWord(string word) => _main.HasWord(word) || _recent.HasWord(word) || _aliases.HasWord(word);

    /// <summary>Entities with a name most like the words, likeliest first, each once.</summary>
    public List<LayeredMatch> FindLike(ReadOnlySpan<string> words, int limit)
    {
        var found = new List<LayeredMatch>(limit);
        Collect(_main, limit + Math.Min(_hidden.Count, 20), words, found);
        var main = found.Count;
        Collect(_recent, limit, words, found);
        Collect(_aliases, limit, words, found);
        if (_hidden.Count > 0 || found.Count > main)
        {
            LayeredMatch.Compete(found);
        }

        if (found.Count > limit)
        {
            found.RemoveRange(limit, found.Count - limit);
        }

        return found;
    }

    /// <summary>Names that complete what was typed, best first.</summary>
    public List<(LayeredEntity Entity, Completion Completion)> Complete(string typed, int limit)
    {
        var found = new List<(LayeredEntity Entity, Completion Completion)>();
        foreach (var index in _recent.Entities > 0 ? [_main, _recent] : (ReadOnlySpan<NameIndex>)[_main])
        {
            foreach (var completion in NameCompletion.Find(index, typed, limit + (index == _main ? Math.Min(_hidden.Count, 20) : 0)))
            {
                var entity = index.Rows.EntityOf(completion.Row);
                if (index == _recent || !_hidden.Contains(entity))
                {
                    found.Add((new(index, entity), completion));
                }
            }
        }

        return [.. found.OrderBy(f => f.Completion.Kind).ThenBy(f => f.Completion.NameLength).ThenBy(f => f.Entity.Name, StringComparer.OrdinalIgnoreCase).Take(limit)];
    }

    private static NameIndex Build(IEnumerable<(string Id, string Name)> names)
    {
        var builder = new NameIndexBuilder();
        foreach (var (id, name) in names)
        {
            builder.Add(id, name);
        }

        return builder.Build();
    }

    private void Collect(NameIndex index, int limit, ReadOnlySpan<string> words, List<LayeredMatch> found)
    {
        if (index.Entities == 0)
        {
            return;
        }

        foreach (var match in NameSearch.Find(index, words, limit))
        {
            var owner = index == _aliases ? FindId(index.IdOf(match.Entity)) : new LayeredEntity(index, match.Entity);
            if (owner is { } known && (known.Index == _recent || !_hidden.Contains(known.Entity)))
            {
                found.Add(new LayeredMatch(known, index, match));
            }
        }
    }

    private List<LayeredEntity> Both(List<int> main, List<int> recent)
    {
        var found = new List<LayeredEntity>();
        main.ForEach(entity => AddOnce(found, _main, entity));
        recent.ForEach(entity => AddOnce(found, _recent, entity));
        return found;
    }

    private void AddOnce(List<LayeredEntity> found, NameIndex index, int entity)
    {
        var layered = new LayeredEntity(index, entity);
        if ((index == _recent || !_hidden.Contains(entity)) && !found.Contains(layered))
        {
            found.Add(layered);
        }
    }
}
