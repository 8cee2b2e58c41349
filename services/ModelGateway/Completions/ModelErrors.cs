using Grpc.Core;
using Platform.ModelGateway.Providers;
using Platform.ServiceDefaults;

namespace Platform.ModelGateway.Completions;

/// <summary>Failures of providers as gRPC statuses with the reasons of the contract, in words without internals.</summary>
internal static class ModelErrors
{
    internal static RpcException NoProvider(string model) => RpcErrors.FailedPrecondition(
        "NO_PROVIDER",
        $"No model provider is configured for \"{model}\". Set OPENAI_API_KEY, or list providers under modelGateway:providers.");

    /// <summary>The reason of the contract, e.g. <c>RATE_LIMIT</c>.</summary>
    internal static string Reason(this ProviderException error) => error.Blocked ? "BLOCKED_CONTENT" : error.Kind.Name().ToUpperInvariant();

    internal static RpcException ToRpc(this ProviderException error)
    {
        var reason = error.Reason();
        if (error.Blocked)
        {
            return RpcErrors.WithReason(StatusCode.InvalidArgument, reason, "The content filter of the model's provider refused the request.");
        }

        return error.Kind switch
        {
            ExternalErrorClass.Timeout => RpcErrors.WithReason(StatusCode.DeadlineExceeded, reason, "The model took too long."),
            ExternalErrorClass.ConnectionError => RpcErrors.Unavailable(reason, "The model cannot be reached."),
            ExternalErrorClass.RateLimit => RpcErrors.ResourceExhausted(reason, "The model is asked too often.", error.RetryAfter),
            ExternalErrorClass.AuthenticationError => RpcErrors.FailedPrecondition(reason, "The model's provider does not accept the configured key."),
            ExternalErrorClass.PermissionDenied => RpcErrors.FailedPrecondition(reason, "The configured key may not use the model."),
            ExternalErrorClass.NotFound => RpcErrors.FailedPrecondition(reason, "The model's provider does not know the configured model."),
            ExternalErrorClass.BadRequest => RpcErrors.WithReason(StatusCode.InvalidArgument, reason, "The model's provider refused the request."),
            ExternalErrorClass.ServerError => RpcErrors.Unavailable(reason, "The model's provider failed."),
            _ => RpcErrors.WithReason(StatusCode.Internal, reason, "The model call failed."),
        };
    }
}
