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
/// what changed is hidden in the one and answered from the other. Immutable.
/// </summary>
internal sealed class NameLayers
{
    // A small index rebuilds in less time than a comparison of both costs.
    private const int MostRecent = 2_000;
    private static readonly NameIndex None = new NameIndexBuilder().Build();

    private readonly NameIndex _main;
    private readonly NameIndex _recent;
    private readonly HashSet<int> _hidden;

    public NameLayers(NameIndex names)
        : this(names, None, [])
    {
    }

    private NameLayers(NameIndex main, NameIndex recent, HashSet<int> hidden) => (_main, _recent, _hidden) = (main, recent, hidden);

    public int Count => _main.Entities - _hidden.Count + _recent.Entities;

    public long Bytes => _main.Bytes + _recent.Bytes;

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
            return new NameLayers(_main, Build(recent), hidden);
        }

        var kept = Enumerable.Range(0, _main.Entities).Where(entity => !hidden.Contains(entity)).Select(entity => (_main.IdOf(entity), _main.NameOf(entity)));
        return new NameLayers(Build(kept.Concat(recent)));
    }

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

    public bool HasWord(string word) => _main.HasWord(word) || _recent.HasWord(word);

    public double WeightOf(string word) => _main.WeightOf(word);

    /// <summary>Names most like the words, likeliest first, with what agreed and what was forgiven.</summary>
    public List<(LayeredEntity Entity, NameMatch Match, IReadOnlyList<string> Explanation)> FindLike(ReadOnlySpan<string> words, int limit)
    {
        var matches = NameSearch.Find(_main, words, limit + Math.Min(_hidden.Count, 20));
        var recentFrom = matches.Count;
        var layers = new List<(LayeredEntity, NameMatch)>(limit);
        if (_recent.Entities > 0)
        {
            matches.AddRange(NameSearch.Find(_recent, words, limit));
        }

        for (var i = 0; i < matches.Count; i++)
        {
            var index = i < recentFrom ? _main : _recent;
            if (index == _recent || !_hidden.Contains(matches[i].Entity))
            {
                layers.Add((new(index, matches[i].Entity), matches[i]));
            }
        }

        if (layers.Count < recentFrom || _recent.Entities > 0)
        {
            Compete(layers);
        }

        var found = new List<(LayeredEntity, NameMatch, IReadOnlyList<string>)>(Math.Min(limit, layers.Count));
        foreach (var (entity, match) in layers)
        {
            if (found.Count < limit)
            {
                found.Add((entity, match, NameSearch.Explain(entity.Index, words, match)));
            }
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

    private static void Compete(List<(LayeredEntity Entity, NameMatch Match)> layers)
    {
        layers.Sort((a, b) => b.Match.LogOdds.CompareTo(a.Match.LogOdds));
        var all = 1 + layers.Sum(l => Math.Exp(l.Match.LogOdds));
        for (var i = 0; i < layers.Count; i++)
        {
            layers[i] = layers[i] with { Match = layers[i].Match with { Probability = (float)(Math.Exp(layers[i].Match.LogOdds) / all) } };
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
