using Microsoft.Extensions.Options;
using Platform.Contracts.Common.V1;
using Platform.Contracts.ContextSynthesis.V1;
using Platform.Contracts.DataQuestions.V1;
using Platform.Contracts.Memory.V1;
using Platform.Contracts.PatternAnalysis.V1;
using Platform.ServiceDefaults;

namespace Platform.Gateway.Chat;

/// <summary>What was found for a question, what is missing, and what is an older reply that stands in.</summary>
internal sealed record Retrieved(
    IReadOnlyList<ScoredMemory> Memories,
    IReadOnlyList<CustomerPatterns> Patterns,
    ListPortfolioResponse? PortfolioPatterns,
    IReadOnlyList<EntityFacts> Facts,
    AskResponse? DataQuestion,
    IReadOnlyList<MissingPart> Missing,
    IReadOnlyList<string> Remembered);

/// <summary>
/// Memories, patterns, facts and the data question, side by side within one budget: the time is that of the slowest, and
/// what is late or fails is left out and named (A2, A3).
/// </summary>
internal sealed class Retrieval(
    Parts parts,
    MemoryService.MemoryServiceClient memory,
    PatternAnalysisService.PatternAnalysisServiceClient patterns,
    FactsService.FactsServiceClient facts,
    DataQuestionsService.DataQuestionsServiceClient dataQuestions,
    Stages stages,
    IOptionsMonitor<ChatOptions> options)
{
    // An answer shows the first rows and how many there are; /api/customers/{id}/facts lists more.
    private const int EvidenceRows = 10;

    // As many changes of all customers as an answer may show; it tells how many there are.
    private const int PortfolioEntries = 20;

    // Earlier questions and answers would crowd out what was noted; the conversation itself is read apart.
    private static readonly MemoryKind[] WorthRecalling = [MemoryKind.Note, MemoryKind.Preference, MemoryKind.Decision, MemoryKind.Document, MemoryKind.Context];

    public async Task<Retrieved> RetrieveAsync(
        string query,
        Understanding understanding,
        IReadOnlyList<EntityRef> entities,
        RequestContext context,
        CancellationToken cancellationToken)
    {
        ChatOptions limits = options.CurrentValue;
        EntityRef[] customers = [.. entities.Where(e => e.Type == EntityType.Customer)];

        Task<Part<RetrieveResponse>>? memoriesTask = understanding.NeedsMemories && limits.Memories > 0
            ? stages.MeasureAsync("memories", () => parts.AskAsync(
                "memories", "memory", context.OrganizationId,
                new RetrieveRequest { Query = query, Entities = { entities }, Limit = limits.Memories, EntitiesOnly = entities.Count > 0, Kinds = { WorthRecalling } },
                limits.Retrieval, memory.RetrieveAsync, cancellationToken))
            : null;

        Task<Part<GetPatternsResponse>>? patternsTask = understanding.NeedsPatterns && customers.Length > 0
            ? stages.MeasureAsync("patterns", () => parts.AskAsync(
                "patterns", "pattern-analysis", context.OrganizationId,
                new GetPatternsRequest { CustomerIds = { customers.Select(c => c.Id).Distinct() }, AsOf = understanding.AsOf },
                limits.Retrieval, patterns.GetPatternsAsync, cancellationToken, remember: true))
            : null;

        Task<Part<ListPortfolioResponse>>? portfolioTask = understanding is { Intent: Intent.Pattern, Portfolio: true } && customers.Length == 0
            ? stages.MeasureAsync("patterns", () => parts.AskAsync(
                "patterns", "pattern-analysis", context.OrganizationId,
                new ListPortfolioRequest
                {
                    Types_ = { understanding.PatternTypes },
                    Direction = understanding.PatternDirection,
                    Changed = understanding.PatternChanged,
                    Page = new PageRequest { Size = PortfolioEntries },
                },
                limits.Retrieval, patterns.ListPortfolioAsync, cancellationToken, remember: true))
            : null;

        Task<Part<GetFactsResponse>>? factsTask = understanding.NeedsFacts
            ? stages.MeasureAsync("facts", () => parts.AskAsync(
                "facts", "data-questions", context.OrganizationId,
                new GetFactsRequest
                {
                    Entities = { entities },
                    Portfolio = understanding.Portfolio || entities.Count == 0,
                    AsOf = understanding.AsOf,
                    EvidenceRows = EvidenceRows,
                    ShareSql = true,
                },
                limits.Retrieval, facts.GetFactsAsync, cancellationToken, remember: true))
            : null;

        Task<Part<AskResponse>>? dataQuestionTask = understanding.NeedsDataQuestion
            ? stages.MeasureAsync("data_question", () => parts.AskAsync(
                "data_question", "data-questions", context.OrganizationId,
                new AskRequest { Question = query, Entities = { entities } },
                limits.Retrieval, dataQuestions.AskAsync, cancellationToken, remember: true))
            : null;

        List<MissingPart> missing = [];
        List<string> remembered = [];
        RetrieveResponse? foundMemories = await ValueOf("memories", memoriesTask);
        GetPatternsResponse? foundPatterns = await ValueOf("patterns", patternsTask);
        ListPortfolioResponse? foundPortfolio = await ValueOf("patterns", portfolioTask);
        GetFactsResponse? foundFacts = await ValueOf("facts", factsTask);
        AskResponse? foundData = await ValueOf("data_question", dataQuestionTask);

        return new Retrieved(
            foundMemories?.Memories ?? [],
            foundPatterns?.Customers ?? [],
            foundPortfolio,
            foundFacts?.Entities ?? [],
            foundData,
            missing,
            remembered);

        async Task<T?> ValueOf<T>(string part, Task<Part<T>>? task)
            where T : class
        {
            if (task is null)
            {
                return null;
            }

            try
            {
                Part<T> found = await task;
                if (found.Remembered)
                {
                    remembered.Add(part);
                    return MarkStale(found.Value!);
                }

                if (found.Missing)
                {
                    missing.Add(new MissingPart { Part = part, Reason = found.Failure! });
                }

                return found.Value;
            }
            catch (Grpc.Core.RpcException refusal)
            {
                missing.Add(new MissingPart { Part = part, Reason = refusal.StatusCode.ToString() });
                return null;
            }
        }
    }

    // The remembered message is shared between requests, so a copy carries the mark.
    private static T MarkStale<T>(T reply)
        where T : class
    {
        switch (reply)
        {
            case GetPatternsResponse { } found:
                GetPatternsResponse staleFound = found.Clone();
                foreach (CustomerPatterns customer in staleFound.Customers)
                {
                    customer.Stale = true;
                }

                return (staleFound as T)!;
            case GetFactsResponse { } found:
                GetFactsResponse staleFacts = found.Clone();
                foreach (EntityFacts entity in staleFacts.Entities)
                {
                    entity.Stale = true;
                }

                return (staleFacts as T)!;
            default:
                return reply;
        }
    }
}
