using Grpc.Core;
using Platform.Contracts.ModelGateway.V1;

namespace Platform.Memory.Tests;

/// <summary>The model gateway's rules for personal data: one name is personal; or it is away.</summary>
internal sealed class FakeSafety : SafetyService.SafetyServiceClient
{
    public const string PersonalName = "Ann Meyer";

    public bool IsAway { get; init; }

    public override AsyncUnaryCall<MaskResponse> MaskAsync(MaskRequest request, Metadata? headers = null, DateTime? deadline = null, CancellationToken cancellationToken = default)
    {
        var reply = new MaskResponse();
        reply.Texts.AddRange(request.Texts.Select(text => text.Replace(PersonalName, "[PERSON]", StringComparison.Ordinal)));
        return new AsyncUnaryCall<MaskResponse>(
            IsAway ? Task.FromException<MaskResponse>(new RpcException(new Status(StatusCode.Unavailable, "away"))) : Task.FromResult(reply),
            Task.FromResult(new Metadata()), () => Status.DefaultSuccess, () => [], () => { });
    }
}
