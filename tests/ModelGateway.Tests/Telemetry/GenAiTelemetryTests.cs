using System.Diagnostics;
using System.Diagnostics.Metrics;
using Grpc.Core;
using Platform.Contracts.ModelGateway.V1;
using Platform.ModelGateway.Telemetry;
using Platform.ServiceDefaults;
using Platform.ModelGateway.Tests.Safety;
using Platform.Testing;

namespace Platform.ModelGateway.Tests.Telemetry;

[Collection(nameof(GenAiTelemetryTests))]
public sealed class GenAiTelemetryTests(PlatformServers servers)
{
    private const string Email = "ann.example@mail.example.com";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("current", true, false)]
    [InlineData("v1.41", false, true)]
    [InlineData("both", true, true)]
    public async Task Complete_Conventions_HaveTheNamesOfTheSwitch(string conventions, bool current, bool old)
    {
        using var meters = new Recorded();
        await using var provider = await FakeProvider.StartAsync(Token);
        provider.Then(Answers.Ok);
        provider.Then(Answers.Stream(Answers.Chunks));
        await using var gateway = await RunningGateway.StartAsync(
            servers, [.. RunningGateway.Provider(provider.BaseUrl, name: $"fake-{conventions.Replace(".", "", StringComparison.Ordinal)}"), ("modelGateway:telemetry:conventions", conventions)], Token);

        await gateway.Models.CompleteAsync(RunningGateway.Question, cancellationToken: Token);
        using var stream = gateway.Models.CompleteStream(RunningGateway.Question, cancellationToken: Token);
        await foreach (var _ in stream.ResponseStream.ReadAllAsync(Token))
        {
        }

        var mine = meters.Of($"fake-{conventions.Replace(".", "", StringComparison.Ordinal)}");
        string[] newNames = ["gen_ai.client.inference.duration", "gen_ai.client.inference.time_to_first_chunk", "gen_ai.client.inference.usage.input_tokens", "gen_ai.client.inference.usage.output_tokens", "gen_ai.client.inference.usage.reasoning.output_tokens"];
        string[] oldNames = ["gen_ai.client.operation.duration", "gen_ai.client.operation.time_to_first_chunk", "gen_ai.client.token.usage"];
        Assert.All(newNames, name => Assert.Equal(current, mine.Contains(name)));
        Assert.All(oldNames, name => Assert.Equal(old, mine.Contains(name)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Complete_Content_IsOnTheSpanOnlyWhenOptedInAndMasked(bool content)
    {
        var spans = new List<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == ModelGatewayMetrics.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span =>
            {
                lock (spans)
                {
                    spans.Add(span);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        await using var provider = await FakeProvider.StartAsync(Token);
        provider.Reply = Echo.Answer;
        var name = content ? "fake-content" : "fake-no-content";
        await using var gateway = await RunningGateway.StartAsync(
            servers, [.. RunningGateway.Provider(provider.BaseUrl, name: name), ("modelGateway:telemetry:content", $"{content}"), ("modelGateway:safety:enabled", "false")], Token);

        await gateway.Models.CompleteAsync(new CompletionRequest { Messages = { new Message { Role = Role.User, Text = $"Who is {Email}?" } } }, cancellationToken: Token);

        await Eventually.HoldsAsync(() =>
        {
            lock (spans)
            {
                return spans.Any(span => (string?)span.GetTagItem("platform.provider") == name);
            }
        });
        var chat = spans.Single(span => (string?)span.GetTagItem("platform.provider") == name && span.DisplayName.StartsWith("chat", StringComparison.Ordinal));
        Assert.Equal(("chat model-x", "chat", "model-x", ActivityKind.Client), (chat.DisplayName, chat.GetTagItem("gen_ai.operation.name"), chat.GetTagItem("gen_ai.request.model"), chat.Kind));
        Assert.Equal(content, chat.GetTagItem("gen_ai.input.messages") is not null);
        Assert.Equal(content, chat.GetTagItem("gen_ai.output.messages") is not null);
        Assert.DoesNotContain(chat.TagObjects, tag => $"{tag.Value}".Contains(Email, StringComparison.Ordinal));
        if (content)
        {
            Assert.Contains("[EMAIL]", (string)chat.GetTagItem("gen_ai.input.messages")!, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Of_MoreOrganizationsThanTheBound_AreOther()
    {
        var labels = new BoundedLabel(2);

        Assert.Equal(["a", "b", "other", "a"], new[] { "a", "b", "c", "a" }.Select(labels.Of));
    }

    /// <summary>Names of instruments by the provider that they were recorded for.</summary>
    private sealed class Recorded : IDisposable
    {
        private readonly MeterListener _listener = new();
        private readonly HashSet<(string Provider, string Name)> _seen = [];

        internal Recorded()
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == ModelGatewayMetrics.Name)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Add(instrument, tags));
            _listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Add(instrument, tags));
            _listener.Start();
        }

        internal HashSet<string> Of(string provider)
        {
            lock (_seen)
            {
                return [.. _seen.Where(seen => seen.Provider == provider).Select(seen => seen.Name)];
            }
        }

        public void Dispose() => _listener.Dispose();

        private void Add(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            foreach (var tag in tags)
            {
                if (tag.Key == "gen_ai.provider.name")
                {
                    lock (_seen)
                    {
                        _seen.Add(((string)tag.Value!, instrument.Name));
                    }
                }
            }
        }
    }
}
