using System.ComponentModel.DataAnnotations;
using Platform.ModelGateway.Budgets;
using Platform.ModelGateway.Limits;
using Platform.ModelGateway.OpenAiEndpoint;
using Platform.ModelGateway.Audit;
using Platform.ModelGateway.Prompts;
using Platform.ModelGateway.Safety;
using Platform.ModelGateway.Telemetry;
using Platform.ModelGateway.Usage;

namespace Platform.ModelGateway.Providers;

/// <summary>Section <c>modelGateway</c>. Keys of providers are never here: see <see cref="ProviderOptions.KeyName"/>.</summary>
internal sealed class ModelGatewayOptions
{
    public const string Section = "modelGateway";

    /// <summary>The stages of every completion, outermost first; empty means trace, safety, audit, limit, account. Routing with retries and failover always comes last. Read at start.</summary>
    public List<string> Stages { get; set; } = [];

    /// <summary>Providers of models; empty means that the platform answers without one.</summary>
    public List<ProviderOptions> Providers { get; set; } = [];

    /// <summary>Limits by logical model, e.g. <c>primary</c> and <c>fallback</c>; a name that is not listed has the defaults of <see cref="ModelOptions"/>.</summary>
    public Dictionary<string, ModelOptions> Models { get; set; } = new(StringComparer.OrdinalIgnoreCase);

    public RetryOptions Retry { get; set; } = new();

    public FailoverOptions Failover { get; set; } = new();

    public BreakerOptions Breaker { get; set; } = new();

    /// <summary>Price lists, in any order: see <see cref="PriceListOptions.EffectiveFrom"/>.</summary>
    public List<PriceListOptions> Prices { get; set; } = [];

    public PromptGuardOptions PromptGuard { get; set; } = new();

    public LedgerOptions Ledger { get; set; } = new();

    public AuditOptions Audit { get; set; } = new();

    public GenAiOptions Telemetry { get; set; } = new();

    public SafetyOptions Safety { get; set; } = new();

    public EndpointOptions Endpoint { get; set; } = new();

    public LimitOptions Limits { get; set; } = new();

    public BudgetsOptions Budgets { get; set; } = new();

    /// <summary>Factor on cost when usage is charged to an organization, 1.2 (requirement G6).</summary>
    [Range(typeof(decimal), "1", "100")]
    public decimal Markup { get; set; } = 1.2m;

    internal ModelOptions Model(string logicalName) =>
        Models.TryGetValue(logicalName, out var model) ? model
        : string.Equals(logicalName, ModelOptions.Fallback, StringComparison.OrdinalIgnoreCase) ? ModelOptions.FallbackDefaults
        : ModelOptions.Defaults;
}

/// <summary>One provider.</summary>
internal sealed class ProviderOptions
{
    /// <summary>Unique name, used in breakers, metrics and usage.</summary>
    [Required]
    [RegularExpression("^[a-z0-9][a-z0-9-]{0,62}$")]
    public string Name { get; set; } = "";

    /// <summary>The protocol: <c>openai</c>, <c>openai-compatible</c> for servers that speak the same, <c>azure-openai</c>, or <c>anthropic</c>.</summary>
    [AllowedValues(ProviderKinds.OpenAi, ProviderKinds.OpenAiCompatible, ProviderKinds.AzureOpenAi, ProviderKinds.Anthropic)]
    public string Kind { get; set; } = ProviderKinds.OpenAiCompatible;

    /// <summary>
    /// Address up to and with the version, e.g. <c>https://api.openai.com/v1</c> or <c>https://api.anthropic.com/v1</c>; of Azure
    /// the resource, e.g. <c>https://name.openai.azure.com</c>.
    /// </summary>
    [Required]
    [Url]
    public string BaseUrl { get; set; } = "";

    /// <summary>
    /// Name of the key: looked up as <c>Parameters:&lt;name&gt;</c>, then as the variable in capitals (<c>openai-api-key</c> →
    /// <c>OPENAI_API_KEY</c>), then as the file that <c>OPENAI_API_KEY_FILE</c> names. Empty for servers that need none.
    /// </summary>
    public string KeyName { get; set; } = "";

    /// <summary>Version of the protocol: <c>api-version</c> of Azure (2024-10-21), <c>anthropic-version</c> of Anthropic (2023-06-01). Others have none.</summary>
    [RegularExpression("^[A-Za-z0-9.-]{0,40}$")]
    public string ApiVersion { get; set; } = "";

    /// <summary>Longest time until a stream shows that the model is at work, 20 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.05", "00:10:00")]
    public TimeSpan FirstTokenTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Longest pause between the parts of an answer, 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.05", "00:10:00")]
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Lower is tried first.</summary>
    [Range(0, 1000)]
    public int Priority { get; set; } = 1;

    /// <summary>Share among providers of the same priority.</summary>
    [Range(0.001, 1000.0)]
    public double Weight { get; set; } = 1;

