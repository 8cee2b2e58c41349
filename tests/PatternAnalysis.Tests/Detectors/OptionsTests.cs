using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Platform.PatternAnalysis.Patterns;

namespace Platform.PatternAnalysis.Tests.Detectors;

public sealed class OptionsTests
{
    [Theory]
    [InlineData("patterns:detection:familyErrorRate", "0.5")]
    [InlineData("patterns:detection:detectorTimeout", "00:00:00")]
    [InlineData("patterns:rushOrders:minimumOrders", "3")]
    [InlineData("patterns:paymentTiming:minimumSegment", "1")]
    [InlineData("patterns:amounts:minimumMultiple", "1")]
    [InlineData("patterns:silence:minimumGaps", "2")]
    [InlineData("patterns:frequency:permutations", "10")]
    [InlineData("patterns:trend:minimumMonths", "6")]
    [InlineData("patterns:seasonality:minimumMonths", "12")]
    [InlineData("patterns:peers:percentile", "1.5")]
    [InlineData("patterns:concentration:share", "0")]
    [InlineData("patterns:refresh:dutyCycle", "0")]
    [InlineData("patterns:refresh:rowsInMemory", "10")]
    [InlineData("patterns:cache:memoryEntries", "-1")]
    [InlineData("patterns:reading:minimumConfidence", "2")]
    public void Start_ValueOutOfRange_RefusedNamingIt(string key, string value)
    {
        var error = Assert.Throws<OptionsValidationException>(() => Validate(new() { [key] = value }));

        Assert.Contains(key.Split(':')[^1], error.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Start_Defaults_Accepted() => Validate([]);

    private static void Validate(Dictionary<string, string?> settings)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection(settings);
        builder.AddDetectors();
        builder.AddPatterns();
        builder.AddRefreshing();
        using var services = builder.Services.BuildServiceProvider();
        services.GetRequiredService<IStartupValidator>().Validate();
    }
}
