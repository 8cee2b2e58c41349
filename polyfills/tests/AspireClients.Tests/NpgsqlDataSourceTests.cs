using System.Collections.Concurrent;
using System.Data.Common;
using System.Diagnostics;
using Aspire.Npgsql;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Npgsql;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Xunit;

namespace AspireClients.Tests;

public sealed class NpgsqlDataSourceTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static string Server => Environment.GetEnvironmentVariable("PLATFORM_TEST_POSTGRES")
        ?? "Host=127.0.0.1;Port=15432;Username=postgres;Database=postgres;Timeout=5";

    [Fact]
    public async Task AddNpgsqlDataSource_ServerThere_WorksAndIsHealthy()
    {
        await RequireServerAsync();
        using var host = Build(new() { ["ConnectionStrings:db"] = Server }, builder => builder.AddNpgsqlDataSource("db"));
        await host.StartAsync(Cancellation);

        await using var command = host.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand("SELECT 41 + 1");

        Assert.Equal(42, await command.ExecuteScalarAsync(Cancellation));
        Assert.Equal(HealthStatus.Healthy, await HealthAsync(host, "PostgreSql"));
        Assert.Same(host.Services.GetRequiredService<NpgsqlDataSource>(), host.Services.GetRequiredService<DbDataSource>());
        await using var connection = host.Services.GetRequiredService<NpgsqlConnection>();
        Assert.Equal(System.Data.ConnectionState.Closed, connection.State);
    }

    [Fact]
    public async Task AddNpgsqlDataSource_ServerAway_StartsAndIsUnhealthy()
    {
        using var host = Build(new() { ["ConnectionStrings:db"] = "Host=127.0.0.1;Port=1;Username=nobody;Timeout=2" }, builder => builder.AddNpgsqlDataSource("db"));

        await host.StartAsync(Cancellation);

        Assert.Equal(HealthStatus.Unhealthy, await HealthAsync(host, "PostgreSql"));
    }

    [Fact]
    public void AddNpgsqlDataSource_NoConnectionString_NamesTheKey()
    {
        using var host = Build([], builder => builder.AddNpgsqlDataSource("db"));

        var error = Assert.Throws<InvalidOperationException>(() => host.Services.GetRequiredService<NpgsqlDataSource>());

        Assert.Contains("ConnectionStrings:db", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AddNpgsqlDataSource_Settings_AreBoundFromBothSectionsAndSwitchThingsOff()
    {
        NpgsqlSettings? seen = null;
        using var host = Build(
            new()
            {
                ["Aspire:Npgsql:ConnectionString"] = "Host=general",
                ["Aspire:Npgsql:DisableTracing"] = "true",
                ["Aspire:Npgsql:DisableMetrics"] = "true",
                ["Aspire:Npgsql:db:DisableHealthChecks"] = "true",
                ["ConnectionStrings:db"] = "Host=named",
            },
            builder => builder.AddNpgsqlDataSource("db", settings => seen = settings));

        Assert.Equal("Host=named", seen?.ConnectionString);
        Assert.Null(host.Services.GetService<HealthCheckService>());
        Assert.Null(host.Services.GetService<TracerProvider>());
        Assert.Null(host.Services.GetService<MeterProvider>());
    }

    [Fact]
    public void AddKeyedNpgsqlDataSource_TwoSources_AreApartAndConfigured()
    {
        using var host = Build(
            new() { ["ConnectionStrings:one"] = "Host=one", ["ConnectionStrings:two"] = "Host=two" },
            builder =>
            {
                builder.AddKeyedNpgsqlDataSource("one");
                builder.AddKeyedNpgsqlDataSource("two", configureDataSourceBuilder: source => source.ConnectionStringBuilder.ApplicationName = "platform");
            });

        Assert.Equal("Host=one", host.Services.GetRequiredKeyedService<NpgsqlDataSource>("one").ConnectionString);
        Assert.Equal("Host=two;Application Name=platform", host.Services.GetRequiredKeyedService<NpgsqlDataSource>("two").ConnectionString);
        Assert.Null(host.Services.GetService<NpgsqlDataSource>());
    }

    [Fact]
    public async Task Telemetry_Command_IsTracedAndMeasured()
    {
        await RequireServerAsync();
        var spans = new ConcurrentQueue<Activity>();
        var metrics = new ConcurrentQueue<string>();
        using var host = Build(new() { ["ConnectionStrings:db"] = Server }, builder =>
        {
            builder.AddNpgsqlDataSource("db");
            builder.Services.AddOpenTelemetry()
                .WithTracing(tracing => tracing.AddProcessor(new Spans(spans)))
                .WithMetrics(provider => provider.AddReader(new BaseExportingMetricReader(new Names(metrics))));
        });
        await host.StartAsync(Cancellation);

        await using (var command = host.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand("SELECT 'aspire_telemetry'"))
        {
            await command.ExecuteScalarAsync(Cancellation);
        }

        host.Services.GetRequiredService<MeterProvider>().ForceFlush();
        Assert.Contains(spans, span => span.Source.Name == "Npgsql" && span.TagObjects.Any(tag => tag.Value is string text && text.Contains("aspire_telemetry", StringComparison.Ordinal)));
        Assert.Contains(metrics, name => name.StartsWith("db.client.", StringComparison.Ordinal));
    }

    private static async Task RequireServerAsync()
    {
        try
        {
            await using var connection = new NpgsqlConnection(Server);
            await connection.OpenAsync(Cancellation);
        }
        catch (NpgsqlException)
        {
            Assert.Skip("PostgreSQL is absent: set PLATFORM_TEST_POSTGRES to a connection string.");
        }
    }

    private static IHost Build(Dictionary<string, string?> configuration, Action<HostApplicationBuilder> configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(configuration);
        configure(builder);
        return builder.Build();
    }

    private static async Task<HealthStatus> HealthAsync(IHost host, string name)
        => (await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Cancellation)).Entries[name].Status;

    private sealed class Spans(ConcurrentQueue<Activity> spans) : BaseProcessor<Activity>
    {
        public override void OnEnd(Activity data) => spans.Enqueue(data);
    }

    private sealed class Names(ConcurrentQueue<string> names) : BaseExporter<Metric>
    {
        public override ExportResult Export(in Batch<Metric> batch)
        {
            foreach (var metric in batch)
            {
                names.Enqueue(metric.Name);
            }

            return ExportResult.Success;
        }
    }
}
