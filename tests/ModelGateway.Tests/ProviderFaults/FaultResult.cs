using Grpc.Core;
using Platform.Contracts.ModelGateway.V1;
using Platform.ServiceDefaults;

namespace Platform.ModelGateway.Tests.ProviderFaults;

/// <summary>What a client received.</summary>
internal sealed record FaultResult(FaultRun Run, IReadOnlyList<CompletionEvent> Events, CompletionResponse? Answer, RpcException? Error, TimeSpan Elapsed)
{
    internal string Text { get; } = string.Concat(Events.Where(part => part.EventCase == CompletionEvent.EventOneofCase.Delta).Select(part => part.Delta));

    internal bool GotTextBeforeError => Error is not null && Text.Length > 0;

    /// <summary>Empty for an answer.</summary>
    internal string Reason => Error is null ? Answer is null ? "NOTHING" : "" : RpcErrors.Reason(Error) is { Length: > 0 } reason ? reason : Error.StatusCode.ToString();
}
