using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Options;
using Platform.ModelGateway.Breakers;
using Platform.ModelGateway.Budgets;
using Platform.ModelGateway.Providers;
using Platform.ServiceDefaults;

namespace Platform.ModelGateway.Telemetry;

internal sealed class ModelGatewayMetrics
{
    internal const string Name = "Platform.ModelGateway";

    // Callers name models, operations and complexities as they like.
    private const int MostModels = 100;
    private const int MostOperations = 100;
    private const int MostComplexities = 10;

    private readonly Counter<long> _calls;
    private readonly Counter<long> _openings;
    private readonly Counter<long> _attempts;
    private readonly Counter<long> _tokens;
    private readonly Counter<double> _cost;
    private readonly Histogram<double> _duration;
    private readonly Histogram<double> _firstToken;
    private readonly Counter<long> _usageDeferred;
    private readonly Counter<long> _personalData;
    private readonly Counter<long> _safetyFailed;
    private readonly Counter<long> _budgetRefused;
    private readonly Counter<long> _auditWritten;
    private readonly Counter<long> _auditVerified;

    private readonly BoundedLabel _organizations;
    private readonly BoundedLabel _models = new(MostModels);
    private readonly BoundedLabel _operations = new(MostOperations);
    private readonly BoundedLabel _complexities = new(MostComplexities);
    private BreakerRegistry? _breakers;
    private int _auditProblems;
    private long _usageLost;
    private long _auditRefused;

    /// <param name="meters">Makes the meter.</param>
    /// <param name="options">Which conventions; without them the defaults.</param>
    public ModelGatewayMetrics(IMeterFactory meters, IOptions<ModelGatewayOptions>? options = null)
    {
        var meter = meters.Create(Name);
        var telemetry = options?.Value.Telemetry ?? new GenAiOptions();
        _organizations = new BoundedLabel(telemetry.Organizations);
        Conventions = new GenAiMetrics(meter, telemetry.Conventions, _models);
        _calls = meter.CreateCounter<long>("platform.llm.calls", "{call}", "Model calls; outcome is success, refused, cancelled, interrupted or the class of the error. Labels: model, operation, outcome.");
        _attempts = meter.CreateCounter<long>("platform.llm.attempts", "{attempt}", "Attempts at a provider. Labels: provider, outcome.");
        _tokens = meter.CreateCounter<long>("platform.llm.tokens", "{token}", "Tokens; direction is input or output. Labels: model, direction.");
        _cost = meter.CreateCounter<double>("platform.llm.cost", "{currency}", "Cost of model calls. Labels: model, organization, currency.");
        _duration = meter.CreateHistogram<double>("platform.llm.duration", "s", "Duration of model calls. Labels: model, complexity, outcome.");
        _firstToken = meter.CreateHistogram<double>("platform.llm.time_to_first_token", "s", "Time to the first token of a stream. Labels: model.");
        // Observed, so that they are 0 before the first loss: an increase needs something that it begins at.
        meter.CreateObservableCounter("platform.llm.usage_rows_lost", () => Interlocked.Read(ref _usageLost), "{row}", "Usage rows that could be kept neither in the journal nor in the database.");
        _usageDeferred = meter.CreateCounter<long>("platform.llm.usage_rows_deferred", "{row}", "Usage rows whose write to the database is tried again.");
        _personalData = meter.CreateCounter<long>("platform.llm.safety.finds", "{find}", "Personal data found in prompts; mode is what was done. Labels: type, mode.");
        _auditWritten = meter.CreateCounter<long>("platform.llm.audit.rows", "{row}", "Audit rows that were committed.");
        meter.CreateObservableCounter("platform.llm.audit.rows_refused", () => Interlocked.Read(ref _auditRefused), "{row}", "Audit rows that found no place to wait, and were lost.");
        _auditVerified = meter.CreateCounter<long>("platform.llm.audit.rows_verified", "{row}", "Audit rows whose hash and place in their chain were computed again while the service runs.");
        meter.CreateObservableGauge("platform.llm.audit.problems", () => Volatile.Read(ref _auditProblems), "{problem}", "Audit rows that are changed, missing or out of place, as far as the log was verified since it was last begun from its first row.");
        _safetyFailed = meter.CreateCounter<long>("platform.llm.safety.failures", "{call}", "Searches for personal data that broke or took too long.");
        _budgetRefused = meter.CreateCounter<long>("platform.llm.budget.refused", "{call}", "Calls that a money, token or request budget kept out. Labels: organization, unit, window, reason.");
        _openings = meter.CreateCounter<long>("platform.llm.breaker.openings", "{opening}", "Breakers that opened, as this instance saw it. Labels: provider, endpoint.");
        meter.CreateObservableGauge("platform.llm.breaker.state", States, "{state}", "0 closed, 1 open, 2 half-open. Labels: provider, endpoint.");
    }

