using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;
using Xunit;

namespace HttpResilience.Tests;

public sealed class ResilienceHandlerTests
{
    private static readonly Uri Service = new("http://service/");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AddResilienceHandler_OwnPipeline_IsUsedAndNamed()
    {
        var server = FakeServer.With(HttpStatusCode.NotFound, HttpStatusCode.OK);
        ResilienceHandlerContext? seen = null;
        await using var host = new Host(server, http => http.AddResilienceHandler("own", (pipeline, context) =>
        {
            seen = context;
            pipeline.AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                Delay = TimeSpan.Zero,
                ShouldHandle = arguments => ValueTask.FromResult(arguments.Outcome.Result?.StatusCode == HttpStatusCode.NotFound),
            });
        }));

        using var response = await host.Client.GetAsync(Service, Cancellation);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(("client-own", string.Empty), (seen?.BuilderName, seen?.InstanceName));
    }

    [Fact]
    public async Task SelectPipelineBy_Key_BuildsOneInstanceEach()
    {
        List<string> instances = [];
        await using var host = new Host(FakeServer.With(HttpStatusCode.OK), http => http
            .AddResilienceHandler("own", (_, context) => instances.Add(context.InstanceName))
            .SelectPipelineBy(_ => request => request.RequestUri!.Host));

        foreach (var name in (string[])["a", "b", "a"])
        {
            using var response = await host.Client.GetAsync(new Uri($"http://{name}/"), Cancellation);
        }

        Assert.Equal(["a", "b"], instances);
    }

    [Fact]
    public async Task SendAsync_Pipeline_SeesTheRequest()
    {
        HttpRequestMessage? seen = null;
        using var handler = new ResilienceHandler(new ResiliencePipelineBuilder<HttpResponseMessage>()
            .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                ShouldHandle = arguments =>
                {
                    seen = arguments.Context.GetRequestMessage();
                    return ValueTask.FromResult(false);
                },
            })
            .Build())
        {
            InnerHandler = FakeServer.With(HttpStatusCode.OK),
        };
        using var invoker = new HttpMessageInvoker(handler);
        using var request = new HttpRequestMessage(HttpMethod.Get, Service);

        using var response = await invoker.SendAsync(request, Cancellation);

        Assert.Same(request, seen);
        Assert.Null(request.GetResilienceContext());
    }

    [Fact]
    public async Task SendAsync_OwnContext_IsUsedAndKept()
    {
        var key = new ResiliencePropertyKey<string>("tenant");
        string? seen = null;
        using var handler = new ResilienceHandler(new ResiliencePipelineBuilder<HttpResponseMessage>()
            .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                ShouldHandle = arguments =>
                {
                    seen = arguments.Context.Properties.GetValue(key, string.Empty);
                    return ValueTask.FromResult(false);
                },
            })
            .Build())
        {
            InnerHandler = FakeServer.With(HttpStatusCode.OK),
        };
        using var invoker = new HttpMessageInvoker(handler);
        using var request = new HttpRequestMessage(HttpMethod.Get, Service);
        var context = ResilienceContextPool.Shared.Get(Cancellation);
        context.Properties.Set(key, "delta");
        request.SetResilienceContext(context);

        using var response = await invoker.SendAsync(request, Cancellation);

        Assert.Equal("delta", seen);
        Assert.Same(context, request.GetResilienceContext());
        ResilienceContextPool.Shared.Return(context);
    }

    [Fact]
    public async Task RemoveAllResilienceHandlers_Defaults_AreTakenAway()
    {
        var server = FakeServer.With(HttpStatusCode.InternalServerError);
        await using var host = new Host(
            server,
            http => http.RemoveAllResilienceHandlers(),
            services => services.ConfigureHttpClientDefaults(http => http.AddStandardResilienceHandler()));

        using var response = await host.Client.GetAsync(Service, Cancellation);

        Assert.Equal(1, server.Attempts);
    }

    [Fact]
    public async Task ConfigureHttpClientDefaults_StandardHandler_AppliesToEveryClient()
    {
        var server = FakeServer.With(HttpStatusCode.InternalServerError);
        await using var host = new Host(
            server,
            _ => { },
            services => services.ConfigureHttpClientDefaults(http => http.AddStandardResilienceHandler(options => options.Retry.Delay = TimeSpan.Zero)));

        using var response = await host.Client.GetAsync(Service, Cancellation);

        Assert.Equal(4, server.Attempts);
    }

    [Fact]
    public async Task SendAsync_DiscoveryInsideTheRetries_TriesTheNextAddress()
    {
        var server = FakeServer.With(HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK);
        await using var host = new Host(
            server,
            http =>
            {
                http.AddStandardResilienceHandler(options => options.Retry.Delay = TimeSpan.Zero);
                http.AddServiceDiscovery();
            },
            services => services.AddServiceDiscovery().AddSingleton<IConfiguration>(new ConfigurationBuilder()
                .AddInMemoryCollection(new Dictionary<string, string?>
                {
                    ["services:service:http:0"] = "http://10.0.0.1:80",
                    ["services:service:http:1"] = "http://10.0.0.2:80",
                })
                .Build()));

        using var response = await host.Client.GetAsync(Service, Cancellation);

        Assert.Equal(["10.0.0.1", "10.0.0.2"], server.Addresses.Select(address => address.Host));
    }

    [Fact]
    public async Task SendAsync_Retry_IsLoggedAndCounted()
    {
        var logs = new Logs();
        var server = FakeServer.With(HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK);
        await using var host = new Host(
            server,
            http => http.AddStandardResilienceHandler(options => options.Retry.Delay = TimeSpan.Zero),
            services => services.AddLogging(logging => logging.AddProvider(logs)));
        List<string?> events = [];
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == "Polly" && ReferenceEquals(instrument.Meter.Scope, host.Services.GetRequiredService<IMeterFactory>()))
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<int>((_, _, tags, _) => events.Add(tags.ToArray().Single(tag => tag.Key == "event.name").Value as string));
        listener.Start();

        using var response = await host.Client.GetAsync(Service, Cancellation);

        Assert.Equal(["OnRetry"], events);
        var line = Assert.Single(logs.Lines, line => line.Contains("OnRetry", StringComparison.Ordinal));
        Assert.Contains("client-standard", line, StringComparison.Ordinal);
        Assert.Contains("503", line, StringComparison.Ordinal);
    }

    private sealed class Logs : ILoggerProvider, ILogger
    {
        public List<string> Lines { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (Lines)
            {
                Lines.Add(formatter(state, exception));
            }
        }

        public void Dispose()
        {
        }
    }
}
