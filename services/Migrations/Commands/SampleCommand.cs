using System.Globalization;
using Npgsql;
using Platform.Migrations.SampleData;
using Platform.Migrations.Schema;

namespace Platform.Migrations.Commands;

/// <param name="Today">Day that times count from; null: today in UTC.</param>
internal sealed record SampleRequest(string OrganizationId, long Seed, DateOnly? Today, bool Reset);

/// <summary>Generates the sample of an organization, once or anew.</summary>
internal sealed class SampleCommand(NpgsqlDataSource dataSource, SampleStore store, MigrationSettings settings, TimeProvider clock)
{
    public const string DefaultOrganization = "default";

    /// <summary>Day that the sample counts from: today in UTC.</summary>
    public DateOnly Today => DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);

    /// <returns>False when the organization has customers already, or its domain is made of views.</returns>
    public async Task<bool> GenerateWhenEmptyAsync(string organizationId, CancellationToken cancellationToken)
    {
        if (!await store.IsWritableAsync(cancellationToken) || !await store.IsEmptyAsync(organizationId, cancellationToken))
        {
            return false;
        }

        await store.LoadAsync(organizationId, SampleGenerator.Generate(SampleGenerator.DefaultSeed), Today, null, cancellationToken);
        return true;
    }

    /// <exception cref="MigrationException">The organization holds other data, or a sample that is not to be reset.</exception>
    public async Task RunAsync(SampleRequest request, TextWriter output, CancellationToken cancellationToken)
    {
        var organizationId = request.OrganizationId;
        await using var held = await MigrationLock.TakeAsync(dataSource, settings.LockTimeout, clock, cancellationToken);
        if (!await store.IsWritableAsync(cancellationToken))
        {
            throw new MigrationException("The domain schema is not made of tables of its own (views are read-only): there is no place for sample data.");
        }

        var present = await store.FindAsync(organizationId, cancellationToken);
        if (present is not null && !request.Reset)
        {
            throw new MigrationException(string.Create(
                CultureInfo.InvariantCulture,
                $"Organization '{organizationId}' holds a sample of {present.Day:yyyy-MM-dd} already. Use --reset to replace it by one that is relative to today."));
        }

        if (present is null && !await store.IsEmptyAsync(organizationId, cancellationToken))
        {
            throw new MigrationException(
                $"Organization '{organizationId}' holds customers that are not a sample. They are left alone: choose another --organization.");
        }

        var day = request.Today ?? Today;
        var sample = SampleGenerator.Generate(request.Seed);
        await store.LoadAsync(organizationId, sample, day, present, cancellationToken);
        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"Sample data for {day:yyyy-MM-dd}: {sample.Customers.Count} customers, {sample.Orders.Count} orders, {sample.Invoices.Count} invoices, {sample.Payments.Count} payments."));
    }
}
