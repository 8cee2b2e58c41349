using System.Diagnostics.CodeAnalysis;
using Polly;

namespace Microsoft.Extensions.Http.Resilience;

/// <summary>Takes methods out of the retries.</summary>
[Experimental("EXTEXP0001")]
public static class HttpRetryStrategyOptionsExtensions
{
    /// <summary>No retries of POST, PUT, PATCH, DELETE and CONNECT.</summary>
    public static void DisableForUnsafeHttpMethods(this HttpRetryStrategyOptions options)
        => options.DisableFor(HttpMethod.Post, HttpMethod.Put, HttpMethod.Patch, HttpMethod.Delete, HttpMethod.Connect);

    /// <summary>No retries of these methods.</summary>
    public static void DisableFor(this HttpRetryStrategyOptions options, params HttpMethod[] methods)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(methods);
        if (methods.Length == 0)
        {
            throw new ArgumentException("At least one method must be named.", nameof(methods));
        }

        var inner = options.ShouldHandle ?? throw new ArgumentException("The options have no condition for retries.", nameof(options));
        options.ShouldHandle = async arguments =>
            await inner(arguments).ConfigureAwait(arguments.Context.ContinueOnCapturedContext)
            && (arguments.Outcome.Result?.RequestMessage ?? arguments.Context.GetRequestMessage()) is var request
            && (request is null || !methods.Contains(request.Method));
    }
}
