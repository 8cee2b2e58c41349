using Grpc.Core;
using Grpc.Health.V1;
using Grpc.HealthCheck;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace Grpc.Tests;

/// <summary>Health from published reports, and what a watcher hears when the host stops.</summary>
public sealed class HealthTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Check_FromTheCache_AnswersFromTheReportAndRunsNoCheck()
    {
        var runs = 0;
        await using var host = await ProbeHost.StartAsync(
            services: services =>
            {
                services.AddGrpcHealthChecks(options => options.UseHealthChecksCache = true)
                    .AddCheck("first time only", () => Interlocked.Increment(ref runs) == 1 ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy());
                PublishOnceAtStart(services);
            },
            map: app => app.MapGrpcHealthChecksService());
        var client = new Health.V1.Health.HealthClient(host.Channel);
        using var watch = client.Watch(new HealthCheckRequest(), cancellationToken: Token);
        await UntilAsync(watch, ServingStatus.Serving);

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(ServingStatus.Serving, (await client.CheckAsync(new HealthCheckRequest(), cancellationToken: Token)).Status);
        }

        Assert.Equal(1, runs);
    }

    [Fact]
    public async Task Check_FromTheCacheBeforeAnyReport_IsNotFound()
    {
        await using var host = await ProbeHost.StartAsync(
            services: services =>
            {
                services.AddGrpcHealthChecks(options => options.UseHealthChecksCache = true).AddCheck("fine", () => HealthCheckResult.Healthy());
                services.Configure<HealthCheckPublisherOptions>(options => options.Delay = TimeSpan.FromHours(1));
            },
            map: app => app.MapGrpcHealthChecksService());

        var failure = await Assert.ThrowsAsync<RpcException>(async () => await new Health.V1.Health.HealthClient(host.Channel).CheckAsync(new HealthCheckRequest(), cancellationToken: Token));

        Assert.Equal(StatusCode.NotFound, failure.StatusCode);
    }

    [Fact]
    public async Task Watch_HostStops_LastWordIsNotServingAndTheStreamEnds()
    {
        await using var host = await StartWatchableAsync(suppress: false);
        using var watch = new Health.V1.Health.HealthClient(host.Channel).Watch(new HealthCheckRequest(), cancellationToken: Token);
        await UntilAsync(watch, ServingStatus.Serving);

        host.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();

        await UntilAsync(watch, ServingStatus.NotServing);
        Assert.False(await watch.ResponseStream.MoveNext(Token).WaitAsync(Limit, Token));
        Assert.Equal(StatusCode.OK, watch.GetStatus().StatusCode);
    }

    [Fact]
    public async Task Watch_HostStopsWithCompletionSuppressed_StreamGoesOn()
    {
        await using var host = await StartWatchableAsync(suppress: true);
        using var watch = new Health.V1.Health.HealthClient(host.Channel).Watch(new HealthCheckRequest { Service = "told" }, cancellationToken: Token);
        await UntilAsync(watch, ServingStatus.ServiceUnknown);

        host.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        host.Services.GetRequiredService<HealthServiceImpl>().SetStatus("told", ServingStatus.Serving);

        Assert.True(await watch.ResponseStream.MoveNext(Token).WaitAsync(Limit, Token));
        Assert.Equal(ServingStatus.Serving, watch.ResponseStream.Current.Status);
    }

    private static Task<ProbeHost> StartWatchableAsync(bool suppress) => ProbeHost.StartAsync(
        services: services =>
        {
            services.AddGrpcHealthChecks(options => options.SuppressCompletionOnShutdown = suppress).AddCheck("fine", () => HealthCheckResult.Healthy());
            PublishOnceAtStart(services);
        },
        map: app => app.MapGrpcHealthChecksService());

    private static void PublishOnceAtStart(IServiceCollection services) => services.Configure<HealthCheckPublisherOptions>(options =>
    {
        options.Delay = TimeSpan.Zero;
        options.Period = TimeSpan.FromHours(1);
    });

    private static async Task UntilAsync(AsyncServerStreamingCall<HealthCheckResponse> watch, ServingStatus wanted)
    {
        do
        {
            Assert.True(await watch.ResponseStream.MoveNext(Token).WaitAsync(Limit, Token), $"The stream ended before it said {wanted}.");
        }
        while (watch.ResponseStream.Current.Status != wanted);
    }
}
