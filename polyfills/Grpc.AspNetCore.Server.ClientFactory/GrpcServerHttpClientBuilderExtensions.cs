using Grpc.AspNetCore.ClientFactory;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.ClientFactory;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Grpc.AspNetCore.ClientFactory
{
    public class GrpcContextPropagationOptions
    {
        /// <summary>Whether a client may be used outside a gRPC call, where there is nothing to pass on. Default: that is an error.</summary>
        public bool SuppressContextNotFoundErrors { get; set; }
    }
}

namespace Microsoft.Extensions.DependencyInjection
{
    public static class GrpcServerHttpClientBuilderExtensions
    {
        /// <summary>Calls made while a gRPC call is handled end with it: the earlier deadline and either token count.</summary>
        public static IHttpClientBuilder EnableCallContextPropagation(this IHttpClientBuilder builder)
            => builder.EnableCallContextPropagation(static _ => { });

        public static IHttpClientBuilder EnableCallContextPropagation(this IHttpClientBuilder builder, Action<GrpcContextPropagationOptions> configureOptions)
        {
            ArgumentNullException.ThrowIfNull(builder);
            ArgumentNullException.ThrowIfNull(configureOptions);
            builder.Services.AddHttpContextAccessor();
            builder.Services.Configure(builder.Name, configureOptions);
            var name = builder.Name;
            return builder.AddInterceptor(InterceptorScope.Channel, services => new ContextPropagationInterceptor(
                services.GetRequiredService<IHttpContextAccessor>(),
                services.GetRequiredService<IOptionsMonitor<GrpcContextPropagationOptions>>().Get(name)));
        }
    }

    internal sealed class ContextPropagationInterceptor(IHttpContextAccessor accessor, GrpcContextPropagationOptions options) : Interceptor
    {
        public override TResponse BlockingUnaryCall<TRequest, TResponse>(TRequest request, ClientInterceptorContext<TRequest, TResponse> context, BlockingUnaryCallContinuation<TRequest, TResponse> continuation)
        {
            var (changed, linked) = Change(context);
            using (linked)
            {
                return continuation(request, changed);
            }
        }

        public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncUnaryCallContinuation<TRequest, TResponse> continuation)
        {
            var (changed, linked) = Change(context);
            var call = continuation(request, changed);
            return linked is null ? call : new AsyncUnaryCall<TResponse>(ThenRelease(call.ResponseAsync, linked), call.ResponseHeadersAsync, call.GetStatus, call.GetTrailers, Release(call, linked));
        }

        public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncServerStreamingCallContinuation<TRequest, TResponse> continuation)
        {
            var (changed, linked) = Change(context);
            var call = continuation(request, changed);
            return linked is null ? call : new AsyncServerStreamingCall<TResponse>(call.ResponseStream, call.ResponseHeadersAsync, call.GetStatus, call.GetTrailers, Release(call, linked));
        }

        public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(ClientInterceptorContext<TRequest, TResponse> context, AsyncClientStreamingCallContinuation<TRequest, TResponse> continuation)
        {
            var (changed, linked) = Change(context);
            var call = continuation(changed);
            return linked is null ? call : new AsyncClientStreamingCall<TRequest, TResponse>(call.RequestStream, ThenRelease(call.ResponseAsync, linked), call.ResponseHeadersAsync, call.GetStatus, call.GetTrailers, Release(call, linked));
        }

        public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(ClientInterceptorContext<TRequest, TResponse> context, AsyncDuplexStreamingCallContinuation<TRequest, TResponse> continuation)
        {
            var (changed, linked) = Change(context);
            var call = continuation(changed);
            return linked is null ? call : new AsyncDuplexStreamingCall<TRequest, TResponse>(call.RequestStream, call.ResponseStream, call.ResponseHeadersAsync, call.GetStatus, call.GetTrailers, Release(call, linked));
        }

        private static Action Release(IDisposable call, CancellationTokenSource linked) => () =>
        {
            call.Dispose();
            linked.Dispose();
        };

        private static async Task<TResponse> ThenRelease<TResponse>(Task<TResponse> response, CancellationTokenSource linked)
        {
            using (linked)
            {
                return await response.ConfigureAwait(false);
            }
        }

        private (ClientInterceptorContext<TRequest, TResponse> Context, CancellationTokenSource? Linked) Change<TRequest, TResponse>(ClientInterceptorContext<TRequest, TResponse> context)
            where TRequest : class
            where TResponse : class
        {
            if (accessor.HttpContext?.Features.Get<IServerCallContextFeature>()?.ServerCallContext is not { } handled)
            {
                return options.SuppressContextNotFoundErrors
                    ? (context, null)
                    : throw new InvalidOperationException("Unable to propagate server context values to the call. Can't find the gRPC ServerCallContext of the current request.");
            }

            var changed = context.Options;
            CancellationTokenSource? linked = null;
            if (handled.Deadline < (changed.Deadline ?? DateTime.MaxValue))
            {
                changed = changed.WithDeadline(handled.Deadline);
            }

            if (handled.CancellationToken.CanBeCanceled)
            {
                if (!changed.CancellationToken.CanBeCanceled || changed.CancellationToken == handled.CancellationToken)
                {
                    changed = changed.WithCancellationToken(handled.CancellationToken);
                }
                else
                {
                    linked = CancellationTokenSource.CreateLinkedTokenSource(changed.CancellationToken, handled.CancellationToken);
                    changed = changed.WithCancellationToken(linked.Token);
                }
            }

            return (new ClientInterceptorContext<TRequest, TResponse>(context.Method, context.Host, changed), linked);
        }
    }
}
