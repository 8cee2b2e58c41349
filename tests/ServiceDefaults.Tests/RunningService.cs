using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Platform.ServiceDefaults.Tests;

/// <summary>A real service on Kestrel, with an HTTP/1 endpoint and a gRPC endpoint on free ports.</summary>
internal sealed class RunningService : IAsyncDisposable
{
    private readonly WebApplication _app;

    private RunningService(WebApplication app, CapturedLogs logs)
    {
        (_app, Logs) = (app, logs);
        var addresses = app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.ToArray();
        (GrpcAddress, HttpAddress) = (new Uri(addresses[0]), new Uri(addresses[1]));
        Http = new HttpClient { BaseAddress = HttpAddress, Timeout = TimeSpan.FromSeconds(20) };
    }

    internal Uri GrpcAddress { get; }

    internal Uri HttpAddress { get; }

    internal HttpClient Http { get; }

    internal IServiceProvider Services => _app.Services;

    internal CapturedLogs Logs { get; }

    internal static WebApplicationBuilder Builder(ConfigurationFolder configuration, params IEnumerable<(string Key, string? Value)> settings)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Testing", ApplicationName = "ServiceDefaults.Tests" });
        builder.Configuration.AddInMemoryCollection(settings.Append(("PLATFORM_CONFIG", configuration.Location))
            .Append(("Kestrel:Endpoints:grpc:Url", "http://127.0.0.1:0"))
            .Append(("Kestrel:Endpoints:grpc:Protocols", "Http2"))
            .Append(("Kestrel:Endpoints:http:Url", "http://127.0.0.1:0"))
            .Append(("Kestrel:Endpoints:http:Protocols", "Http1"))
            .Select(setting => KeyValuePair.Create(setting.Item1, setting.Item2)));
        return builder;
    }

    internal static async Task<RunningService> StartAsync(
        WebApplicationBuilder builder, Action<WebApplication>? map = null, CancellationToken cancellationToken = default)
    {
        builder.AddServiceDefaults();
        var logs = new CapturedLogs();
        builder.Logging.AddProvider(logs);
        var app = builder.Build();
        app.MapDefaultEndpoints();
        map?.Invoke(app);
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }

        return new RunningService(app, logs);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
    }
}

/// <summary>Keeps what is logged.</summary>
internal sealed class CapturedLogs : ILoggerProvider, ISupportExternalScope
{
    private IExternalScopeProvider _scopes = new LoggerExternalScopeProvider();

    internal ConcurrentQueue<(LogLevel Level, string Category, string Message)> Lines { get; } = new();

    /// <summary>The lines that were written inside a request, with its id.</summary>
    internal ConcurrentQueue<(string RequestId, string Message)> InRequests { get; } = new();

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose()
    {
    }

    private sealed class Logger(CapturedLogs owner, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            owner.Lines.Enqueue((logLevel, category, formatter(state, exception)));
            owner._scopes.ForEachScope(
                (scope, message) =>
                {
                    if (scope is RequestContextScope request)
                    {
                        owner.InRequests.Enqueue(((string)request[0].Value!, message));
                    }
                },
                formatter(state, exception));
        }
    }
}
