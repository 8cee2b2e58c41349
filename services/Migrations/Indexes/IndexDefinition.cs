namespace Platform.Migrations.Indexes;

/// <summary>An index that the services rely on.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Schema">Schema of its table.</param>
/// <param name="Table">Name of its table.</param>
/// <param name="On">What follows the table's name, in the words of PostgreSQL's <c>pg_get_indexdef</c>, from <c>USING</c> on.</param>
/// <param name="Serves">The query that is slow without it.</param>
internal sealed record IndexDefinition(string Name, string Schema, string Table, string On, string Serves)
{
    /// <summary>The statement that builds it without locking out writers. It cannot run in a transaction.</summary>
    public string CreateStatement => $"CREATE INDEX CONCURRENTLY {Name} ON {Schema}.{Table} {On}";

    /// <summary>What <c>pg_get_indexdef</c> says of an index that is as it should be.</summary>
    public string CatalogDefinition => $"CREATE INDEX {Name} ON {Schema}.{Table} {On}";
}
