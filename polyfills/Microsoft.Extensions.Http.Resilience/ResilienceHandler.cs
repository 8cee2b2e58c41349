using System.Diagnostics.CodeAnalysis;
using Polly;

namespace Microsoft.Extensions.Http.Resilience;

/// <summary>Sends requests through a resilience pipeline.</summary>
public class ResilienceHandler : DelegatingHandler
{
    private readonly Func<HttpRequestMessage, ResiliencePipeline<HttpResponseMessage>> _pipelineOf;

    /// <summary>A handler that picks the pipeline by the request.</summary>
    public ResilienceHandler(Func<HttpRequestMessage, ResiliencePipeline<HttpResponseMessage>> pipelineProvider)
    {
        ArgumentNullException.ThrowIfNull(pipelineProvider);
        _pipelineOf = pipelineProvider;
    }

    /// <summary>A handler with one pipeline.</summary>
    public ResilienceHandler(ResiliencePipeline<HttpResponseMessage> pipeline)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        _pipelineOf = _ => pipeline;
    }

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);

        var pipeline = _pipelineOf(request);
        var given = request.GetResilienceContext();
        var context = given ?? ResilienceContextPool.Shared.Get(cancellationToken);
        context.SetRequestMessage(request);
        request.SetResilienceContext(context);
        try
        {
            var outcome = await pipeline.ExecuteOutcomeAsync(
                static async (context, state) => await state.Handler.AttemptAsync(context, state.Request).ConfigureAwait(context.ContinueOnCapturedContext),
                context,
                (Handler: this, Request: request)).ConfigureAwait(context.ContinueOnCapturedContext);
            outcome.ThrowIfException();
            return outcome.Result!;
        }
        finally
        {
            request.SetResilienceContext(given);
            if (given is null)
            {
                ResilienceContextPool.Shared.Return(context);
            }
        }
    }

    /// <inheritdoc/>
    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);

        var pipeline = _pipelineOf(request);
        var given = request.GetResilienceContext();
        var context = given ?? ResilienceContextPool.Shared.Get(cancellationToken);
        context.SetRequestMessage(request);
        request.SetResilienceContext(context);
        try
        {
            return pipeline.Execute(
                static (context, state) =>
                {
                    var request = context.GetRequestMessage() ?? state.Request;
                    request.SetResilienceContext(context);
                    return state.Handler.SendInner(request, context.CancellationToken);
                },
                context,
                (Handler: this, Request: request));
        }
        finally
        {
            request.SetResilienceContext(given);
            if (given is null)
            {
                ResilienceContextPool.Shared.Return(context);
            }
        }
    }

    // Exceptions travel as outcomes, so that every strategy sees them without a throw per layer.
    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "The pipeline rethrows what it does not handle.")]
    private async ValueTask<Outcome<HttpResponseMessage>> AttemptAsync(ResilienceContext context, HttpRequestMessage original)
    {
        // A strategy may have put another message into the context; the context of an attempt may be a copy, too.
        var request = context.GetRequestMessage() ?? original;
        request.SetResilienceContext(context);
        try
        {
            return Outcome.FromResult(await base.SendAsync(request, context.CancellationToken).ConfigureAwait(context.ContinueOnCapturedContext));
        }
        catch (Exception exception)
        {
            return Outcome.FromException<HttpResponseMessage>(exception);
        }
    }

    private HttpResponseMessage SendInner(HttpRequestMessage request, CancellationToken cancellationToken) => base.Send(request, cancellationToken);
}
