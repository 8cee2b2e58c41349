using Grpc.Core;
using Platform.Contracts.Common.V1;
using Platform.Contracts.ModelGateway.V1;
using Platform.Gateway.Problems;

namespace Platform.Gateway.Operations;

/// <summary>An amount, as plain text with all its digits.</summary>
public sealed record AmountView(string Amount, string Currency);

/// <summary>What one organization used for one operation, model, prompt version and price list; amounts are absent when no price is known.</summary>
public sealed record UsageLineView(
    string OrganizationId, string Operation, string Model, long Requests, long InputTokens, long OutputTokens, long CachedInputTokens, long ReasoningTokens,
    AmountView? Cost, AmountView? Charged, AmountView? Billed, string? PromptName, int? PromptVersion, string PriceVersion, long UnpricedRequests);

/// <summary>The sums of a currency: what the ledger has, times markup, and what the bills of all organizations add up to.</summary>
public sealed record UsageTotalView(AmountView Cost, AmountView Charged, AmountView Billed);

/// <summary>The model usage of all organizations from a day on, until another, which is not part of it.</summary>
public sealed record UsageView(string From, string Until, IReadOnlyList<UsageTotalView> Totals, long UnpricedRequests, IReadOnlyList<UsageLineView> Lines);

/// <summary>What models cost, over all organizations (requirement G6).</summary>
internal static class ModelUsageEndpoints
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static void MapModelUsage(this IEndpointRouteBuilder operations)
    {
        operations.MapGet("/usage", ReportAsync).WithName("ModelUsage")
            .WithMetadata(new FieldName("period.from", "from"), new FieldName("period.until", "until"))
            .WithSummary("Model usage and cost of every organization in a period, with markup.").Produces<UsageView>().ProducesValidationProblem();
        operations.MapGet("/usage.csv", ExportAsync).WithName("ModelUsageCsv")
            .WithMetadata(new FieldName("period.from", "from"), new FieldName("period.until", "until"))
            .WithSummary("The same as RFC 4180 CSV.").Produces<string>(StatusCodes.Status200OK, "text/csv").ProducesValidationProblem();
    }

    private static async Task<IResult> ReportAsync(
        HttpContext http, string? from, string? until, string? markup, UsageService.UsageServiceClient usage, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!TryRead(from, until, markup, out GetAllocationRequest request))
        {
            return ProblemMapping.Invalid(http, "markup", "must be 1 to 100");
        }

        Allocation allocation = await usage.GetAllocationAsync(request, time.Within(Limit, cancellationToken));
        return Results.Ok(new UsageView(
            allocation.Period.From.Iso, allocation.Period.Until.Iso,
            [.. allocation.Totals.Select(total => new UsageTotalView(View(total.Cost)!, View(total.Charged)!, View(total.Billed)!))],
            allocation.UnpricedRequests, [.. allocation.Lines.Select(View)]));
    }

    private static async Task<IResult> ExportAsync(
        HttpContext http, string? from, string? until, string? markup, UsageService.UsageServiceClient usage, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!TryRead(from, until, markup, out GetAllocationRequest request))
        {
            return ProblemMapping.Invalid(http, "markup", "must be 1 to 100");
        }

        using AsyncServerStreamingCall<CsvChunk> export = usage.ExportAllocation(request, time.Within(Limit, cancellationToken));

        // Only after the first chunk is it certain that the request is a good one.
        bool any = await export.ResponseStream.MoveNext(cancellationToken);
        http.Response.ContentType = "text/csv; charset=utf-8";
        http.Response.Headers.ContentDisposition = $"attachment; filename=\"model-usage-{request.Period.From.Iso}-{request.Period.Until.Iso}.csv\"";
        for (; any; any = await export.ResponseStream.MoveNext(cancellationToken))
        {
            await http.Response.Body.WriteAsync(export.ResponseStream.Current.Data.Memory, cancellationToken);
        }

        return Results.Empty;
    }

    private static bool TryRead(string? from, string? until, string? markup, out GetAllocationRequest request)
    {
        double factor = 0;
        request = new GetAllocationRequest { AllOrganizations = true, Period = new Period { From = new Date { Iso = from ?? "" }, Until = new Date { Iso = until ?? "" } } };
        if (!string.IsNullOrEmpty(markup) && !(double.TryParse(markup, System.Globalization.NumberStyles.AllowDecimalPoint, System.Globalization.CultureInfo.InvariantCulture, out factor) && factor is >= 1 and <= 100))
        {
            return false;
        }

        request.Markup = factor;
        return true;
    }

    private static UsageLineView View(AllocationLine line) => new(
        line.OrganizationId, line.Operation, line.Model, line.Requests, line.Tokens.Input, line.Tokens.Output, line.Tokens.CachedInput, line.Tokens.Reasoning,
        View(line.Cost), View(line.Charged), View(line.Billed), line.PromptName.Length > 0 ? line.PromptName : null, line.PromptVersion > 0 ? line.PromptVersion : null,
        line.PriceVersion, line.UnpricedRequests);

    private static AmountView? View(Money? money) => money is null ? null : new AmountView(money.Amount, money.Currency);
}
