using System.Collections.Concurrent;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts.Common.V1;
using Platform.Contracts.ContextSynthesis.V1;
using Platform.Contracts.DataQuestions.V1;
using Platform.Contracts.EntityResolution.V1;
using Platform.Contracts.Memory.V1;
using Platform.Contracts.ModelGateway.V1;
using Platform.Contracts.PatternAnalysis.V1;
using Platform.Contracts.ResponseGeneration.V1;
using Platform.ServiceDefaults;
using Xunit;
using MatchType = Platform.Contracts.EntityResolution.V1.MatchType;

namespace Platform.Gateway.Tests;

/// <summary>The services behind the gateway, as real gRPC servers that do what a test tells them.</summary>
public sealed class FakePlatform : IAsyncLifetime
{
    private WebApplication? host;

    public static EntityRef Delta { get; } = new() { Type = EntityType.Customer, Id = "C1", Name = "Delta Industries" };

    public static EntityRef DeltaLogistics { get; } = new() { Type = EntityType.Customer, Id = "C2", Name = "Delta Logistics" };

    public string Address { get; private set; } = "";

    public Func<ResolveRequest, CancellationToken, Task<ResolveResponse>> Resolve { get; set; } = (_, _) => Task.FromResult(Mentioning(Delta));

    public Func<GetConversationRequest, CancellationToken, Task<Conversation>> GetConversation { get; set; } =
        (request, _) => Task.FromResult(new Conversation { SessionId = request.SessionId });

    public Func<RetrieveRequest, CancellationToken, Task<RetrieveResponse>> RetrieveMemories { get; set; } = (_, _) => Task.FromResult(new RetrieveResponse());

    public Func<StoreRequest, CancellationToken, Task<StoreResponse>> Store { get; set; } =
        (request, _) => Task.FromResult(new StoreResponse { Memory = request.Memory, Created = true });

    public List<StoreRequest> Stored { get; } = [];

    public Func<CancellationToken, Task<RecordInteractionResponse>> RecordInteraction { get; set; } =
        _ => Task.FromResult(new RecordInteractionResponse { Recorded = true });

    public Func<GetPatternsRequest, CancellationToken, Task<GetPatternsResponse>> GetPatterns { get; set; } =
        (_, _) => Task.FromResult(new GetPatternsResponse { Customers = { new CustomerPatterns { Customer = Delta } } });

    public Func<GetFactsRequest, CancellationToken, Task<GetFactsResponse>> GetFacts { get; set; } = (_, _) => Task.FromResult(Facts());

    public Func<UnderstandRequest, CancellationToken, Task<Understanding>> Understand { get; set; } = (request, _) => Task.FromResult(new Understanding
    {
        Intent = Intent.Status,
        IntentConfidence = 1,
        Complexity = Complexity.Simple,
        StandaloneQuery = request.Query,
        NeedsFacts = true,
        NeedsPatterns = true,
        NeedsMemories = true,
    });

    public Func<SynthesizeRequest, CancellationToken, Task<SynthesizedContext>> Synthesize { get; set; } = (request, _) =>
    {
        SynthesizedContext context = new() { Query = request.Query, Understanding = request.Understanding, Confidence = 0.9, PrimaryContext = "the context" };
        context.Facts.AddRange(request.Facts);
        context.Patterns.AddRange(request.Patterns);
        context.Notes.AddRange(request.Missing.Select(m => new ConfidenceNote { Code = m.Part + "_unavailable", Text = m.Part + " is missing", Severity = Severity.Warning }));
        return Task.FromResult(context);
    };

    public Func<GenerateRequest, CancellationToken, Task<GenerateResponse>> Generate { get; set; } = (request, _) =>
    {
        GenerateResponse response = new() { Text = "Delta Industries owes **120.00 EUR**.", Confidence = 0.9, QualityScore = 0.95, PassedQualityGates = true, Method = "writer" };
        response.Notes.AddRange(request.Context.Notes);
        return Task.FromResult(response);
    };

    public Func<GenerateRequest, IServerStreamWriter<GenerateEvent>, CancellationToken, Task>? GenerateStream { get; set; }

    public List<SetPendingQuestionRequest> Pending { get; } = [];

    public Func<ListConversationsRequest, Task<ListConversationsResponse>> ListConversations { get; set; } = _ => Task.FromResult(new ListConversationsResponse());

