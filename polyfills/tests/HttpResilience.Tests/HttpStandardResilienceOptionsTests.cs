using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Options;
using Polly;
using Xunit;

namespace HttpResilience.Tests;

public sealed class HttpStandardResilienceOptionsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Defaults_AreTheDocumentedOnes()
    {
        var options = new HttpStandardResilienceOptions();

        Assert.Equal((1000, 0), (options.RateLimiter.DefaultRateLimiterOptions.PermitLimit, options.RateLimiter.DefaultRateLimiterOptions.QueueLimit));
        Assert.Equal(TimeSpan.FromSeconds(30), options.TotalRequestTimeout.Timeout);
        Assert.Equal(
            (3, DelayBackoffType.Exponential, TimeSpan.FromSeconds(2), true, true),
            (options.Retry.MaxRetryAttempts, options.Retry.BackoffType, options.Retry.Delay, options.Retry.UseJitter, options.Retry.ShouldRetryAfterHeader));
        Assert.Equal(
            (0.1, 100, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(5)),
            (options.CircuitBreaker.FailureRatio, options.CircuitBreaker.MinimumThroughput, options.CircuitBreaker.SamplingDuration, options.CircuitBreaker.BreakDuration));
        Assert.Equal(TimeSpan.FromSeconds(10), options.AttemptTimeout.Timeout);
    }

    public static TheoryData<string, Action<HttpStandardResilienceOptions>, string> BadValues => new()
    {
        { "total shorter than attempt", options => options.TotalRequestTimeout.Timeout = TimeSpan.FromSeconds(5), nameof(HttpStandardResilienceOptions.TotalRequestTimeout) },
        { "sampling shorter than two attempts", options => options.CircuitBreaker.SamplingDuration = TimeSpan.FromSeconds(19), nameof(HttpStandardResilienceOptions.CircuitBreaker) },
        { "no retries", options => options.Retry.MaxRetryAttempts = 0, nameof(HttpStandardResilienceOptions.Retry) },
        { "ratio over one", options => options.CircuitBreaker.FailureRatio = 1.5, nameof(HttpStandardResilienceOptions.CircuitBreaker) },
        { "attempt of zero", options => options.AttemptTimeout.Timeout = TimeSpan.Zero, nameof(HttpStandardResilienceOptions.AttemptTimeout) },
        { "no rate limiter", options => options.RateLimiter = null!, nameof(HttpStandardResilienceOptions.RateLimiter) },
    };

    [Theory]
    [MemberData(nameof(BadValues), DisableDiscoveryEnumeration = true)]
    public async Task Start_BadValue_IsRefusedAndNamed(string reason, Action<HttpStandardResilienceOptions> configure, string named)
    {
        await using var host = new Host(FakeServer.With(System.Net.HttpStatusCode.OK), http => http.AddStandardResilienceHandler(configure));

        var error = Assert.Throws<OptionsValidationException>(() => host.Services.GetRequiredService<IStartupValidator>().Validate());

        Assert.True(error.Message.Contains(named, StringComparison.Ordinal), $"{reason}: {error.Message}");
        Assert.Equal("client-standard", error.OptionsName);
    }

    [Fact]
    public async Task Start_SeveralBadValues_AreAllReported()
    {
        await using var host = new Host(FakeServer.With(System.Net.HttpStatusCode.OK), http => http.AddStandardResilienceHandler(options =>
        {
            options.TotalRequestTimeout.Timeout = TimeSpan.FromSeconds(5);
            options.CircuitBreaker.SamplingDuration = TimeSpan.FromSeconds(5);
        }));

        var error = Assert.Throws<OptionsValidationException>(() => host.Services.GetRequiredService<IStartupValidator>().Validate());

        Assert.Equal(2, error.Failures.Count());
    }

    [Fact]
    public async Task Start_LimitsThatJustFit_AreAccepted()
    {
        await using var host = new Host(FakeServer.With(System.Net.HttpStatusCode.OK), http => http.AddStandardResilienceHandler(options =>
        {
            options.AttemptTimeout.Timeout = options.TotalRequestTimeout.Timeout = TimeSpan.FromSeconds(15);
            options.CircuitBreaker.SamplingDuration = TimeSpan.FromSeconds(30);
        }));

        host.Services.GetRequiredService<IStartupValidator>().Validate();
    }

    [Fact]
    public async Task Configure_Section_IsBoundAndReloaded()
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["http:Retry:MaxRetryAttempts"] = "1", ["http:Retry:Delay"] = "00:00:00" })
            .Build();
        var server = FakeServer.With(System.Net.HttpStatusCode.InternalServerError);
        await using var host = new Host(server, http => http.AddStandardResilienceHandler(configuration.GetSection("http")));

        using var first = await host.Client.GetAsync(new Uri("http://service/"), Cancellation);
        var before = server.Attempts;
        configuration["http:Retry:MaxRetryAttempts"] = "2";
        configuration.Reload();
        using var second = await host.Client.GetAsync(new Uri("http://service/"), Cancellation);

        Assert.Equal(2, before);
        Assert.Equal(2 + 3, server.Attempts);
    }

    [Fact]
    public async Task Configure_UnknownKey_IsRefused()
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["http:Retry:MaxAttempts"] = "1" })
            .Build();
        await using var host = new Host(FakeServer.With(System.Net.HttpStatusCode.OK), http => http.AddStandardResilienceHandler(configuration.GetSection("http")));

        var error = Assert.Throws<InvalidOperationException>(() => host.Services.GetRequiredService<IStartupValidator>().Validate());

        Assert.Contains("MaxAttempts", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Configure_EmptySection_IsRefused()
    {
        var section = new ConfigurationBuilder().Build().GetSection("http");

        Assert.Throws<ArgumentException>(() => new ServiceCollection().AddHttpClient("client").AddStandardResilienceHandler(section));
    }
}
