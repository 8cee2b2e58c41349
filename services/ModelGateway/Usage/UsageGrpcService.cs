using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Platform.Contracts.Common.V1;
using Platform.Contracts.ModelGateway.V1;
using Platform.ModelGateway.Budgets;
using Platform.ModelGateway.Providers;
using Platform.ServiceDefaults;

namespace Platform.ModelGateway.Usage;

/// <summary>What an organization used, and what it is charged for it.</summary>
internal sealed class UsageGrpcService(UsageStore store, BudgetGuard budgets, IRequestContextAccessor accessor, IOptionsMonitor<ModelGatewayOptions> options)
    : UsageService.UsageServiceBase
{
    public override async Task<Allocation> GetAllocation(GetAllocationRequest request, ServerCallContext context)
    {
        var bills = await BillsAsync(request, context.CancellationToken);
        var allocation = new Allocation { Period = request.Period, UnpricedRequests = bills.Lines.Sum(line => line.Charge.Sum.Unpriced) };
        allocation.Totals.AddRange(bills.Totals.Select(total => new AllocationTotal
        {
            Cost = Money(total.Cost, total.Currency),
            Charged = Money(total.Charged, total.Currency),
            Billed = Money(total.Billed, total.Currency),
        }));
        if (allocation.Totals.Count <= 1)
        {
            allocation.Cost = allocation.Totals.FirstOrDefault()?.Cost ?? Money(0, "USD");
            allocation.Charged = allocation.Totals.FirstOrDefault()?.Charged ?? Money(0, "USD");
        }

        allocation.Lines.AddRange(bills.Lines.Select(line => Describe(line.Organization, line.Charge)));
        return allocation;
    }

    public override async Task ExportAllocation(GetAllocationRequest request, IServerStreamWriter<CsvChunk> responseStream, ServerCallContext context)
    {
        var bills = await BillsAsync(request, context.CancellationToken);
        await responseStream.WriteAsync(new CsvChunk { Data = ByteString.CopyFromUtf8(AllocationCsv.Header) }, context.CancellationToken);
        foreach (var lines in bills.Lines.Chunk(500))
        {
            var text = string.Concat(lines.Select(line => AllocationCsv.Line(line.Organization, line.Charge)));
            await responseStream.WriteAsync(new CsvChunk { Data = ByteString.CopyFromUtf8(text) }, context.CancellationToken);
        }
    }

    public override async Task<ListBudgetsResponse> ListBudgets(ListBudgetsRequest request, ServerCallContext context)
    {
        var states = await budgets.StatesAsync(accessor.Current.OrganizationId, context.CancellationToken)
            ?? throw RpcErrors.Unavailable(BudgetErrors.Unavailable, "What is left of the budgets cannot be read now.");
        var response = new ListBudgetsResponse();
        response.Budgets.AddRange(states.Select(state => new Contracts.ModelGateway.V1.Budget
        {
            Unit = state.Budget.Unit.ToString().ToLowerInvariant(),
            Window = state.Budget.Window,
            Currency = state.Budget.Currency,
            Limit = Plain(state.Budget.Amount(state.Budget.Limit)),
            Spent = Plain(state.Budget.Amount(state.Spent)),
            Reserved = Plain(state.Budget.Amount(state.Reserved)),
            Left = Plain(state.Budget.Amount(state.Left)),
            ResetsAt = state.WindowEnd.ToTimestamp(),
        }));
        return response;
    }

    private async Task<AllocationBills> BillsAsync(GetAllocationRequest request, CancellationToken cancellationToken)
    {
        var (from, until, markup) = Read(request);
        return AllocationBills.Of(await store.SumAsync(request.AllOrganizations ? null : accessor.Current.OrganizationId, from, until, cancellationToken), markup);
    }

    private (DateOnly From, DateOnly Until, decimal Markup) Read(GetAllocationRequest request)
    {
        var problems = new List<(string, string)>();
        var (from, until) = Periods.Read(request.Period, problems);
        if (request.Markup != 0 && !(request.Markup is >= 1 and <= 100))
        {
            problems.Add(("markup", "must be 1 to 100, or 0 for the default"));
        }

        return problems.Count == 0
            ? (from, until, request.Markup == 0 ? options.CurrentValue.Markup : (decimal)request.Markup)
            : throw RpcErrors.InvalidArgument(problems);
    }

    private static AllocationLine Describe(string organization, AllocationCharge line)
    {
        var sum = line.Sum;
        var described = new AllocationLine
        {
            OrganizationId = organization,
            Operation = sum.Operation,
            Model = sum.Model,
            Requests = sum.Requests,
            Tokens = new TokenUsage { Input = sum.Tokens.Input, Output = sum.Tokens.Output, CachedInput = sum.Tokens.CachedInput, Reasoning = sum.Tokens.Reasoning },
            PromptName = sum.PromptName,
            PromptVersion = sum.PromptVersion,
            PriceVersion = sum.PriceVersion,
            UnpricedRequests = sum.Unpriced,
        };
        if (sum.Currency is { } currency)
        {
            (described.Cost, described.Charged, described.Billed) = (Money(sum.Cost, currency), Money(line.Charged, currency), Money(line.Billed, currency));
        }

        return described;
    }

    private static Money Money(decimal amount, string currency) => new() { Amount = Plain(amount), Currency = currency };

    private static string Plain(decimal amount) => AllocationReport.Plain(amount);
}
