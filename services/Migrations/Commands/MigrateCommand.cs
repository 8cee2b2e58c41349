using Npgsql;
using Platform.Migrations.ChangeEvents;
using Platform.Migrations.Indexes;
using Platform.Migrations.Schema;

namespace Platform.Migrations.Commands;

/// <summary>Brings a database to the state that the services expect.</summary>
internal sealed class MigrateCommand(
    NpgsqlDataSource dataSource, SchemaRunner schema, Extensions extensions, SampleCommand sample, IndexBuilder indexes,
    ChangeTriggers triggers, MigrationSettings settings, TimeProvider clock)
{
    public async Task RunAsync(bool withSample, TextWriter output, CancellationToken cancellationToken)
    {
        await using var held = await MigrationLock.TakeAsync(dataSource, settings.LockTimeout, clock, cancellationToken);
        var applied = await schema.ApplyAsync(SchemaFile.Embedded(), cancellationToken);
        await extensions.EnsureAsync(IndexCatalog.Extensions, cancellationToken);

        // Rows before indexes and triggers: both are cheaper to add than to maintain during the load.
        var loaded = withSample && await sample.GenerateWhenEmptyAsync(SampleCommand.DefaultOrganization, cancellationToken);
        var built = await indexes.BuildAsync(IndexCatalog.All, cancellationToken);
        var created = await triggers.EnsureAsync(cancellationToken);
        await output.WriteLineAsync(
            $"Database is up to date: {applied.Count} schema files applied, {built.Count} indexes built, {created} triggers created, sample data {(loaded ? "generated" : "unchanged")}.");
    }
}
