using System.Diagnostics;
using Npgsql;
using NpgsqlTypes;
using Platform.EntityResolution.Index;

namespace Platform.Benchmarks.EntityResolution;

/// <summary>The best name that was found, how sure the finder is, and how long it took.</summary>
internal readonly record struct FoundName(string? Id, double Score, double Microseconds);

/// <summary>A way to find the name of a registry that a text means.</summary>
internal interface INameMatcher : IAsyncDisposable
{
    string Name { get; }

    Task LoadAsync(IReadOnlyList<NamedEntity> entities, CancellationToken cancellationToken);

    Task<FoundName> FindAsync(string text, CancellationToken cancellationToken);
}

/// <summary>The index of the product.</summary>
internal sealed class IndexMatcher : INameMatcher
{
    private NameIndex _index = new NameIndexBuilder().Build();

    public string Name => "Platform";

    public NameIndex Index => _index;

    public Task LoadAsync(IReadOnlyList<NamedEntity> entities, CancellationToken cancellationToken)
    {
        var builder = new NameIndexBuilder();
        foreach (var entity in entities)
        {
            builder.Add(entity.Id, entity.Name);
        }

        _index = builder.Build();
        return Task.CompletedTask;
    }

    public Task<FoundName> FindAsync(string text, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var found = NameSearch.Find(_index, text, 5);
        var took = Stopwatch.GetElapsedTime(started).TotalMicroseconds;
        return Task.FromResult(found.Count == 0 ? new FoundName(null, 0, took) : new FoundName(_index.IdOf(found[0].Entity), found[0].Probability, took));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>PostgreSQL's trigram index; likeness of the whole text, as its manual shows.</summary>
/// <param name="database">An empty database.</param>
/// <param name="threshold">pg_trgm.similarity_threshold; 0.3 is PostgreSQL's default.</param>
internal sealed class TrigramMatcher(NpgsqlDataSource database, double threshold) : INameMatcher
{
    private NpgsqlConnection? _connection;
    private NpgsqlCommand? _command;

    public string Name => "pg_trgm";

    public async Task LoadAsync(IReadOnlyList<NamedEntity> entities, CancellationToken cancellationToken)
    {
        _connection ??= await database.OpenConnectionAsync(cancellationToken);
        await ExecuteAsync("CREATE EXTENSION IF NOT EXISTS pg_trgm; DROP TABLE IF EXISTS names; CREATE TABLE names (id text NOT NULL, name text NOT NULL)", cancellationToken);
        await using (var import = await _connection.BeginBinaryImportAsync("COPY names FROM STDIN (FORMAT BINARY)", cancellationToken))
        {
            foreach (var entity in entities)
            {
                await import.StartRowAsync(cancellationToken);
                await import.WriteAsync(entity.Id, NpgsqlDbType.Text, cancellationToken);
                await import.WriteAsync(entity.Name, NpgsqlDbType.Text, cancellationToken);
            }

            await import.CompleteAsync(cancellationToken);
        }

        await ExecuteAsync(FormattableString.Invariant($"CREATE INDEX ON names USING gin (name gin_trgm_ops); ANALYZE names; SET pg_trgm.similarity_threshold = {threshold}"), cancellationToken);
        _command = new NpgsqlCommand("SELECT id, similarity(name, $1) FROM names WHERE name % $1 ORDER BY 2 DESC, name LIMIT 5", _connection) { CommandTimeout = 120 };
        _command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Text, Value = "" });
        await _command.PrepareAsync(cancellationToken);
    }

    public async Task<FoundName> FindAsync(string text, CancellationToken cancellationToken)
    {
        _command!.Parameters[0].Value = text;
        var started = Stopwatch.GetTimestamp();
        await using var reader = await _command.ExecuteReaderAsync(cancellationToken);
        var found = await reader.ReadAsync(cancellationToken) ? (Id: reader.GetString(0), Score: reader.GetFloat(1)) : default;
        while (await reader.ReadAsync(cancellationToken))
        {
        }

        return new FoundName(found.Id, found.Score, Stopwatch.GetElapsedTime(started).TotalMicroseconds);
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is not null)
        {
            await _connection.DisposeAsync();
        }
    }

    private async Task ExecuteAsync(string statements, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(statements, _connection) { CommandTimeout = 240 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}

/// <summary>FuzzySharp with its defaults: the weighted ratio over every name.</summary>
internal sealed class FuzzySharpMatcher : INameMatcher
{
    private IReadOnlyList<NamedEntity> _entities = [];
    private string[] _names = [];

    public string Name => "FuzzySharp";

    public Task LoadAsync(IReadOnlyList<NamedEntity> entities, CancellationToken cancellationToken)
    {
        (_entities, _names) = (entities, [.. entities.Select(e => e.Name)]);
        return Task.CompletedTask;
    }

    public Task<FoundName> FindAsync(string text, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var found = FuzzySharp.Process.ExtractOne(text, _names);
        return Task.FromResult(new FoundName(found is null ? null : _entities[found.Index].Id, (found?.Score ?? 0) / 100.0, Stopwatch.GetElapsedTime(started).TotalMicroseconds));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
