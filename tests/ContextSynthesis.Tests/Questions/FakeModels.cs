using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts.ModelGateway.V1;
using Platform.Testing;

namespace Platform.ContextSynthesis.Tests.Questions;

/// <summary>A model gateway on a real port whose model says what a test tells it.</summary>
internal sealed class FakeModels : IAsyncDisposable
{
    private LoopbackServer? _server;
    private readonly List<CompletionRequest> _requests = [];

    private FakeModels()
    {
    }

    /// <summary>What the model answers.</summary>
    public Func<CancellationToken, Task<CompletionResponse>> Answer { get; set; } = _ => Says("");

    public IReadOnlyList<CompletionRequest> Requests => _requests;

    public string Address => _server!.Address;

    public static async Task<FakeModels> StartAsync(CancellationToken cancellationToken)
    {
        var fake = new FakeModels();
        fake._server = await LoopbackServer.StartAsync(
            HttpProtocols.Http2,
            services =>
            {
                services.AddGrpc();
                services.AddSingleton(fake);
            },
            app => app.MapGrpcService<Models>(),
            cancellationToken);
        return fake;
    }

    public static Task<CompletionResponse> Says(string text, FinishReason end = FinishReason.Stop) => Task.FromResult(new CompletionResponse { Text = text, FinishReason = end });

    public ValueTask DisposeAsync() => _server!.DisposeAsync();

    internal sealed class Models(FakeModels fake) : ModelGatewayService.ModelGatewayServiceBase
    {
        public override Task<CompletionResponse> Complete(CompletionRequest request, ServerCallContext context)
        {
            if (request.Prompt is { } prompt)
            {
                (request.PromptName, request.PromptVersion) = (prompt.PromptName, 3);
                request.Messages.Add(new Message { Role = Role.User, Text = $"{prompt.Variables["intents"]}\n<question>\n{prompt.Variables["question"]}\n</question>" });
            }

            fake._requests.Add(request);
            return fake.Answer(context.CancellationToken);
        }
    }
}