    /// <summary>The same calls under the names of OpenTelemetry's conventions.</summary>
    internal GenAiMetrics Conventions { get; }

    internal static ActivitySource Source { get; } = new(Name);

    /// <summary>Shows the state of every breaker from now on.</summary>
    internal void Watch(BreakerRegistry breakers) => Volatile.Write(ref _breakers, breakers);

    /// <summary>A breaker is there: its openings are counted from none, so that the first one is an increase.</summary>
    internal void BreakerAdded(string provider, string endpoint) =>
        _openings.Add(0, new("provider", provider), new("endpoint", endpoint));

    internal void BreakerOpened(string provider, string endpoint) =>
        _openings.Add(1, new("provider", provider), new("endpoint", endpoint));

    internal void Attempted(string provider, string outcome) =>
        _attempts.Add(1, new("provider", provider), new("outcome", outcome));

    internal void Called(string model, string operation, string complexity, string outcome, TimeSpan duration)
    {
        var name = _models.Of(model);
        _calls.Add(1, new("model", name), new("operation", _operations.Of(operation)), new("outcome", outcome));
        _duration.Record(duration.TotalSeconds, new("model", name), new("complexity", _complexities.Of(complexity)), new("outcome", outcome));
    }

    internal void Used(string model, string organization, long input, long output, decimal? cost, string? currency)
    {
        var name = _models.Of(model);
        _tokens.Add(input, new("model", name), new("direction", "input"));
        _tokens.Add(output, new("model", name), new("direction", "output"));
        if (cost is > 0 and var known)
        {
            _cost.Add((double)known, new("model", name), new("organization", _organizations.Of(organization)), new("currency", currency));
        }
    }

    internal void FirstToken(string model, TimeSpan after) => _firstToken.Record(after.TotalSeconds, new KeyValuePair<string, object?>("model", _models.Of(model)));

    internal void PersonalDataFound(string type, string mode) => _personalData.Add(1, new("type", type), new("mode", mode));

    internal void AuditWritten(int rows) => _auditWritten.Add(rows);

    internal void AuditVerified(int rows, int problems)
    {
        _auditVerified.Add(rows);
        Volatile.Write(ref _auditProblems, problems);
    }

    internal void AuditRefused() => Interlocked.Increment(ref _auditRefused);

    internal void SafetyFailed() => _safetyFailed.Add(1);

    internal void UsageLost(int rows) => Interlocked.Add(ref _usageLost, rows);

    internal void BudgetRefused(Budget budget, string reason) => _budgetRefused.Add(
        1, new("organization", _organizations.Of(budget.Organization)), new("unit", budget.Unit.ToString().ToLowerInvariant()), new("window", budget.Window), new("reason", reason));

    internal void UsageDeferred(int rows) => _usageDeferred.Add(rows);

    private IEnumerable<Measurement<int>> States() => (Volatile.Read(ref _breakers)?.All() ?? []).Select(breaker => new Measurement<int>(
        (int)breaker.State.Phase, new("provider", breaker.Provider), new("endpoint", breaker.Endpoint)));
}
