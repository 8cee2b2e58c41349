using System.Globalization;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Platform.Caching;
using Platform.Contracts.Common.V1;
using Platform.Contracts.PatternAnalysis.V1;
using Platform.PatternAnalysis.Comparison;
using Platform.PatternAnalysis.Detection;
using Platform.PatternAnalysis.Invalidation;
using Platform.PatternAnalysis.Portfolio;
using Platform.PatternAnalysis.Refreshing;
using Platform.PatternAnalysis.Series;
using Platform.PatternAnalysis.Tiers;
using Platform.ServiceDefaults;

namespace Platform.PatternAnalysis.Patterns;

internal sealed class PatternsGrpcService(
    PatternReader patterns, DetectionRunner runner, EvidenceReader evidence, PortfolioStore portfolio, CustomerComparison comparison, SeriesReader series, PatternInvalidation invalidation,
    PatternRefresh refresh, IOptionsMonitor<PatternOptions> options, IRequestContextAccessor requestContext, TimeProvider clock)
    : PatternAnalysisService.PatternAnalysisServiceBase
{
    private const int MaxCustomers = 20;
    private const int MaxCompared = 5;
    private const int MaxPageSize = 200;

    private string OrganizationId => requestContext.Current.OrganizationId;

    public override async Task<GetPatternsResponse> GetPatterns(GetPatternsRequest request, ServerCallContext context)
    {
        List<(string, string)> errors = [];
        GuardIds(request.CustomerIds, 1, MaxCustomers, errors);
        if (request.MinConfidence is not (>= 0 and <= 1))
        {
            errors.Add(("min_confidence", "must be 0 to 1"));
        }

        GuardDetectors(request.Detectors, "detectors", errors);
        var asOf = ParseDay(request.AsOf, "as_of", errors);
        Refuse(errors);

        var past = asOf < Today() ? asOf : null;
        var organization = OrganizationId;
        var readings = new CustomerPatterns[request.CustomerIds.Count];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.CurrentValue.Parallelism, CancellationToken = context.CancellationToken };
        await Guarded(() => Parallel.ForAsync(0, readings.Length, parallel, async (i, token) =>
        {
            var key = new PatternKey(organization, request.CustomerIds[i]);
            var reading = past is { } day ? await patterns.ComputeAsOfAsync(key, day, request.Detectors, token) : await patterns.GetAsync(key, token);
            readings[i] = Show(reading, request);
        }));
        var response = new GetPatternsResponse();
        response.Customers.Add(readings);
        return response;
    }

    public override async Task<ListPortfolioResponse> ListPortfolio(ListPortfolioRequest request, ServerCallContext context)
    {
        List<(string, string)> errors = [];
        if (request.Page is { Size: < 0 or > MaxPageSize })
        {
            errors.Add(("page.size", $"must be 0 to {MaxPageSize}"));
        }

        if (request.MinConfidence is not (>= 0 and <= 1))
        {
            errors.Add(("min_confidence", "must be 0 to 1"));
        }

        GuardDetectors(request.Types_, "types", errors);
        ParseDay(request.Changed?.From, "changed.from", errors);
        ParseDay(request.Changed?.Until, "changed.until", errors);
        Refuse(errors);

        try
        {
            return await portfolio.ListAsync(OrganizationId, request, context.CancellationToken);
        }
        catch (FormatException)
        {
            throw RpcErrors.InvalidArgument("page.token", "must be the next_token of an earlier page");
        }
    }

    public override async Task<CompareCustomersResponse> CompareCustomers(CompareCustomersRequest request, ServerCallContext context)
    {
        List<(string, string)> errors = [];
        GuardIds(request.CustomerIds, 2, MaxCompared, errors);
        var asOf = ParseDay(request.AsOf, "as_of", errors);
        Refuse(errors);
        return await Guarded(() => comparison.CompareAsync(OrganizationId, request.CustomerIds, asOf ?? Today(), context.CancellationToken));
    }

    public override async Task<ExplainInsightResponse> ExplainInsight(ExplainInsightRequest request, ServerCallContext context)
    {
        List<(string, string)> errors = [];
        GuardIds([request.CustomerId], 1, 1, errors, "customer_id");
        Refuse(errors);
        var reading = await Guarded(() => patterns.GetAsync(new PatternKey(OrganizationId, request.CustomerId), context.CancellationToken));
        var insight = reading.Patterns.Insights.FirstOrDefault(insight => insight.Id == request.InsightId) ?? throw RpcErrors.NotFound("insight", request.InsightId);
        var response = new ExplainInsightResponse { Insight = insight, Method = runner.Detectors.First(detector => detector.Name == insight.Type).Method };
        foreach (var part in insight.Evidence)
        {
            response.Rows.Add(await evidence.ReadAsync(OrganizationId, part, context.CancellationToken));
        }

        return response;
    }

    public override async Task<TimeSeries> GetTimeSeries(GetTimeSeriesRequest request, ServerCallContext context)
    {
        List<(string, string)> errors = [];
        GuardIds([request.CustomerId], 1, 1, errors, "customer_id");
        if (!SeriesReader.Measures.Contains(request.Measure))
        {
            errors.Add(("measure", "must be one of " + string.Join(", ", SeriesReader.Measures)));
        }

        var from = ParseDay(request.Period?.From, "period.from", errors);
        var until = ParseDay(request.Period?.Until, "period.until", errors);
        Refuse(errors);
        return await Guarded(() => series.ReadAsync(new PatternKey(OrganizationId, request.CustomerId), request.Measure, from, until, context.CancellationToken));
    }

    public override async Task<InvalidateResponse> Invalidate(InvalidateRequest request, ServerCallContext context)
    {
        List<(string, string)> errors = [];
        GuardIds(request.CustomerIds, 0, int.MaxValue, errors);
        Refuse(errors);
        return new InvalidateResponse { Invalidated = await invalidation.InvalidateAsync(OrganizationId, request.CustomerIds, context.CancellationToken) };
    }

    public override async Task Refresh(RefreshRequest request, IServerStreamWriter<RefreshProgress> responseStream, ServerCallContext context)
    {
        List<(string, string)> errors = [];
        GuardIds(request.CustomerIds, 0, int.MaxValue, errors);
        Refuse(errors);
        await refresh.RunAsync(OrganizationId, request.CustomerIds, progress => responseStream.WriteAsync(progress, context.CancellationToken), context.CancellationToken);
    }

    public override Task<ListDetectorsResponse> ListDetectors(ListDetectorsRequest request, ServerCallContext context)
    {
        var response = new ListDetectorsResponse();
        response.Detectors.Add(runner.Detectors.Select(detector =>
            new Detector { Name = detector.Name, Title = detector.Title, Method = detector.Method, MinimumSample = detector.MinimumSample }));
        return Task.FromResult(response);
    }

    // A copy around the shared insights: what is kept in memory is never changed.
    private CustomerPatterns Show(PatternReading reading, GetPatternsRequest request)
    {
        var minimum = request.MinConfidence > 0 ? request.MinConfidence : options.CurrentValue.MinimumConfidence;
        var shown = new CustomerPatterns
        {
            Customer = reading.Patterns.Customer,
            ComputedAt = reading.Patterns.ComputedAt,
            DataVersion = reading.Patterns.DataVersion,
            Tier = reading.Tier,
            Stale = reading.IsStale,
        };
        bool Wanted(string detector) => request.Detectors.Count == 0 || request.Detectors.Contains(detector);
        shown.Insights.Add(reading.Patterns.Insights.Where(insight => insight.Confidence >= minimum && Wanted(insight.Type)));
        shown.Outcomes.Add(reading.Patterns.Outcomes.Where(outcome => Wanted(outcome.Detector)));
        return shown;
    }

    private DateOnly Today() => DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);

    private static void GuardIds(IReadOnlyList<string> ids, int fewest, int most, List<(string, string)> errors, string field = "customer_ids")
    {
        if (ids.Count < fewest || ids.Count > most)
        {
            errors.Add((field, fewest == most ? $"must have {fewest} id" : $"must have {fewest} to {most} ids"));
        }

        if (ids.Any(id => id.Length is < 1 or > 200))
        {
            errors.Add((field, "must be ids of 1 to 200 characters"));
        }
    }

    private void GuardDetectors(IReadOnlyList<string> names, string field, List<(string, string)> errors)
    {
        var known = runner.Detectors.Select(detector => detector.Name).ToList();
        errors.AddRange(names.Except(known, StringComparer.Ordinal).Select(name => (field, $"\"{name}\" is not a detector; must be one of {string.Join(", ", known)}")));
    }

    private static DateOnly? ParseDay(Date? day, string field, List<(string, string)> errors)
    {
        if (day is null)
        {
            return null;
        }

        if (DateOnly.TryParseExact(day.Iso, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var parsed) && parsed < DateOnly.MaxValue)
        {
            return parsed;
        }

        errors.Add((field, "must be an ISO 8601 day such as 2026-03-31"));
        return null;
    }

    private static void Refuse(List<(string, string)> errors)
    {
        if (errors.Count > 0)
        {
            throw RpcErrors.InvalidArgument(errors);
        }
    }

    private static async Task<T> Guarded<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (UnknownCustomerException unknown)
        {
            throw RpcErrors.NotFound("customer", unknown.CustomerId);
        }
        catch (SourceUnavailableException)
        {
            throw RpcErrors.Unavailable("PATTERNS_UNAVAILABLE", "The data cannot be read and no earlier patterns are known.");
        }
    }

    private static Task Guarded(Func<Task> call) => Guarded(async () =>
    {
        await call();
        return true;
    });
}
