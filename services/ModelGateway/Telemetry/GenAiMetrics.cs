using System.Diagnostics;
using System.Diagnostics.Metrics;
using Platform.ModelGateway.Completions;
using Platform.ModelGateway.Usage;
using Platform.ServiceDefaults;

namespace Platform.ModelGateway.Telemetry;

/// <summary>
/// The client metrics of OpenTelemetry's GenAI conventions (status: development), under their current names, those of v1.41, or both:
/// https://github.com/open-telemetry/semantic-conventions-genai, docs/gen-ai/client-inference.md.
/// </summary>
internal sealed class GenAiMetrics
{
    private const string Labels = " Labels: gen_ai.operation.name, gen_ai.provider.name, gen_ai.request.model.";
    private const string LabelsWhenEnded = " Labels: gen_ai.operation.name, gen_ai.provider.name, gen_ai.request.model, error.type.";
    private const string LabelsWithKind = " Labels: gen_ai.operation.name, gen_ai.provider.name, gen_ai.request.model, gen_ai.token.type.";

    /// <summary>Seconds, as the conventions advise.</summary>
    private static readonly double[] Seconds = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];

    private static readonly double[] ChunkSeconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private static readonly double[] Tokens = [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864];

    private readonly BoundedLabel _models;
    private readonly List<Histogram<double>> _durations = [];
    private readonly List<Histogram<double>> _firstChunks = [];
    private readonly List<Histogram<double>> _nextChunks = [];
    private readonly Histogram<double>? _tokenUsage;
    private readonly Counter<long>? _input;
    private readonly Counter<long>? _output;
    private readonly Counter<long>? _cached;
    private readonly Counter<long>? _reasoning;

    internal GenAiMetrics(Meter meter, string conventions, BoundedLabel models)
    {
        _models = models;
        if (conventions is GenAiOptions.Current or GenAiOptions.Both)
        {
            _durations.Add(Histogram(meter, "gen_ai.client.inference.duration", "s", "Duration of inference calls." + LabelsWhenEnded, Seconds));
            _firstChunks.Add(Histogram(meter, "gen_ai.client.inference.time_to_first_chunk", "s", "Time to the first chunk of a streamed answer." + Labels, ChunkSeconds));
            _nextChunks.Add(Histogram(meter, "gen_ai.client.inference.time_per_output_chunk", "s", "Time between chunks of a streamed answer." + Labels, ChunkSeconds));
            _input = meter.CreateCounter<long>("gen_ai.client.inference.usage.input_tokens", "{token}", "Input tokens used." + Labels);
            _output = meter.CreateCounter<long>("gen_ai.client.inference.usage.output_tokens", "{token}", "Output tokens used." + Labels);
            _cached = meter.CreateCounter<long>("gen_ai.client.inference.usage.cache_read.input_tokens", "{token}", "Input tokens read from the provider's cache." + Labels);
            _reasoning = meter.CreateCounter<long>("gen_ai.client.inference.usage.reasoning.output_tokens", "{token}", "Output tokens spent on reasoning." + Labels);
        }

        if (conventions is GenAiOptions.V141 or GenAiOptions.Both)
        {
            _durations.Add(Histogram(meter, "gen_ai.client.operation.duration", "s", "GenAI operation duration." + LabelsWhenEnded, Seconds));
            _firstChunks.Add(Histogram(meter, "gen_ai.client.operation.time_to_first_chunk", "s", "Time to receive the first chunk." + Labels, ChunkSeconds));
            _nextChunks.Add(Histogram(meter, "gen_ai.client.operation.time_per_output_chunk", "s", "Time per output chunk." + Labels, ChunkSeconds));
            _tokenUsage = Histogram(meter, "gen_ai.client.token.usage", "{token}", "Number of input and output tokens used." + LabelsWithKind, Tokens);
        }
    }

    internal void Ended(ModelCall call, string outcome, TokenCount tokens, TimeSpan duration)
    {
        var tags = Tags(call);
        var ended = tags;
        if (outcome != UsageRow.Success)
        {
            ended.Add("error.type", outcome);
        }

        foreach (var histogram in _durations)
        {
            histogram.Record(duration.TotalSeconds, ended);
        }

        if (tokens.Input + tokens.Output == 0)
        {
            return;
        }

        Count(_input, tokens.Input, tags);
        Count(_output, tokens.Output, tags);
        Count(_cached, tokens.CachedInput, tags);
        Count(_reasoning, tokens.Reasoning, tags);
        if (_tokenUsage is not null)
        {
            var (input, output) = (tags, tags);
            input.Add("gen_ai.token.type", "input");
            output.Add("gen_ai.token.type", "output");
            _tokenUsage.Record(tokens.Input, input);
            _tokenUsage.Record(tokens.Output, output);
        }
    }

    internal void Chunk(ModelCall call, TimeSpan after, bool isFirst)
    {
        var tags = Tags(call);
        foreach (var histogram in isFirst ? _firstChunks : _nextChunks)
        {
            histogram.Record(after.TotalSeconds, tags);
        }
    }

    private TagList Tags(ModelCall call) => new()
    {
        { "gen_ai.operation.name", call.Kind },
        { "gen_ai.provider.name", GenAiNames.Provider(call.Provider) },
        { "gen_ai.request.model", _models.Of(call.ProviderModel) },
    };

    private static void Count(Counter<long>? counter, long tokens, in TagList tags)
    {
        if (tokens > 0)
        {
            counter?.Add(tokens, tags);
        }
    }

    private static Histogram<double> Histogram(Meter meter, string name, string unit, string description, double[] boundaries) =>
        meter.CreateHistogram(name, unit, description, advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = boundaries });
}
