using System.Text.RegularExpressions;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts.ModelGateway.V1;
using Platform.Testing;

namespace Platform.ResponseGeneration.Tests;

/// <summary>A model gateway on a real port whose models say what a test tells them.</summary>
internal sealed class FakeModelGateway : IAsyncDisposable
{
    private LoopbackServer? _server;
    private readonly Lock _lock = new();
    private readonly List<CompletionRequest> _requests = [];

    private FakeModelGateway()
    {
    }

    /// <summary>What the models answer.</summary>
    public Func<CompletionRequest, CancellationToken, Task<CompletionResponse>> Complete { get; set; } = (_, _) => throw NoProvider();

    /// <summary>What the models send event by event, instead of <see cref="Complete"/>.</summary>
    public Func<CompletionRequest, CancellationToken, IAsyncEnumerable<CompletionEvent>>? Stream { get; set; }

    public Func<RenderRequest, RenderResponse> Render { get; set; } = _ => throw new RpcException(new Status(StatusCode.NotFound, "no such prompt"));

    public int Renders { get; private set; }

    public string Address => _server!.Address;

    public IReadOnlyList<CompletionRequest> Requests
    {
        get
        {
            lock (_lock)
            {
                return [.. _requests];
            }
        }
    }

    public void Forget()
    {
        (Complete, Stream) = ((_, _) => throw NoProvider(), null);
        lock (_lock)
        {
            _requests.Clear();
        }
    }

    public static async Task<FakeModelGateway> StartAsync(CancellationToken cancellationToken)
    {
        var fake = new FakeModelGateway();
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

    public static RpcException NoProvider() => new(new Status(StatusCode.FailedPrecondition, "no provider is configured"));

    public static Task<CompletionResponse> Says(string text) => Task.FromResult(new CompletionResponse
    {
        Text = text,
        FinishReason = FinishReason.Stop,
        Report = new CallReport { Provider = "fake", Model = "fake-1", Tokens = new TokenUsage { Input = 900, Output = 120 } },
    });

    public ValueTask DisposeAsync() => _server!.DisposeAsync();

    internal sealed class Models(FakeModelGateway fake) : ModelGatewayService.ModelGatewayServiceBase
    {
        public override async Task CompleteStream(CompletionRequest request, IServerStreamWriter<CompletionEvent> responseStream, ServerCallContext context)
        {
            if (request.Prompt is { } prompt)
            {
                fake.Renders++;
                var rendered = fake.Render(prompt);
                Message[] given = [.. request.Messages];
                request.Messages.Clear();
                request.Messages.AddRange([.. rendered.Messages, .. given]);
                (request.PromptName, request.PromptVersion) = (prompt.PromptName, rendered.Version?.Version ?? 0);
                await responseStream.WriteAsync(new CompletionEvent { Rendered = rendered }, context.CancellationToken);
            }

            lock (fake._lock)
            {
                fake._requests.Add(request);
            }

            if (fake.Stream is { } stream)
            {
                await foreach (var part in stream(request, context.CancellationToken))
                {
                    await responseStream.WriteAsync(part, context.CancellationToken);
                }

                return;
            }

            var response = await fake.Complete(request, context.CancellationToken);
            foreach (var word in Regex.Matches(response.Text, @"\S+\s*|\s+").Select(m => m.Value))
            {
                await responseStream.WriteAsync(new CompletionEvent { Delta = word }, context.CancellationToken);
            }

            await responseStream.WriteAsync(new CompletionEvent { Completed = response }, context.CancellationToken);
        }
    }
}