    public Func<ListTurnsRequest, Task<ListTurnsResponse>> ListTurns { get; set; } = _ => Task.FromResult(new ListTurnsResponse());

    public Func<GetAnswerRecordRequest, Task<AnswerRecord>> GetAnswerRecord { get; set; } = _ => throw new RpcException(new Status(StatusCode.NotFound, "none"));

    public List<SetFeedbackRequest> Feedback { get; } = [];

    public Func<RecordFeedbackRequest, Task<RecordFeedbackResponse>> RecordFeedback { get; set; } = _ => Task.FromResult(new RecordFeedbackResponse());

    public List<RecordFeedbackRequest> PromptFeedback { get; } = [];

    public Func<GetRowsRequest, Task<GetRowsResponse>> GetRows { get; set; } = _ => Task.FromResult(new GetRowsResponse { Table = new Table() });

    public Func<ListPortfolioRequest, Task<ListPortfolioResponse>> ListPortfolio { get; set; } = _ => Task.FromResult(new ListPortfolioResponse());

    public Func<CompareCustomersRequest, Task<CompareCustomersResponse>> Compare { get; set; } = _ => Task.FromResult(new CompareCustomersResponse());

    public Func<ExplainInsightRequest, Task<ExplainInsightResponse>> Explain { get; set; } = _ => Task.FromResult(new ExplainInsightResponse());

    /// <summary>When the caller of each service stops waiting, by the order of the calls.</summary>
    public ConcurrentQueue<(string Method, DateTime Deadline)> Deadlines { get; } = new();

    public List<Interaction> Recorded { get; } = [];

    public List<string> RecordedFor { get; } = [];

    public List<Metadata> Headers { get; } = [];

    public static ResolveResponse Mentioning(params EntityRef[] entities)
    {
        ResolveResponse response = new();
        foreach (EntityRef entity in entities)
        {
            Candidate match = new() { Entity = entity, MatchType = MatchType.Exact, Confidence = 1 };
            response.Mentions.Add(new Mention { Text = entity.Name, Match = match, Candidates = { match } });
        }

        return response;
    }

    public static ResolveResponse Ambiguous() => new()
    {
        Mentions =
        {
            new Mention
            {
                Text = "Delta",
                DisambiguationNeeded = true,
                Candidates =
                {
                    new Candidate { Entity = Delta, Confidence = 0.5, MatchType = MatchType.Fuzzy, Distinguishing = { ["city"] = "Lyon" } },
                    new Candidate { Entity = DeltaLogistics, Confidence = 0.5, MatchType = MatchType.Fuzzy, Distinguishing = { ["city"] = "Turin" } },
                },
            },
        },
    };

    public static GetFactsResponse Facts() => new()
    {
        Entities =
        {
            new EntityFacts
            {
                Entity = Delta,
                AsOf = new Date { Iso = "2026-06-30" },
                Facts =
                {
                    new Fact
                    {
                        Kind = "open_balance",
                        Label = "Open balance",
                        Definition = "Amounts of open invoices.",
                        Value = new Value { Money = new Money { Amount = "120.00", Currency = "EUR" } },
                        Evidence = new Evidence { Table = "domain.invoices", RowIds = { "I1" }, TotalRows = 1, Sql = "SELECT 1" },
                    },
                },
            },
        },
    };

    public async ValueTask InitializeAsync()
    {
        // Empty, because the gateway's own appsettings.json lies beside the tests and names its port.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.Services.AddLogging();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc(grpc => grpc.Interceptors.Add<DeadlineReader>(this));
        builder.Services.AddSingleton(this);
        host = builder.Build();
        host.MapGrpcService<EntityResolutionFake>();
        host.MapGrpcService<MemoryFake>();
        host.MapGrpcService<PatternAnalysisFake>();
        host.MapGrpcService<FactsFake>();
        host.MapGrpcService<DataQuestionsFake>();
        host.MapGrpcService<ContextSynthesisFake>();
        host.MapGrpcService<ResponseGenerationFake>();
        host.MapGrpcService<PromptsFake>();
        host.MapGrpcService<UsageFake>();
        host.MapGrpcService<ModelsFake>();
        await host.StartAsync(TestContext.Current.CancellationToken);
        Address = host.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
    }

    public async ValueTask DisposeAsync()
    {
        if (host is not null)
        {
            await host.DisposeAsync();
        }
    }

