using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Platform.Contracts.ModelGateway.V1;

namespace Platform.ContextSynthesis.Tests.Questions;

/// <summary>A model gateway on a real port whose model says what a test tells it.</summary>
internal sealed class FakeModels : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly List<CompletionRequest> _requests = [];

    private FakeModels(WebApplication app) => _app = app;

    /// <summary>What the model answers.</summary>
    public Func<CancellationToken, Task<CompletionResponse>> Answer { get; set; } = _ => Says("");

    public IReadOnlyList<CompletionRequest> Requests => _requests;

    public string Address => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    public static async Task<FakeModels> StartAsync(CancellationToken cancellationToken)
    {
        // Elsewhere than beside the settings of the service, which name its ports.
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = Path.GetTempPath() });
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc();
        FakeModels? fake = null;
        builder.Services.AddSingleton(_ => fake!);
        var app = builder.Build();
        app.MapGrpcService<Models>();
        app.MapGrpcService<Prompts>();
        fake = new FakeModels(app);
        await app.StartAsync(cancellationToken);
        return fake;
    }

    public static Task<CompletionResponse> Says(string text, FinishReason end = FinishReason.Stop) => Task.FromResult(new CompletionResponse { Text = text, FinishReason = end });

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    internal sealed class Models(FakeModels fake) : ModelGatewayService.ModelGatewayServiceBase
    {
        public override Task<CompletionResponse> Complete(CompletionRequest request, ServerCallContext context)
        {
            fake._requests.Add(request);
            return fake.Answer(context.CancellationToken);
        }
    }

    internal sealed class Prompts : PromptsService.PromptsServiceBase
    {
        public override Task<RenderResponse> Render(RenderRequest request, ServerCallContext context) => Task.FromResult(new RenderResponse
        {
            Version = new PromptVersion { PromptName = request.PromptName, Version = 3 },
            Messages = { new Message { Role = Role.User, Text = $"{request.Variables["intents"]}\n<question>\n{request.Variables["question"]}\n</question>" } },
        });
    }
}
