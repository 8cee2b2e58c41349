using Grpc.Core;
using Microsoft.Extensions.Options;
using Platform.Contracts.ResponseGeneration.V1;
using Platform.ResponseGeneration.Generation;
using Platform.ResponseGeneration.Models;
using Platform.ResponseGeneration.Writing;
using Platform.ServiceDefaults;

namespace Platform.ResponseGeneration;

/// <summary>Guards, then hands over to the generator.</summary>
internal sealed class ResponseGenerationGrpcService(AnswerGenerator generator, IRequestContextAccessor accessor, IOptionsMonitor<GenerationOptions> options)
    : ResponseGenerationService.ResponseGenerationServiceBase
{
    public override Task<GenerateResponse> Generate(GenerateRequest request, ServerCallContext context) =>
        generator.GenerateAsync(Guarded(request), LanguageOf(request.Culture), accessor.Current.Deadline, NoSink.Instance, context.CancellationToken);

    public override async Task GenerateStream(GenerateRequest request, IServerStreamWriter<GenerateEvent> responseStream, ServerCallContext context)
    {
        var sink = new StreamSink(responseStream);
        var response = await generator.GenerateAsync(Guarded(request), LanguageOf(request.Culture), accessor.Current.Deadline, sink, context.CancellationToken);
        await responseStream.WriteAsync(new GenerateEvent { Completed = response }, context.CancellationToken);
    }

    public override Task<GenerateResponse> WriteDisambiguation(WriteDisambiguationRequest request, ServerCallContext context) =>
        request.Mentions.Count == 0
            ? throw RpcErrors.InvalidArgument("mentions", "Must hold at least one mention.")
            : Task.FromResult(AnswerGenerator.Disambiguate(request.Mentions, LanguageOf(request.Culture)));

    private static GenerateRequest Guarded(GenerateRequest request) =>
        request.Context is null ? throw RpcErrors.InvalidArgument("context", "Is required.") : request;

    /// <summary>The culture that the request names, else that of its organization, else the configured one.</summary>
    private Language LanguageOf(string culture) =>
        Language.TryFind(culture.Length > 0 ? culture : options.CurrentValue.Cultures.GetValueOrDefault(accessor.Current.OrganizationId, options.CurrentValue.Culture), out var language)
            ? language
            : throw RpcErrors.InvalidArgument("culture", $"\"{culture}\" is not a culture that is known here; use a tag such as \"en-GB\".");

    private sealed class StreamSink(IServerStreamWriter<GenerateEvent> stream) : IAnswerSink
    {
        public async ValueTask TextAsync(string text, CancellationToken cancellationToken)
        {
            if (text.Length > 0)
            {
                await stream.WriteAsync(new GenerateEvent { Delta = text }, cancellationToken);
            }
        }

        public async ValueTask WithdrawAsync(CancellationToken cancellationToken) => await stream.WriteAsync(new GenerateEvent { Reset = true }, cancellationToken);
    }
}
