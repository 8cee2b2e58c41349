using System.ComponentModel.DataAnnotations;

namespace Platform.Migrations;

/// <summary>Settings of the worker: section <c>migrations</c>.</summary>
internal sealed class MigrationSettings
{
    public const string Section = "migrations";

    /// <summary>Whether <c>migrate</c> fills an empty domain with sample data; null: only in the Development environment.</summary>
    public bool? SampleData { get; set; }

    /// <summary>How long to wait for another runner that holds the database's migration lock.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan LockTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long to wait for a server that does not accept connections yet.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(30);
}
