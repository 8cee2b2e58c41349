using Platform.Testing;

namespace Platform.ModelGateway.Tests.ProviderFaults;

public sealed class FaultMatrixTests(PlatformServers servers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Few seeds; the command provider-faults of Platform.Benchmarks runs many and writes docs/provider-faults.md.</summary>
    [Theory]
    [InlineData("openai-compatible", 2)]
    [InlineData("anthropic", 1)]
    public async Task Faults_StreamedAndNotWithOneProviderAndTwo_EndRight(string kind, int seeds)
    {
        var matrix = new FaultMatrix(kind, seeds, parallel: 8);

        var (cells, ledger) = await matrix.RunAsync(settings => RunningGateway.StartAloneAsync(servers, settings, Token), seed: 20261122, Token);

        Assert.Equal(matrix.Runs, cells.Sum(cell => cell.Results.Count));
        Assert.Empty(cells.SelectMany(cell => cell.Problems.Select(problem => $"{cell.Fault.Name}, {(cell.Streamed ? "streamed" : "whole")}, {(cell.TwoProviders ? "two" : "one")}: {problem}")));
        Assert.Empty(ledger);
    }
}
