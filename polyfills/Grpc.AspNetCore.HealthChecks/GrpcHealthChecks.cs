using Grpc.AspNetCore.HealthChecks;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.HealthCheck;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace Grpc.AspNetCore.HealthChecks
{
    /// <summary>Check runs the health checks of the service asked for; Watch follows the published reports.</summary>
    internal sealed class HealthService(
        HealthServiceImpl published,
        HealthCheckService checks,
        IOptions<GrpcHealthChecksOptions> options,
        IOptions<HealthCheckServiceOptions> registrations,
        IHostApplicationLifetime? lifetime = null) : Health.V1.Health.HealthBase
    {
        public override async Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context)
        {
            if (options.Value.UseHealthChecksCache)
            {
                return await published.Check(request, context);
            }

            var mapping = options.Value.Services.Find(request.Service) ?? throw new RpcException(new Status(StatusCode.NotFound, ""));
            var report = await checks.CheckHealthAsync(
                registration => mapping.HealthCheckPredicate?.Invoke(new HealthCheckMapContext(registration.Name, registration.Tags)) ?? true,
                context.CancellationToken);
            return new HealthCheckResponse { Status = StatusFromReport.Of(mapping, report, registrations.Value) };
        }

        public override async Task Watch(HealthCheckRequest request, IServerStreamWriter<HealthCheckResponse> responseStream, ServerCallContext context)
        {
            if (options.Value.SuppressCompletionOnShutdown || lifetime is null)
            {
                await published.Watch(request, responseStream, context);
                return;
            }

            // The stream is left to end by itself; only the wait for it stops, so that the last word can be said.
            using var stopping = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
            var watch = published.Watch(request, responseStream, new StoppingContext(context, stopping.Token));
            try
            {
                await watch;
            }
            catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested && !context.CancellationToken.IsCancellationRequested)
            {
                await responseStream.WriteAsync(new HealthCheckResponse { Status = ServingStatus.NotServing });
            }
        }

        /// <summary>The same call, whose token also fires when the host stops.</summary>
        private sealed class StoppingContext(ServerCallContext inner, CancellationToken cancellationToken) : ServerCallContext
        {
            protected override string MethodCore => inner.Method;

            protected override string HostCore => inner.Host;

            protected override string PeerCore => inner.Peer;

            protected override DateTime DeadlineCore => inner.Deadline;

            protected override Metadata RequestHeadersCore => inner.RequestHeaders;

            protected override CancellationToken CancellationTokenCore => cancellationToken;

            protected override Metadata ResponseTrailersCore => inner.ResponseTrailers;

            protected override Status StatusCore
            {
                get => inner.Status;
                set => inner.Status = value;
            }

            protected override WriteOptions? WriteOptionsCore
            {
                get => inner.WriteOptions;
                set => inner.WriteOptions = value;
            }

            protected override AuthContext AuthContextCore => inner.AuthContext;

            protected override IDictionary<object, object> UserStateCore => inner.UserState;

            protected override Task WriteResponseHeadersAsyncCore(Metadata responseHeaders) => inner.WriteResponseHeadersAsync(responseHeaders);

            protected override ContextPropagationToken CreatePropagationTokenCore(ContextPropagationOptions? options) => inner.CreatePropagationToken(options);
        }
    }

    internal static class StatusFromReport
    {
        /// <summary>Unhealthy is not serving; degraded still serves; no check at all is unknown.</summary>
        public static ServingStatus Of(ServiceMapping mapping, HealthReport report, HealthCheckServiceOptions registrations)
        {
            var worst = ServingStatus.Unknown;
            foreach (var (name, entry) in report.Entries)
            {
                var chosen = mapping.Predicate?.Invoke(new HealthResult(name, entry.Tags, entry.Status, entry.Description, entry.Duration, entry.Exception, entry.Data))
                    ?? mapping.HealthCheckPredicate!(new HealthCheckMapContext(name, entry.Tags));
                if (chosen)
                {
                    worst = entry.Status == HealthStatus.Unhealthy || worst == ServingStatus.NotServing ? ServingStatus.NotServing : ServingStatus.Serving;
                }
            }

            // A server that has no checks is healthy as long as it answers.
            return worst == ServingStatus.Unknown && registrations.Registrations.Count == 0 ? ServingStatus.Serving : worst;
        }
    }

    internal sealed class ReportPublisher(HealthServiceImpl published, IOptions<GrpcHealthChecksOptions> options, IOptions<HealthCheckServiceOptions> registrations) : IHealthCheckPublisher
    {
        public Task PublishAsync(HealthReport report, CancellationToken cancellationToken)
        {
            foreach (var mapping in options.Value.Services)
            {
                published.SetStatus(mapping.Name, StatusFromReport.Of(mapping, report, registrations.Value));
            }

            return Task.CompletedTask;
        }
    }
}

namespace Microsoft.Extensions.DependencyInjection
{
    public static class GrpcHealthChecksServiceExtensions
    {
        /// <summary>Answers grpc.health.v1 from the registered health checks.</summary>
        public static IHealthChecksBuilder AddGrpcHealthChecks(this IServiceCollection services)
        {
            ArgumentNullException.ThrowIfNull(services);
            services.TryAddSingleton<HealthServiceImpl>();
            services.TryAddEnumerable(ServiceDescriptor.Singleton<IHealthCheckPublisher, ReportPublisher>());

            // Before any configuration by the caller, which may map "" otherwise.
            if (!services.Any(service => service.ServiceType == typeof(DefaultMapping)))
            {
                services.AddSingleton(new DefaultMapping());
                services.Insert(0, ServiceDescriptor.Singleton<IConfigureOptions<GrpcHealthChecksOptions>>(
                    new ConfigureOptions<GrpcHealthChecksOptions>(static options => options.Services.Map("", static _ => true))));
            }

            return services.AddHealthChecks();
        }

        public static IHealthChecksBuilder AddGrpcHealthChecks(this IServiceCollection services, Action<GrpcHealthChecksOptions> configure)
        {
            ArgumentNullException.ThrowIfNull(configure);
            services.Configure(configure);
            return services.AddGrpcHealthChecks();
        }

        private sealed class DefaultMapping;
    }
}

namespace Microsoft.AspNetCore.Builder
{
    public static class GrpcHealthChecksEndpointRouteBuilderExtensions
    {
        public static GrpcServiceEndpointConventionBuilder MapGrpcHealthChecksService(this IEndpointRouteBuilder builder) => builder.MapGrpcService<HealthService>();
    }
}