    private sealed class DeadlineReader(FakePlatform platform) : Interceptor
    {
        public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
            TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
        {
            platform.Deadlines.Enqueue((context.Method.Split('/')[^1], context.Deadline));
            return continuation(request, context);
        }
    }

    private sealed class PromptsFake(FakePlatform platform) : PromptsService.PromptsServiceBase
    {
        public override Task<RecordFeedbackResponse> RecordFeedback(RecordFeedbackRequest request, ServerCallContext context)
        {
            platform.PromptFeedback.Add(request);
            return platform.RecordFeedback(request);
        }
    }

    private sealed class UsageFake : UsageService.UsageServiceBase
    {
        public override Task<Allocation> GetAllocation(GetAllocationRequest request, ServerCallContext context)
        {
            if (!request.AllOrganizations || request.Period.From.Iso.Length != 10)
            {
                throw RpcErrors.InvalidArgument("period.from", "must be an ISO day such as 2026-03-31");
            }

            Money Amount(string amount) => new() { Amount = amount, Currency = "USD" };
            Allocation allocation = new()
            {
                Period = request.Period,
                Totals = { new AllocationTotal { Cost = Amount("0.0072"), Charged = Amount("0.0144"), Billed = Amount("0.01") } },
                UnpricedRequests = 1,
            };
            foreach (string organization in new[] { "acme", "beta" })
            {
                allocation.Lines.Add(new AllocationLine
                {
                    OrganizationId = organization, Operation = "response_generation", Model = "model-x", Requests = 2, Tokens = new TokenUsage { Input = 1000, Output = 200 },
                    Cost = organization == "acme" ? Amount("0.0072") : null, PriceVersion = request.Markup == 2 ? "2026-01" : "",
                });
            }

            return Task.FromResult(allocation);
        }

        public override async Task ExportAllocation(GetAllocationRequest request, IServerStreamWriter<CsvChunk> responseStream, ServerCallContext context)
        {
            _ = await GetAllocation(request, context);
            await responseStream.WriteAsync(new CsvChunk { Data = Google.Protobuf.ByteString.CopyFromUtf8("organization_id\r\n") }, context.CancellationToken);
            await responseStream.WriteAsync(new CsvChunk { Data = Google.Protobuf.ByteString.CopyFromUtf8("acme\r\n") }, context.CancellationToken);
        }
    }

    private sealed class ModelsFake : ModelGatewayService.ModelGatewayServiceBase
    {
        private readonly Breaker breaker = new() { Provider = "first", Endpoint = "chat", State = BreakerState.Closed };

        public override Task<ListProvidersResponse> ListProviders(ListProvidersRequest request, ServerCallContext context) =>
            Task.FromResult(new ListProvidersResponse { Providers = { new Provider { Name = "first", Kind = "openai", Priority = 1, Weight = 1, Models = { "primary" }, Reason = "its breaker is open" } } });

        public override Task<ListBreakersResponse> ListBreakers(ListBreakersRequest request, ServerCallContext context) =>
            Task.FromResult(new ListBreakersResponse { Breakers = { breaker } });

        public override Task<Breaker> SetBreaker(SetBreakerRequest request, ServerCallContext context) => request.Provider == breaker.Provider
            ? Task.FromResult(new Breaker(breaker) { State = request.State, Forced = request.State == BreakerState.Open })
            : throw RpcErrors.NotFound("provider", request.Provider);
    }

    private sealed class EntityResolutionFake(FakePlatform platform) : EntityResolutionService.EntityResolutionServiceBase
    {
        public override Task<ResolveResponse> Resolve(ResolveRequest request, ServerCallContext context)
        {
            lock (platform.Headers)
            {
                platform.Headers.Add(context.RequestHeaders);
            }

            return platform.Resolve(request, context.CancellationToken);
        }

        public override Task<SuggestResponse> Suggest(SuggestRequest request, ServerCallContext context) => Task.FromResult(new SuggestResponse
        {
            Candidates = { new Candidate { Entity = Delta, Confidence = 0.9 } },
        });
    }

    private sealed class MemoryFake(FakePlatform platform) : MemoryService.MemoryServiceBase
    {
        public override Task<Conversation> GetConversation(GetConversationRequest request, ServerCallContext context) =>
            platform.GetConversation(request, context.CancellationToken);

        public override Task<ListConversationsResponse> ListConversations(ListConversationsRequest request, ServerCallContext context) =>
            platform.ListConversations(request);

        public override Task<ListTurnsResponse> ListTurns(ListTurnsRequest request, ServerCallContext context) => platform.ListTurns(request);

