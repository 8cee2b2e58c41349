using System.Net;
using System.Net.Sockets;
using Aspire.Dashboard.Access;
using Aspire.Dashboard.Api;
using Aspire.Dashboard.Ingestion;
using Aspire.Dashboard.Resources;
using Aspire.Dashboard.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Aspire.Dashboard;

/// <summary>Ports and limits; a port of 0 means any free one.</summary>
internal sealed record DashboardSettings(TelemetryLimits Limits)
{
    public int PagePort { get; init; }

    public int OtlpGrpcPort { get; init; }

    public int OtlpHttpPort { get; init; }

    /// <summary>Key of exporters; a new one when null.</summary>
    public string? OtlpApiKey { get; init; }
}

/// <summary>The dashboard: its page, and the receivers of OTLP over gRPC and HTTP. All of it listens on loopback only.</summary>
internal sealed class DashboardApplication : IAsyncDisposable
{
    private const int MostAttempts = 5;
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(1);

    private readonly WebApplication application;
    private readonly DashboardAccess access;

    private DashboardApplication(WebApplication application, DashboardAccess access, int[] ports)
    {
        this.application = application;
        this.access = access;
        (PagePort, OtlpGrpcPort, OtlpHttpPort) = (ports[0], ports[1], ports[2]);
    }

    public int PagePort { get; }

    public int OtlpGrpcPort { get; }

    public int OtlpHttpPort { get; }

    public string OtlpApiKey => access.OtlpApiKey;

    public string LoginUrl => $"http://localhost:{PagePort}/login?t={access.LoginToken}";

    public TelemetryStore Store => application.Services.GetRequiredService<TelemetryStore>();

    /// <summary>Starts it; a port that somebody else has is replaced by a free one.</summary>
    public static async Task<DashboardApplication> StartAsync(
        DashboardSettings settings, IResourceBoard board, TimeProvider time, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await StartOnceAsync(settings, board, time, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception) when (IsPortTaken(exception) && attempt < MostAttempts)
            {
                // Another copy took a port between the look at it and now.
            }
        }
    }

    private static async Task<DashboardApplication> StartOnceAsync(
        DashboardSettings settings, IResourceBoard board, TimeProvider time, CancellationToken cancellationToken)
    {
        var access = settings.OtlpApiKey is { } key ? new DashboardAccess { OtlpApiKey = key } : new DashboardAccess();
        // An empty builder: no configuration files to watch, no providers of logs.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 64 * 1024 * 1024;
            foreach (var (port, protocols) in new[] { (settings.PagePort, HttpProtocols.Http1), (settings.OtlpGrpcPort, HttpProtocols.Http2), (settings.OtlpHttpPort, HttpProtocols.Http1) })
            {
                kestrel.Listen(IPAddress.Loopback, FreePort(port), options => options.Protocols = protocols);
            }
        });
        builder.Services.AddRouting();
        builder.Services.AddGrpc();
        builder.Services.TryAddSingleton(time);
        builder.Services.AddSingleton(board);
        builder.Services.AddSingleton(new TelemetryStore(settings.Limits, time));
        builder.Services.AddSingleton<TelemetryReader>();
        builder.Services.AddSingleton<HealthReader>();
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals);
        builder.Services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.None));

        var application = builder.Build();
        application.Use(next => context => access.CheckAsync(context, next));
        application.UseRouting();
        application.MapGrpcService<OtlpTraceGrpcService>();
        application.MapGrpcService<OtlpLogsGrpcService>();
        application.MapGrpcService<OtlpMetricsGrpcService>();
        application.MapOtlpHttp();
        application.MapSession(access);
        application.MapResources();
        application.MapTelemetry();
        application.MapPage();
        try
        {
            await application.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await application.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        var ports = application.Urls.Select(url => new Uri(url).Port).ToArray();
        access.PagePort = ports[0];
        return new DashboardApplication(application, access, ports);
    }

    /// <summary>
    /// Two that bind a port before either listens both succeed, and the second to listen is refused: Kestrel tells the first case as an exception of
    /// its own, and passes the second on as it is.
    /// </summary>
    internal static bool IsPortTaken(Exception exception) =>
        exception is IOException { InnerException: AddressInUseException } or SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse };

    /// <summary>The wanted port, or 0 (any) when somebody listens there.</summary>
    private static int FreePort(int wanted)
    {
        if (wanted == 0)
        {
            return 0;
        }

        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            probe.Bind(new IPEndPoint(IPAddress.Loopback, wanted));
            return wanted;
        }
        catch (SocketException)
        {
            return 0;
        }
    }

    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(StopLimit);
        await application.StopAsync(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await application.DisposeAsync().ConfigureAwait(false);
    }
}
