using System.Globalization;
using System.Text;
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
    private const string Header = "organization_id,operation,model,requests,input_tokens,output_tokens,cached_input_tokens,reasoning_tokens,cost,charged,currency\r\n";

    public override async Task<Allocation> GetAllocation(GetAllocationRequest request, ServerCallContext context)
    {
        var (from, until, markup) = Read(request);
        var organization = accessor.Current.OrganizationId;
        var sums = await store.SumAsync(organization, from, until, context.CancellationToken);
        var currencies = sums.Where(sum => sum.Cost != 0).Select(sum => sum.Currency).Distinct(StringComparer.Ordinal).ToArray();
        if (currencies.Length > 1)
        {
            throw RpcErrors.FailedPrecondition("SEVERAL_CURRENCIES", $"The period has costs in {string.Join(" and ", currencies)}, which have no common total. Export the lines instead.");
        }

        var currency = currencies.FirstOrDefault() ?? "USD";
        var allocation = new Allocation
        {
            Period = request.Period,
            Cost = Money(sums.Sum(sum => sum.Cost), currency),
            Charged = Money(sums.Sum(sum => sum.Cost) * markup, currency),
        };
        allocation.Lines.AddRange(sums.Select(sum => new AllocationLine
        {
            OrganizationId = organization,
            Operation = sum.Operation,
            Model = sum.Model,
            Requests = sum.Requests,
            Tokens = new TokenUsage { Input = sum.Tokens.Input, Output = sum.Tokens.Output, CachedInput = sum.Tokens.CachedInput, Reasoning = sum.Tokens.Reasoning },
            Cost = Money(sum.Cost, sum.Currency),
            Charged = Money(sum.Cost * markup, sum.Currency),
        }));
        return allocation;
    }

    public override async Task ExportAllocation(GetAllocationRequest request, IServerStreamWriter<CsvChunk> responseStream, ServerCallContext context)
    {
        var (from, until, markup) = Read(request);
        var organization = accessor.Current.OrganizationId;
        var sums = await store.SumAsync(organization, from, until, context.CancellationToken);
        await responseStream.WriteAsync(new CsvChunk { Data = ByteString.CopyFromUtf8(Header) }, context.CancellationToken);
        foreach (var lines in sums.Chunk(500))
        {
            var text = new StringBuilder();
            foreach (var sum in lines)
            {
                text.AppendJoin(',', Csv(organization), Csv(sum.Operation), Csv(sum.Model), Number(sum.Requests), Number(sum.Tokens.Input), Number(sum.Tokens.Output),
                    Number(sum.Tokens.CachedInput), Number(sum.Tokens.Reasoning), Plain(sum.Cost), Plain(sum.Cost * markup), sum.Currency).Append("\r\n");
            }

            await responseStream.WriteAsync(new CsvChunk { Data = ByteString.CopyFromUtf8(text.ToString()) }, context.CancellationToken);
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

    private (DateOnly From, DateOnly Until, decimal Markup) Read(GetAllocationRequest request)
    {
        var problems = new List<(string, string)>();
        var from = Day(request.Period?.From, "period.from", problems);
        var until = Day(request.Period?.Until, "period.until", problems);
        if (problems.Count == 0 && until <= from)
        {
            problems.Add(("period.until", "must be after period.from"));
        }

        if (request.Markup != 0 && !(request.Markup is >= 1 and <= 100))
        {
            problems.Add(("markup", "must be 1 to 100, or 0 for the default"));
        }

        return problems.Count == 0
            ? (from, until, request.Markup == 0 ? options.CurrentValue.Markup : (decimal)request.Markup)
            : throw RpcErrors.InvalidArgument(problems);
    }

    private static DateOnly Day(Date? date, string field, List<(string, string)> problems)
    {
        if (DateOnly.TryParseExact(date?.Iso, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
        {
            return day;
        }

        problems.Add((field, "must be an ISO day such as 2026-03-31"));
        return default;
    }

    private static Money Money(decimal amount, string currency) => new() { Amount = Plain(amount), Currency = currency };

    private static string Plain(decimal amount) => amount.ToString("0.#########", CultureInfo.InvariantCulture);

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    // RFC 4180 quoting; a leading = + - @ would run as a formula in spreadsheets.
    internal static string Csv(string text)
    {
        var safe = text.Length > 0 && "=+-@".Contains(text[0], StringComparison.Ordinal) ? "'" + text : text;
        return safe.AsSpan().IndexOfAny(",\"\r\n") < 0 ? safe : $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
