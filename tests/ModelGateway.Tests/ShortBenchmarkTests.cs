using Platform.Benchmarks;
using Platform.Benchmarks.AuditAppends;
using Platform.Benchmarks.Redaction;

namespace Platform.ModelGateway.Tests;

/// <summary>The benchmarks of this service work; what they measure counts only on a quiet machine, by <c>tests/Platform.Benchmarks</c>.</summary>
public sealed class ShortBenchmarkTests
{
    [Theory]
    [InlineData("redaction")]
    [InlineData("audit")]
    public async Task Run_Short_Ends(string name)
    {
        IBenchmark[] benchmarks = [new RedactionBenchmark(), new AuditBenchmark()];

        await benchmarks.Single(benchmark => benchmark.Name == name).RunAsync(isShort: true, TestContext.Current.CancellationToken);
    }
}
