using Grpc.Core;
using Platform.Contracts.ContextSynthesis.V1;
using Platform.Contracts.ModelGateway.V1;
using Platform.ResponseGeneration.Gates;
using Platform.ResponseGeneration.Generation;
using Platform.ServiceDefaults;

namespace Platform.ResponseGeneration.Models;

/// <summary>How an attempt ended.</summary>
internal enum AttemptEnd
{
    /// <summary>The text was accepted; it is with the reader.</summary>
    Accepted,

    /// <summary>There was a text, which the gates did not accept.</summary>
    NotAccepted,

    /// <summary>The call failed, broke off or took too long.</summary>
    Failed,

    /// <summary>The model gateway could not render the prompt; no model was asked.</summary>
    NotRendered,

    /// <summary>No model can be had.</summary>
    NotAvailable,
}

/// <param name="Reasons">Why a text was not accepted, for the stricter prompt.</param>
/// <param name="Bad">Sentences with invented figures or names.</param>
internal sealed record AttemptResult(AttemptEnd End, string Text, GateReport? Report, CallReport? Call, IReadOnlyList<string> Reasons, int Bad)
{
    public static AttemptResult Without(AttemptEnd end) => new(end, string.Empty, null, null, [], 0);
}

/// <summary>One streamed model call whose sentences are released as they are verified.</summary>
internal sealed partial class ModelAttempt(
    ModelGatewayService.ModelGatewayServiceClient models, ModelAvailability availability, GenerationMetrics metrics, TimeProvider clock, ILogger<ModelAttempt> logger)
{
    private const string Operation = "response_generation";

    /// <summary>Withdraws from the reader whatever it does not accept.</summary>
    /// <param name="makeGates">Called when the prompt is rendered: the gates look for its instructions.</param>
    public async Task<AttemptResult> RunAsync(
        CompletionRequest request, AnswerPrompt prompt, Complexity complexity, TimeSpan time, Func<QualityGates> makeGates, string draft, IAnswerSink sink, GenerationOptions settings,
        CancellationToken cancellationToken)
    {
        request.Operation = Operation;
        var started = clock.GetTimestamp();
        SentenceRelease? release = null;
        try
        {
            using var call = models.CompleteStream(request, deadline: (clock.GetUtcNow() + time).UtcDateTime, cancellationToken: cancellationToken);

            if (request.Prompt is not null && !await prompt.ReadAsync(call.ResponseStream, cancellationToken))
            {
                return AttemptResult.Without(AttemptEnd.NotRendered);
            }

            // The figures of the context are gathered while the model thinks.
            var gates = makeGates();
            release = new SentenceRelease(gates, draft, sink);
            var result = await ReadAsync(call.ResponseStream, release, gates, settings, cancellationToken);
            metrics.ModelCalled(request.Model, complexity, clock.GetElapsedTime(started), result.End == AttemptEnd.Accepted ? "ok" : "not_accepted");
            if (result.End != AttemptEnd.Accepted)
            {
                await release.WithdrawAsync(cancellationToken);
            }

            return result;
        }
        catch (RpcException failure) when (!cancellationToken.IsCancellationRequested)
        {
            if (release is not null)
            {
                await release.WithdrawAsync(cancellationToken);
            }

            return Failed(request, prompt, complexity, failure, clock.GetElapsedTime(started), settings);
        }
    }

    private static async Task<AttemptResult> ReadAsync(IAsyncStreamReader<CompletionEvent> events, SentenceRelease release, QualityGates gates, GenerationOptions settings, CancellationToken cancellationToken)
    {
        // Read to its end: a call that is left before is one that was broken off.
        CompletionResponse? completed = null;
        while (await events.MoveNext(cancellationToken))
        {
            switch (events.Current.EventCase)
            {
                case CompletionEvent.EventOneofCase.Delta:
                    await release.AddAsync(events.Current.Delta, cancellationToken);
                    if (release.IsHopeless)
                    {
                        return new AttemptResult(AttemptEnd.NotAccepted, string.Empty, null, null, release.Reasons, release.Bad);
                    }

                    break;
                case CompletionEvent.EventOneofCase.Reset:
                    await release.WithdrawAsync(cancellationToken);
                    break;
                case CompletionEvent.EventOneofCase.Completed:
                    completed = events.Current.Completed;
                    break;
                default:
                    break;
            }
        }

        if (completed is null)
        {
            return AttemptResult.Without(AttemptEnd.Failed);
        }

        // Of a text that was cut off the last sentence is none.
        if (!IsCutOff(completed))
        {
            await release.EndAsync(cancellationToken);
        }

        return Judge(completed, release, gates, settings);
    }

    private static AttemptResult Judge(CompletionResponse response, SentenceRelease release, QualityGates gates, GenerationOptions settings)
    {
        if (IsCutOff(response) || response.Text.Trim().Length == 0)
        {
            var reason = response.Text.Trim().Length == 0 ? "it was empty" : "it was cut off before its end; be shorter";
            return new AttemptResult(AttemptEnd.NotAccepted, string.Empty, null, response.Report, [reason], release.Bad);
        }

        // An invented figure or name is never shown, however good the rest is; nor is a text that does not answer.
        var report = gates.Check(release.Shown);
        var accepted = !release.IsHopeless && report.IsGrounded && report.IsComplete && (report.Passed || report.Score > settings.AcceptScore);
        return new AttemptResult(
            accepted ? AttemptEnd.Accepted : AttemptEnd.NotAccepted, release.Shown, report, response.Report, [.. release.Reasons, .. report.Reasons], release.Bad);
    }

    private static bool IsCutOff(CompletionResponse response) => response.FinishReason is FinishReason.Length or FinishReason.ContentFilter;

    private AttemptResult Failed(CompletionRequest request, AnswerPrompt prompt, Complexity complexity, RpcException failure, TimeSpan took, GenerationOptions settings)
    {
        var reason = RpcErrors.Reason(failure);
        if (failure.StatusCode == StatusCode.FailedPrecondition && reason is "NO_PROVIDER" or "")
        {
            availability.AwayFor(settings.NoProviderMemory);
            return AttemptResult.Without(AttemptEnd.NotAvailable);
        }

        // Without a reason it is not a provider that is away but the gateway itself.
        if (failure.StatusCode == StatusCode.Unavailable && reason.Length == 0)
        {
            availability.AwayFor(settings.UnreachableMemory);
            Log.Unreachable(logger, failure.StatusCode);
            return AttemptResult.Without(AttemptEnd.NotAvailable);
        }

        if (!prompt.IsRendered && failure.StatusCode is not (StatusCode.DeadlineExceeded or StatusCode.Cancelled))
        {
            Log.NotRendered(logger, prompt.Name, failure.StatusCode);
            return AttemptResult.Without(AttemptEnd.NotRendered);
        }

        metrics.ModelCalled(request.Model, complexity, took, failure.StatusCode.ToString());
        Log.CallFailed(logger, request.Model, failure.StatusCode);
        return AttemptResult.Without(AttemptEnd.Failed);
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, EventName = "ModelCallFailed", Level = LogLevel.Warning, Message = "The call of the {Model} model failed with {Status}")]
        public static partial void CallFailed(ILogger logger, string model, StatusCode status);

        [LoggerMessage(EventId = 2, EventName = "ModelGatewayUnreachable", Level = LogLevel.Information, Message = "The model gateway cannot be reached ({Status}); the writer answers")]
        public static partial void Unreachable(ILogger logger, StatusCode status);

        [LoggerMessage(EventId = 3, EventName = "PromptNotRendered", Level = LogLevel.Information, Message = "Prompt {Prompt} could not be rendered ({Status}); the built-in one is used")]
        public static partial void NotRendered(ILogger logger, string prompt, StatusCode status);
    }
}
