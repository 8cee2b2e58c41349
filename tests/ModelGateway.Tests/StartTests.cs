using System.Diagnostics;
using Microsoft.Extensions.Options;
using Platform.Testing;

namespace Platform.ModelGateway.Tests;

public sealed class StartTests(PlatformServers servers)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("modelGateway:stages:0", "sideways", "modelGateway:stages = \"sideways\" is not allowed. Allowed: ")]
    [InlineData("modelGateway:providers:0:name", "Fake One", "modelGateway:providers:0:name = \"Fake One\" is not allowed.")]
    [InlineData("modelGateway:providers:0:kind", "carrier-pigeon", "modelGateway:providers:0:kind = \"carrier-pigeon\" is not allowed. Allowed: openai, openai-compatible, azure-openai, anthropic.")]
    [InlineData("modelGateway:providers:0:baseUrl", "nowhere", "modelGateway:providers:0:baseUrl = \"nowhere\" is not allowed. Allowed: a http(s) URL.")]
    [InlineData("modelGateway:models:primary:requestsPerMinute", "0", "modelGateway:models:primary:requestsPerMinute = \"0\" is not allowed. Allowed: 1 to 1000000.")]
    [InlineData("modelGateway:failover:brokenStream", "continue", "modelGateway:failover:brokenStream = \"continue\" is not allowed. Allowed: fail, restart.")]
    [InlineData("modelGateway:failover:attemptShare", "1.5", "modelGateway:failover:attemptShare = \"1.5\" is not allowed. Allowed: 0.05 to 1.")]
    [InlineData("modelGateway:breaker:probes", "0", "modelGateway:breaker:probes = \"0\" is not allowed. Allowed: 1 to 100.")]
    [InlineData("modelGateway:markup", "0.5", "modelGateway:markup = \"0.5\" is not allowed. Allowed: 1 to 100.")]
    [InlineData("modelGateway:ledger:segmentBytes", "1", "modelGateway:ledger:segmentBytes = \"1\" is not allowed. Allowed: 4096 to 1073741824.")]
    [InlineData("modelGateway:prices:0:currency", "dollars", "modelGateway:prices:0:currency = \"dollars\" is not allowed.")]
    [InlineData("modelGateway:prices:0:effectiveFrom", "soon", "modelGateway:prices:0:effectiveFrom = \"soon\" is not allowed.")]
    [InlineData("modelGateway:limits:keyPrefix", "a b", "modelGateway:limits:keyPrefix = \"a b\" is not allowed.")]
    [InlineData("modelGateway:budgets:moneyWhenAway", "ajar", "modelGateway:budgets:moneyWhenAway = \"ajar\" is not allowed. Allowed: closed, open.")]
    [InlineData("modelGateway:budgets:limits:0:limit", "0", "modelGateway:budgets:limits:0:limit = \"0\" is not allowed.")]
    [InlineData("modelGateway:budgets:limits:0:window", "fortnight", "modelGateway:budgets:limits:0:window = \"fortnight\" is not allowed. Allowed: minute, day, month.")]
    [InlineData("modelGateway:promptGuard:falsePauses", "0.5", "modelGateway:promptGuard:falsePauses = \"0.5\" is not allowed.")]
    [InlineData("modelGateway:retries", "1", "modelGateway:retries is not a known key. Did you mean \"retry\"?")]
    public async Task Start_InvalidValue_NamesKeyValueAndAllowed(string key, string value, string expected)
    {
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() =>
            RunningGateway.StartAsync(servers, [.. RunningGateway.Provider("http://127.0.0.1:9/v1"), (key, value)], Token));

        Assert.Contains(expected, string.Join('\n', error.Failures), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Process_InvalidVariable_StopsWithOneScreenAndNoStack()
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Platform.ModelGateway.dll")])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            Environment =
            {
                ["PLATFORM_CONFIG"] = Path.Combine(AppContext.BaseDirectory, "config"),
                ["PLATFORM__resilience__breakerFailureRatio"] = "7",
                ["ConnectionStrings__platform"] = "Host=127.0.0.1;Port=9;Username=nobody",
                ["ConnectionStrings__redis"] = "127.0.0.1:9",
            },
        };
        using var process = Process.Start(start)!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(Limit);
        var output = process.StandardOutput.ReadToEndAsync(limit.Token);
        var error = await process.StandardError.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);

        Assert.Equal(78, process.ExitCode);
        Assert.Contains("resilience:breakerFailureRatio = \"7\" is not allowed. Allowed: a number from 0.01 to 1.", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error + await output, StringComparison.Ordinal);
        Assert.InRange(error.Split('\n').Length, 1, 25);
    }
}
