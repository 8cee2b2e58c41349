using System.Text.Json;
using Xunit;

namespace OpenTelemetry.Tests;

public sealed class ExpositionParserTests
{
    [Fact]
    public void Parse_PublishedCases_AgreesWithAllOfThem()
    {
        List<string> wrong = [];
        var count = 0;
        foreach (var line in File.ReadLines(SharedData.PathOf("observability/prometheus_text/expfmt_cases.jsonl")))
        {
            var entry = JsonDocument.Parse(line).RootElement;
            count++;
            var error = Record.Exception(() => ExpositionParser.Parse(entry.GetProperty("text").GetString()!));
            if ((error is null) != (entry.GetProperty("expect").GetString() == "ok"))
            {
                wrong.Add($"{entry.GetProperty("name")}: {error?.Message ?? "accepted"}");
            }
        }

        Assert.Empty(wrong);
        Assert.Equal(26, count);
    }

    [Theory]
    [InlineData("observability/prometheus_text/expfmt_testdata_text.prom")]
    [InlineData("observability/prometheus_text/alltypes.237mfs.prom.txt")]
    public void Parse_PublishedExposition_IsAccepted(string file)
        => Assert.NotEmpty(ExpositionParser.Parse(File.ReadAllText(SharedData.PathOf(file))).Samples);
}
