namespace Platform.Migrations;

/// <summary>Settings of the worker: section <c>migrations</c>.</summary>
internal sealed record MigrationSettings
{
    public const string Section = "migrations";

    /// <summary>Whether <c>migrate</c> fills an empty domain with sample data; null: only in the Development environment.</summary>
    public bool? SampleData { get; init; }

    /// <summary>How long to wait for another runner that holds the database's migration lock.</summary>
    public TimeSpan LockTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long to wait for a server that does not accept connections yet.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(30);
}