        public override Task<AnswerRecord> GetAnswerRecord(GetAnswerRecordRequest request, ServerCallContext context) => platform.GetAnswerRecord(request);

        public override Task<Feedback> SetFeedback(SetFeedbackRequest request, ServerCallContext context)
        {
            platform.Feedback.Add(request);
            return Task.FromResult(new Feedback { Verdict = request.Verdict, Comment = request.Comment });
        }

        public override Task<StoreResponse> Store(StoreRequest request, ServerCallContext context)
        {
            lock (platform.Stored)
            {
                platform.Stored.Add(request);
            }

            return platform.Store(request, context.CancellationToken);
        }

        public override Task<RetrieveResponse> Retrieve(RetrieveRequest request, ServerCallContext context) =>
            platform.RetrieveMemories(request, context.CancellationToken);

        public override Task<Conversation> SetPendingQuestion(SetPendingQuestionRequest request, ServerCallContext context)
        {
            lock (platform.Pending)
            {
                platform.Pending.Add(request);
            }

            return Task.FromResult(new Conversation { SessionId = request.SessionId });
        }

        public override Task<RecordInteractionResponse> RecordInteraction(Interaction request, ServerCallContext context)
        {
            lock (platform.Recorded)
            {
                platform.Recorded.Add(request);
                platform.RecordedFor.Add(context.RequestHeaders.GetValue("x-organization-id") ?? "");
            }

            return platform.RecordInteraction(context.CancellationToken);
        }
    }

    private sealed class PatternAnalysisFake(FakePlatform platform) : PatternAnalysisService.PatternAnalysisServiceBase
    {
        public override Task<GetPatternsResponse> GetPatterns(GetPatternsRequest request, ServerCallContext context) =>
            platform.GetPatterns(request, context.CancellationToken);

        public override Task<ListPortfolioResponse> ListPortfolio(ListPortfolioRequest request, ServerCallContext context) => platform.ListPortfolio(request);

        public override Task<CompareCustomersResponse> CompareCustomers(CompareCustomersRequest request, ServerCallContext context) => platform.Compare(request);

        public override Task<ExplainInsightResponse> ExplainInsight(ExplainInsightRequest request, ServerCallContext context) => platform.Explain(request);
    }

    private sealed class FactsFake(FakePlatform platform) : FactsService.FactsServiceBase
    {
        public override Task<GetFactsResponse> GetFacts(GetFactsRequest request, ServerCallContext context) =>
            platform.GetFacts(request, context.CancellationToken);

        public override Task<GetRowsResponse> GetRows(GetRowsRequest request, ServerCallContext context) => platform.GetRows(request);
    }

    private sealed class DataQuestionsFake : DataQuestionsService.DataQuestionsServiceBase;

    private sealed class ContextSynthesisFake(FakePlatform platform) : ContextSynthesisService.ContextSynthesisServiceBase
    {
        public override Task<Understanding> Understand(UnderstandRequest request, ServerCallContext context) =>
            platform.Understand(request, context.CancellationToken);

        public override Task<SynthesizedContext> Synthesize(SynthesizeRequest request, ServerCallContext context) =>
            platform.Synthesize(request, context.CancellationToken);
    }

    private sealed class ResponseGenerationFake(FakePlatform platform) : ResponseGenerationService.ResponseGenerationServiceBase
    {
        public override Task<GenerateResponse> Generate(GenerateRequest request, ServerCallContext context) =>
            platform.Generate(request, context.CancellationToken);

        public override async Task GenerateStream(GenerateRequest request, IServerStreamWriter<GenerateEvent> responseStream, ServerCallContext context)
        {
            if (platform.GenerateStream is { } script)
            {
                await script(request, responseStream, context.CancellationToken);
                return;
            }

            GenerateResponse whole = await platform.Generate(request, context.CancellationToken);
            await responseStream.WriteAsync(new GenerateEvent { Delta = whole.Text }, context.CancellationToken);
            await responseStream.WriteAsync(new GenerateEvent { Completed = whole }, context.CancellationToken);
        }

        public override Task<GenerateResponse> WriteDisambiguation(WriteDisambiguationRequest request, ServerCallContext context) =>
            Task.FromResult(new GenerateResponse { Text = "Which Delta do you mean?", Confidence = 1, QualityScore = 1, PassedQualityGates = true, Method = "writer" });
    }
}
