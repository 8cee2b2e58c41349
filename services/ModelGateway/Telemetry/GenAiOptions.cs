using System.ComponentModel.DataAnnotations;

namespace Platform.ModelGateway.Telemetry;

/// <summary>Section <c>modelGateway:telemetry</c>.</summary>
internal sealed class GenAiOptions
{
    internal const string Current = "current";
    internal const string V141 = "v1.41";
    internal const string Both = "both";

    /// <summary>
    /// Names of metrics: <c>current</c> (gen_ai.client.inference.*, the conventions' own repository), <c>v1.41</c> (gen_ai.client.operation.duration,
    /// gen_ai.client.token.usage, which dashboards still read) or <c>both</c> (default). Read at start.
    /// </summary>
    [AllowedValues(Current, V141, Both)]
    public string Conventions { get; set; } = Both;

    /// <summary>Puts prompts and answers on spans as gen_ai.input.messages and gen_ai.output.messages, false; always masked.</summary>
    public bool Content { get; set; }

    /// <summary>Organizations that cost metrics tell apart, 200; the cost of more is counted as <c>other</c>. Read at start.</summary>
    [Range(0, 10_000)]
    public int Organizations { get; set; } = 200;
}
