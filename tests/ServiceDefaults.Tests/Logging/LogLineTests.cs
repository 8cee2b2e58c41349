using System.Buffers;
using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Platform.ServiceDefaults.Tests.Logging;

public sealed class LogLineTests
{
    private static readonly DateTimeOffset Time = new(2026, 3, 1, 13, 0, 0, 123, TimeSpan.FromHours(1));

    [Fact]
    public void Write_EntryInsideRequest_HasTheContractedFields()
    {
        var scopes = new LoggerExternalScopeProvider();
        using var outer = scopes.Push(new RequestContextScope(new RequestContext("outer", "default", "anonymous", "", null)));
        using var inner = scopes.Push(new RequestContextScope(new RequestContext("r1", "o1", "u1", "s1", null)));
        using var activity = new Activity("test").Start();

        var line = Line(LogLevel.Warning, "found {Count} of {Name}", null, scopes, 3, "Delta");

        Assert.Equal("2026-03-01T12:00:00.123Z", line.GetProperty("time").GetString());
        Assert.Equal("warning", line.GetProperty("level").GetString());
        Assert.Equal("Platform.Sample", line.GetProperty("logger").GetString());
        Assert.Equal("found 3 of Delta", line.GetProperty("message").GetString());
        Assert.Equal(["r1", "o1", "u1", "s1"], new[] { "requestId", "organizationId", "userId", "sessionId" }.Select(name => line.GetProperty(name).GetString()));
        Assert.Equal(activity.TraceId.ToHexString(), line.GetProperty("traceId").GetString());
        Assert.Equal(3, line.GetProperty("fields").GetProperty("Count").GetInt32());
        Assert.False(line.TryGetProperty("error", out _));
    }

    [Fact]
    public void Write_Exception_HasTypeMessageAndStackWithoutSecrets()
    {
        Exception thrown;
        try
        {
            throw new InvalidOperationException("cannot open Host=db;Password=hunter2");
        }
        catch (InvalidOperationException error)
        {
            thrown = error;
        }

        var line = Line(LogLevel.Error, "failed", thrown, null);

        var written = line.GetProperty("error");
        Assert.Equal("System.InvalidOperationException", written.GetProperty("type").GetString());
        Assert.Equal("cannot open Host=db;Password=***", written.GetProperty("message").GetString());
        Assert.Contains(nameof(Write_Exception_HasTypeMessageAndStackWithoutSecrets), written.GetProperty("stack").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", line.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public void Write_FieldWithSecretName_IsHidden()
    {
        var line = Line(LogLevel.Information, "using {ApiKey}", null, null, "hunter2");

        Assert.Equal("***", line.GetProperty("fields").GetProperty("ApiKey").GetString());
    }

    [Fact]
    public void Write_ConfigurationError_HasNoStack()
    {
        var line = Line(LogLevel.Error, "stopped", new PlatformConfigurationException("a:b = \"x\" is not allowed. Allowed: y."), null);

        Assert.False(line.GetProperty("error").TryGetProperty("stack", out _));
    }

    [Fact]
    public void Write_OddValues_StayOneValidLine()
    {
        var line = Line(LogLevel.Information, "{A} {B} {C} {D}", null, null, double.NaN, null, "two\nlines \"quoted\"", new[] { 1, 2 });

        Assert.DoesNotContain('\n', line.GetRawText());
        Assert.Equal("1, 2", line.GetProperty("fields").GetProperty("D").GetString());
    }

    private static JsonElement Line(LogLevel level, string template, Exception? error, IExternalScopeProvider? scopes, params object?[] values)
    {
        JsonElement written = default;
        var logger = new Capture((entryLevel, state, exception, text) =>
        {
            var buffer = new ArrayBufferWriter<byte>();
            var entry = new LogEntry<IReadOnlyList<KeyValuePair<string, object?>>>(entryLevel, "Platform.Sample", default, state, exception, (_, _) => text);
            LogLine.Write(buffer, entry, scopes, Time);
            written = JsonDocument.Parse(buffer.WrittenMemory).RootElement.Clone();
        });
#pragma warning disable CA2254 // The template is the test's input.
        logger.Log(level, error, template, values);
#pragma warning restore CA2254
        return written;
    }

    private sealed class Capture(Action<LogLevel, IReadOnlyList<KeyValuePair<string, object?>>, Exception?, string> write) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            write(logLevel, (IReadOnlyList<KeyValuePair<string, object?>>)state!, exception, formatter(state, exception));
    }
}
