using System.Diagnostics;
using Platform.Testing;
using Xunit;

namespace Platform.EndToEndTests;

/// <summary>The tools that measure still run and still measure something. No figure of theirs is judged here.</summary>
public sealed class MeasuringToolTests(RunningPlatform platform)
{
    [Fact]
    public async Task LoadTests_ShortAgainstTheRunningPlatform_AnswersWithoutErrors()
    {
        (int exitCode, string output) = await RunAsync("Platform.LoadTests", "--url", platform.GatewayUrl.ToString(), "--short");

        Assert.True(exitCode == 0, output);
        Assert.Contains("errors 0 (", output, StringComparison.Ordinal);
        Assert.Matches(@"retrieval +\d", output);
        Assert.Matches(@"Platform\.Gateway +[1-9]", output);
    }

    [Fact]
    public async Task LoadTests_AddressElsewhere_Refused()
    {
        (int exitCode, string output) = await RunAsync("Platform.LoadTests", "--url", "http://192.0.2.1/");

        Assert.Equal(2, exitCode);
        Assert.Contains("--url must be an address on this machine", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Benchmarks_ShortEntityMatching_PrintsFiguresOrSaysThatDataIsAbsent()
    {
        (int exitCode, string output) = await RunAsync("Platform.Benchmarks", "entity-matching", "--short");

        Assert.True(exitCode == 0, output);
        Assert.Matches(@"Platform +top-1 0\.9|skipped", output);
    }

    [Theory]
    [InlineData("grpc", "P1", "P2")]
    [InlineData("entity-index", "P14", "P13 top-1")]
    [InlineData("dashboard-load", "slowest page over the load", "memory after the second load")]
    [InlineData("cache-memory", "P10")]
    [InlineData("cache-tiers", "P12")]
    [InlineData("cache-corruption", ": met")]
    [InlineData("pattern-refresh", "P19 client")]
    [InlineData("pattern-power", "found")]
    [InlineData("pattern-faults", "both processes still run: True")]
    [InlineData("resolution", "B3: 50 / 150 / 300 ms")]
    [InlineData("audit", "0 problems")]
    [InlineData("redaction", "P17 MB/s")]
    [InlineData("prompt-guard", "100.00 %")]
    [InlineData("limits", "| 1200 |")]
    [InlineData("provider-faults", "F6 ")]
    [InlineData("provider-outage", "G8 ")]
    [InlineData("model-gateway-soak", ", 0 failed")]
    [InlineData("grounding", "Q6 faithful")]
    [InlineData("answer-path", "P4 p50")]
    [InlineData("answer-model", "P5 ")]
    public async Task Benchmarks_Short_PrintTheirBars(string name, params string[] printed)
    {
        (int exitCode, string output) = await RunAsync("Platform.Benchmarks", name, "--short");

        Assert.True(exitCode == 0, output);
        Assert.All(printed, text => Assert.Contains(text, output, StringComparison.Ordinal));
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(string tool, params string[] args)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromMinutes(3));
        using Process process = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(BuildOutput.Of($"tests/{tool}"), tool + ".dll"), .. args]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        try
        {
            Task<string> said = process.StandardOutput.ReadToEndAsync(limit.Token);
            Task<string> complained = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, await said + await complained);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}
