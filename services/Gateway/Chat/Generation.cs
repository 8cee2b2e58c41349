using Grpc.Core;
using Platform.Contracts.ContextSynthesis.V1;
using Platform.Contracts.EntityResolution.V1;
using Platform.Contracts.ResponseGeneration.V1;
using Platform.Gateway.Degradation;
using Platform.Gateway.Telemetry;
using Platform.ServiceDefaults;

namespace Platform.Gateway.Chat;

/// <summary>Has the answer written, whole or as a stream; without a writer the context itself is the answer.</summary>
internal sealed class Generation(
    Parts parts,
    ResponseGenerationService.ResponseGenerationServiceClient writer,
    DegradationMonitor degradation,
    GatewayMetrics metrics,
    TimeProvider time)
{
    private const string Dependency = "response-generation";

    public async Task<GenerateResponse> WriteAsync(AnswerWork work, SynthesizedContext synthesized, CancellationToken cancellationToken)
    {
        // The gates are asked for in any case: the record of the answer keeps them.
        GenerateRequest generate = new() { Context = synthesized, Culture = work.Request.Culture ?? "", ExplainGates = true };
        GenerateResponse? written = work.Observer.Streams
            ? await StreamAsync(generate, work.Limits, work.Observer, cancellationToken)
            : (await parts.AskAsync(
                "generation", Dependency, work.Context.OrganizationId, generate, work.Limits.Total, writer.GenerateAsync, cancellationToken)).Value;
        if (written is not null)
        {
            return written;
        }

        work.Without.Add("generation");
        written = Fallbacks.Answer(synthesized);
        await work.Observer.TextAsync(written.Text, cancellationToken);
        return written;
    }

    public async Task<GenerateResponse> WriteDisambiguationAsync(AnswerWork work, string query, Mention ambiguous, CancellationToken cancellationToken)
    {
        Part<GenerateResponse> written = await parts.AskAsync(
            "generation", Dependency, work.Context.OrganizationId,
            new WriteDisambiguationRequest { Query = query, Mentions = { ambiguous }, Culture = work.Request.Culture ?? "" },
            work.Limits.Synthesis, writer.WriteDisambiguationAsync, cancellationToken);
        if (written.Missing)
        {
            work.Without.Add("generation");
        }

        return written.Value ?? Fallbacks.Disambiguation(ambiguous);
    }

    private async Task<GenerateResponse?> StreamAsync(
        GenerateRequest generate, ChatOptions limits, IAnswerObserver observer, CancellationToken cancellationToken)
    {
        bool sent = false;
        GenerateResponse? completed = null;
        try
        {
            using AsyncServerStreamingCall<GenerateEvent> stream = writer.GenerateStream(generate, time.Within(limits.Total, cancellationToken));

            // Read to its end: a call that is left before is one that was broken off.
            while (await stream.ResponseStream.MoveNext(cancellationToken))
            {
                GenerateEvent next = stream.ResponseStream.Current;
                switch (next.EventCase)
                {
                    case GenerateEvent.EventOneofCase.Delta:
                        sent = true;
                        await observer.TextAsync(next.Delta, cancellationToken);
                        break;
                    case GenerateEvent.EventOneofCase.Reset:
                        sent = false;
                        await observer.TextWithdrawnAsync(cancellationToken);
                        break;
                    case GenerateEvent.EventOneofCase.Completed:
                        completed = next.Completed;
                        break;
                    case GenerateEvent.EventOneofCase.None:
                    default:
                        break;
                }
            }
        }
        catch (RpcException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        catch (RpcException failure)
        {
            // Behind the whole answer nothing is missing.
            if (completed is null)
            {
                metrics.StageFailed("generation", ExternalErrors.Name(ExternalErrors.Classify(failure)));
            }
        }

        if (completed is not null)
        {
            degradation.Succeeded(Dependency);
            return completed;
        }

        // Ended without completing: what was sent is not an answer and is withdrawn.
        degradation.Failed(Dependency);
        if (sent)
        {
            await observer.TextWithdrawnAsync(cancellationToken);
        }

        return null;
    }
}
