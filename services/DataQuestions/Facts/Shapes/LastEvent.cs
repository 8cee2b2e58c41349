using Platform.Contracts.DataQuestions.V1;

namespace Platform.DataQuestions.Facts.Shapes;

internal static class LastEvent
{
    public static void Read(Fact fact, IReadOnlyList<FactRow> rows, string unknownReason)
    {
        if (rows is [{ Day: { } day, Amount: { } amount, Currency: { } currency }])
        {
            fact.Value = FactValues.Day(day);
            fact.Parts.Add(new FactPart { Name = "amount", Value = FactValues.Money(amount, currency), Count = 1 });
        }
        else
        {
            fact.Value = FactValues.Unknown(unknownReason);
        }
    }
}
