using Grpc.Core;
using Platform.Contracts.ModelGateway.V1;
using Platform.ServiceDefaults;

namespace Platform.ModelGateway.Safety;

/// <summary>The contract's SafetyService: masks what other services are about to keep.</summary>
internal sealed class SafetyGrpcService(SafetyScreen screen, IRequestContextAccessor accessor) : SafetyService.SafetyServiceBase
{
    private const int MostTexts = 1_000;
    private const int MostCharacters = 1_000_000;

    public override Task<MaskResponse> Mask(MaskRequest request, ServerCallContext context)
    {
        if (request.Texts.Count > MostTexts || request.Texts.Sum(text => (long)text.Length) > MostCharacters)
        {
            throw RpcErrors.InvalidArgument("texts", $"must be at most {MostTexts} texts with {MostCharacters} characters together");
        }

        var organization = accessor.Current.OrganizationId;
        var response = new MaskResponse();
        foreach (var text in request.Texts)
        {
            context.CancellationToken.ThrowIfCancellationRequested();
            response.Texts.Add(screen.Masked(organization, text));
        }

        return Task.FromResult(response);
    }
}
