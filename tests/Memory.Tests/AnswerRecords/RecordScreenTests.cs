using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Platform.Memory.AnswerRecords;

namespace Platform.Memory.Tests.AnswerRecords;

public sealed class RecordScreenTests
{
    private const string Record = """
        {"question": "What does Ann Meyer owe?", "response": {"answer": "Ann Meyer owes 12.", "suggestions": ["And Ann Meyer?"], "requestId": "r1"},
         "retrieved": {"memories": [{"id": "m1", "text": "Ann Meyer called"}], "facts": [{"sql": "SELECT 'Ann Meyer'", "value": {"number": 12}}]}}
        """;

    [Fact]
    public async Task Mask_Words_LoseWhatIsPersonalAndNothingElse()
    {
        var masked = JsonNode.Parse(await Screen(isAway: false).MaskAsync(Record, TestContext.Current.CancellationToken))!;

        Assert.Equal("What does [PERSON] owe?", masked["question"]!.GetValue<string>());
        Assert.Equal("[PERSON] owes 12.", masked["response"]!["answer"]!.GetValue<string>());
        Assert.Equal("And [PERSON]?", masked["response"]!["suggestions"]![0]!.GetValue<string>());
        Assert.Equal("[PERSON] called", masked["retrieved"]!["memories"]![0]!["text"]!.GetValue<string>());
        Assert.Equal("SELECT 'Ann Meyer'", masked["retrieved"]!["facts"]![0]!["sql"]!.GetValue<string>());
        Assert.Equal(("m1", "r1"), (masked["retrieved"]!["memories"]![0]!["id"]!.GetValue<string>(), masked["response"]!["requestId"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Mask_RulesAway_WithholdsEveryWordAndKeepsTheFigures()
    {
        var masked = JsonNode.Parse(await Screen(isAway: true).MaskAsync(Record, TestContext.Current.CancellationToken))!;

        Assert.Equal(RecordScreen.Withheld, masked["question"]!.GetValue<string>());
        Assert.Equal(RecordScreen.Withheld, masked["retrieved"]!["memories"]![0]!["text"]!.GetValue<string>());
        Assert.Equal(12, masked["retrieved"]!["facts"]![0]!["value"]!["number"]!.GetValue<int>());
    }

    private static RecordScreen Screen(bool isAway) => new(new FakeSafety { IsAway = isAway }, TimeProvider.System, NullLogger<RecordScreen>.Instance);
}
