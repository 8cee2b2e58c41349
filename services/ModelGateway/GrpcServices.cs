using Platform.ModelGateway.Completions;
using Platform.ModelGateway.Prompts;
using Platform.ModelGateway.Safety;
using Platform.ModelGateway.Usage;

namespace Platform.ModelGateway;

internal static class GrpcServices
{
    /// <summary>The services of the contract <c>platform.modelgateway.v1</c>.</summary>
    internal static void MapGrpcServices(this WebApplication app)
    {
        app.MapGrpcService<ModelGatewayGrpcService>();
        app.MapGrpcService<PromptsGrpcService>();
        app.MapGrpcService<UsageGrpcService>();
        app.MapGrpcService<SafetyGrpcService>();
    }
}