    /// <summary>Logical model → the provider's name of it, on Azure the deployment's. A logical model that is missing is not served by this provider.</summary>
    public Dictionary<string, string> Models { get; set; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Price by the provider's model name, before any price list. The cost of a model without a price is unknown, never 0.</summary>
    public Dictionary<string, PriceOptions> Prices { get; set; } = new(StringComparer.OrdinalIgnoreCase);
}

/// <summary>Limits of a logical model.</summary>
internal sealed class ModelOptions
{
    public const string Primary = "primary";
    public const string Fallback = "fallback";
    public const string Embedding = "embedding";
    public const string Moderation = "moderation";

    internal static ModelOptions Defaults { get; } = new();

    internal static ModelOptions FallbackDefaults { get; } = new() { Timeout = TimeSpan.FromSeconds(15) };

    /// <summary>
    /// Limit of one attempt: 30 s, and 15 s for <c>fallback</c> (requirement E1). A stream that has begun has the provider's idle
    /// limit instead.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.05", "00:10:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Limit of a call over all attempts and waits, 2 min; the caller's deadline when that is earlier.</summary>
    [Range(typeof(TimeSpan), "00:00:00.05", "01:00:00")]
    public TimeSpan TotalTimeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Calls a minute, 60, all of which may come at once (requirement E3).</summary>
    [Range(1, 1_000_000)]
    public int RequestsPerMinute { get; set; } = 60;

    /// <summary>Calls that may wait for their turn, 100; more are refused at once.</summary>
    [Range(0, 100_000)]
    public int WaitingRequests { get; set; } = 100;

    /// <summary>Tokens of an answer when the caller set no limit, 1024.</summary>
    [Range(1, 1_000_000)]
    public int MaximumOutputTokens { get; set; } = 1024;

    /// <summary>Temperature when the caller set none, 0.3 (requirement E1).</summary>
    [Range(0.0, 2.0)]
    public double Temperature { get; set; } = 0.3;
}

/// <summary>Requirement G3: how the same provider is asked again.</summary>
internal sealed class RetryOptions
{
    /// <summary>Attempts of one call over all providers, 3; every provider may be asked once even when there are more.</summary>
    [Range(1, 10)]
    public int MaximumAttempts { get; set; } = 3;

    /// <summary>Attempts beyond the first that each call adds to this instance's budget, 0.2: over time no more than a fifth comes on top.</summary>
    [Range(0.0, 10.0)]
    public double BudgetShare { get; set; } = 0.2;

    /// <summary>Most attempts that the budget saves up, 10, so that a single call can be repeated on a quiet instance.</summary>
    [Range(0, 10_000)]
    public int BudgetReserve { get; set; } = 10;

    [Range(typeof(TimeSpan), "00:00:00.001", "00:01:00")]
    public TimeSpan BaseDelay { get; set; } = TimeSpan.FromSeconds(1);

    [Range(1.0, 10.0)]
    public double Factor { get; set; } = 2;

    [Range(typeof(TimeSpan), "00:00:00.001", "00:10:00")]
    public TimeSpan MaximumDelay { get; set; } = TimeSpan.FromSeconds(30);
}

/// <summary>How calls move on to other providers.</summary>
internal sealed class FailoverOptions
{
    /// <summary>
    /// Share of the remaining time that an attempt may take while another provider is left, 0.6: one that hangs must not use the
    /// caller's whole deadline up.
    /// </summary>
    [Range(0.05, 1.0)]
    public double AttemptShare { get; set; } = 0.6;

    /// <summary>When a stream breaks off: <c>fail</c>, or <c>restart</c> on the next provider after an event that withdraws the text so far.</summary>
    [AllowedValues("fail", "restart")]
    public string BrokenStream { get; set; } = "fail";

    /// <summary>Asks the next provider too when the first has not answered for so long, and takes the first answer; absent: never.</summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "00:10:00")]
    public TimeSpan? HedgeAfter { get; set; }
}

/// <summary>Requirement G2.</summary>
internal sealed class BreakerOptions
{
    [Range(1, 1000)]
    public int Failures { get; set; } = 5;

    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan Window { get; set; } = TimeSpan.FromSeconds(120);

    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00")]
    public TimeSpan OpenFor { get; set; } = TimeSpan.FromSeconds(30);

    [Range(1, 100)]
    public int SuccessesToClose { get; set; } = 3;

    /// <summary>Calls that may try a half-open provider at the same time, over all instances, 1.</summary>
    [Range(1, 100)]
    public int Probes { get; set; } = 1;

    /// <summary>When a call that tries a half-open provider counts as lost with its instance, 1 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00")]
    public TimeSpan ProbeLease { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Longest wait for the breakers that all instances share before this one decides alone, 250 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:00:10")]
    public TimeSpan SharedTimeout { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>A call that its caller's deadline cut off counts as failure only when the provider had at least so long, 2 s: impatient callers open no breaker.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan ShortestTimeout { get; set; } = TimeSpan.FromSeconds(2);
}
