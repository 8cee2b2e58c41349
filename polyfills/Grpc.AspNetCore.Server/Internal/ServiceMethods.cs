using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>Finds the methods of a service and makes a handler for each. Reflection happens here only, when the service is mapped.</summary>
internal static class ServiceMethods
{
    public static IReadOnlyList<ServiceMethod> Of<TService>(IServiceProvider services)
        where TService : class
    {
        var settings = MethodSettings.Resolve(
            services.GetRequiredService<IOptions<GrpcServiceOptions>>().Value,
            services.GetRequiredService<IOptions<GrpcServiceOptions<TService>>>().Value,
            services.GetRequiredService<ILoggerFactory>());
        var binder = new TypeBinder<TService>(settings, services);
        FindBind(typeof(TService)).Invoke(null, BindingFlags.DoNotWrapExceptions, null, [binder, null], null);
        return binder.Methods;
    }

    public static IReadOnlyList<ServiceMethod> Of(ServerServiceDefinition definition, IServiceProvider services)
    {
        var settings = MethodSettings.Resolve(
            services.GetRequiredService<IOptions<GrpcServiceOptions>>().Value,
            service: null,
            services.GetRequiredService<ILoggerFactory>());
        var binder = new InstanceBinder(settings, services);
        definition.BindService(binder);
        return binder.Methods;
    }

