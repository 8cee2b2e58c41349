using System.Diagnostics;
using Grpc.Core;
using Platform.ContextSynthesis.Decisions;
using Platform.ContextSynthesis.Questions;
using Platform.ContextSynthesis.Questions.Models;
using Platform.ContextSynthesis.Synthesis;
using Platform.Contracts.ContextSynthesis.V1;
using Platform.ServiceDefaults;

namespace Platform.ContextSynthesis;

/// <summary>Guards, then hands over to the reader of questions, the synthesizer or the decision analyst.</summary>
internal sealed class ContextSynthesisGrpcService(
    QuestionReader questions, IntentModel intents, Contexts contexts, DecisionAnalyst decisions, FrameworkCatalog frameworks, ContextSynthesisMetrics metrics,
    IRequestContextAccessor accessor)
    : ContextSynthesisService.ContextSynthesisServiceBase
{
    /// <summary>Characters of a question (context_synthesis.proto).</summary>
    private const int LongestQuery = 8_000;

    private const int LargestBudget = 100_000;

    public override async Task<Understanding> Understand(UnderstandRequest request, ServerCallContext context)
    {
        GuardQuery(request.Query);
        var started = Stopwatch.GetTimestamp();
        var understanding = questions.Read(request.Query, request.Conversation, request.Mentions);
        if (await intents.AskAsync(understanding, accessor.Current.Deadline, context.CancellationToken) is { } chosen)
        {
            understanding = questions.Read(request.Query, request.Conversation, request.Mentions, chosen);
        }

        metrics.Understood(understanding, Stopwatch.GetElapsedTime(started));
        return understanding;
    }

    public override Task<SynthesizedContext> Synthesize(SynthesizeRequest request, ServerCallContext context)
    {
        GuardQuery(request.Query);
        if (request.TokenBudget is < 0 or > LargestBudget)
        {
            throw RpcErrors.InvalidArgument("token_budget", $"Must be 0 (the default) to {LargestBudget}.");
        }

        var started = Stopwatch.GetTimestamp();
        var synthesized = contexts.Of(request);
        metrics.Synthesized(synthesized, Stopwatch.GetElapsedTime(started));
        return Task.FromResult(synthesized);
    }

    public override Task<DecisionAnalysis> AnalyzeDecision(AnalyzeDecisionRequest request, ServerCallContext context)
    {
        if (request.Context is null)
        {
            throw RpcErrors.InvalidArgument("context", "Is required.");
        }

        var framework = decisions.Choose(request.Framework, request.Context);
        if (framework is null && request.Framework.Length > 0)
        {
            throw RpcErrors.NotFound("framework", request.Framework);
        }

        var started = Stopwatch.GetTimestamp();
        var analysis = framework is null ? decisions.NoFramework(request.Context) : decisions.Analyze(framework, request.Context);
        metrics.Decided(analysis, Stopwatch.GetElapsedTime(started));
        return Task.FromResult(analysis);
    }

    public override Task<ListFrameworksResponse> ListFrameworks(ListFrameworksRequest request, ServerCallContext context)
    {
        var response = new ListFrameworksResponse();
        foreach (var framework in frameworks.All)
        {
            var measures = framework.Measures.ToList();
            response.Frameworks.Add(new Framework
            {
                Name = framework.Name,
                Title = framework.Definition.Title,
                ExampleQuestion = framework.Definition.Question.Replace("{entity}", "Delta Industries", StringComparison.Ordinal),
                NeedsFacts = { measures.SelectMany(m => m.Facts).Distinct() },
                NeedsPatterns = { measures.SelectMany(m => m.Patterns).Distinct() },
            });
        }

        return Task.FromResult(response);
    }

    private static void GuardQuery(string query)
    {
        if (string.IsNullOrWhiteSpace(query) || query.Length > LongestQuery)
        {
            throw RpcErrors.InvalidArgument("query", $"Must have 1 to {LongestQuery} characters.");
        }
    }
}