    private static MethodInfo FindBind([DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)] Type serviceType)
    {
        for (var type = serviceType; type is not null; type = type.BaseType)
        {
            if (type.GetCustomAttribute<BindServiceMethodAttribute>(inherit: false) is not { } attribute)
            {
                continue;
            }

            foreach (var candidate in attribute.BindType.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            {
                var parameters = candidate.GetParameters();
                if (candidate.Name == attribute.BindMethodName
                    && parameters.Length == 2
                    && parameters[0].ParameterType == typeof(ServiceBinderBase)
                    && parameters[1].ParameterType.IsAssignableFrom(serviceType))
                {
                    return candidate;
                }
            }

            throw new InvalidOperationException($"{attribute.BindType.FullName} has no method {attribute.BindMethodName} that binds {serviceType.FullName}.");
        }

        throw new InvalidOperationException($"Cannot locate BindService(ServiceBinderBase, ServiceBase) method for the current service type: {serviceType.FullName}. The type must be an implementation of a gRPC service.");
    }

    private abstract class Binder(MethodSettings settings, IServiceProvider services) : ServiceBinderBase
    {
        private readonly InterceptorChain _interceptors = new(settings.Interceptors, services);

        public List<ServiceMethod> Methods { get; } = [];

        protected void Serve<TRequest, TResponse>(Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse> handler, MethodInfo? implementation)
            where TRequest : class
            where TResponse : class
            => Methods.Add(new ServiceMethod(method, new UnaryHandler<TRequest, TResponse>(method, _interceptors.Around(handler), settings), implementation));

        protected void Serve<TRequest, TResponse>(Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse> handler, MethodInfo? implementation)
            where TRequest : class
            where TResponse : class
            => Methods.Add(new ServiceMethod(method, new ClientStreamingHandler<TRequest, TResponse>(method, _interceptors.Around(handler), settings), implementation));

        protected void Serve<TRequest, TResponse>(Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse> handler, MethodInfo? implementation)
            where TRequest : class
            where TResponse : class
            => Methods.Add(new ServiceMethod(method, new ServerStreamingHandler<TRequest, TResponse>(method, _interceptors.Around(handler), settings), implementation));

        protected void Serve<TRequest, TResponse>(Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse> handler, MethodInfo? implementation)
            where TRequest : class
            where TResponse : class
            => Methods.Add(new ServiceMethod(method, new DuplexStreamingHandler<TRequest, TResponse>(method, _interceptors.Around(handler), settings), implementation));
    }

    private sealed class InstanceBinder(MethodSettings settings, IServiceProvider services) : Binder(settings, services)
    {
        public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler)
            => Serve(method, handler!, handler!.Method);

        public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse>? handler)
            => Serve(method, handler!, handler!.Method);

        public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse>? handler)
            => Serve(method, handler!, handler!.Method);

        public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse>? handler)
            => Serve(method, handler!, handler!.Method);
    }

    private sealed class TypeBinder<TService>(MethodSettings settings, IServiceProvider services) : Binder(settings, services)
        where TService : class
    {
        private readonly IGrpcServiceActivator<TService> _activator = services.GetRequiredService<IGrpcServiceActivator<TService>>();

        public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler)
        {
            var implementation = Find(method.Name, typeof(TRequest), typeof(ServerCallContext));
            var invoke = implementation.CreateDelegate<Func<TService, TRequest, ServerCallContext, Task<TResponse>>>();
            Serve(
                method,
                (request, context) =>
                {
                    var service = Activate(context);
                    return NeedsRelease(service)
                        ? ThenRelease(() => invoke(service.Instance, request, context), service)
                        : invoke(service.Instance, request, context);
                },
                implementation);
        }

        public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ClientStreamingServerMethod<TRequest, TResponse>? handler)
        {
            var implementation = Find(method.Name, typeof(IAsyncStreamReader<TRequest>), typeof(ServerCallContext));
            var invoke = implementation.CreateDelegate<Func<TService, IAsyncStreamReader<TRequest>, ServerCallContext, Task<TResponse>>>();
            Serve(
                method,
                (requests, context) =>
                {
                    var service = Activate(context);
                    return ThenRelease(() => invoke(service.Instance, requests, context), service);
                },
                implementation);
        }

        public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse>? handler)
        {
            var implementation = Find(method.Name, typeof(TRequest), typeof(IServerStreamWriter<TResponse>), typeof(ServerCallContext));
            var invoke = implementation.CreateDelegate<Func<TService, TRequest, IServerStreamWriter<TResponse>, ServerCallContext, Task>>();
            Serve(
                method,
                (request, responses, context) =>
                {
                    var service = Activate(context);
                    return ThenRelease(() => invoke(service.Instance, request, responses, context), service);
                },
                implementation);
        }

        public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse>? handler)
        {
            var implementation = Find(method.Name, typeof(IAsyncStreamReader<TRequest>), typeof(IServerStreamWriter<TResponse>), typeof(ServerCallContext));
            var invoke = implementation.CreateDelegate<Func<TService, IAsyncStreamReader<TRequest>, IServerStreamWriter<TResponse>, ServerCallContext, Task>>();
            Serve(
                method,
                (requests, responses, context) =>
                {
                    var service = Activate(context);
                    return ThenRelease(() => invoke(service.Instance, requests, responses, context), service);
                },
                implementation);
        }

        private static MethodInfo Find(string name, params Type[] parameters)
            => typeof(TService).GetMethod(name, BindingFlags.Public | BindingFlags.Instance, parameters)
                ?? throw new InvalidOperationException($"{typeof(TService).FullName} has no method {name}({string.Join(", ", parameters.Select(type => type.Name))}).");

        private static bool NeedsRelease(GrpcActivatorHandle<TService> service)
            => service.Created && (service.State is not null || service.Instance is IDisposable or IAsyncDisposable);

        private GrpcActivatorHandle<TService> Activate(ServerCallContext context) => _activator.Create(context.GetHttpContext().RequestServices);

        private async Task<TResponse> ThenRelease<TResponse>(Func<Task<TResponse>> invoke, GrpcActivatorHandle<TService> service)
        {
            try
            {
                return await invoke().ConfigureAwait(false);
            }
            finally
            {
                await _activator.ReleaseAsync(service).ConfigureAwait(false);
            }
        }

        private async Task ThenRelease(Func<Task> invoke, GrpcActivatorHandle<TService> service)
        {
            try
            {
                await invoke().ConfigureAwait(false);
            }
            finally
            {
                await _activator.ReleaseAsync(service).ConfigureAwait(false);
            }
        }
    }
}
