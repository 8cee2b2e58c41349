using System.Text;
using Platform.Migrations.Contract;
using Platform.Migrations.Import;
using Xunit;

namespace Platform.Migrations.Tests.Import;

public sealed class CellReaderTests
{
    [Theory]
    [InlineData("5", "5")]
    [InlineData("5.10", "5.10")]
    [InlineData("1,234.50", "1234.50")]
    [InlineData("1,234,567.5", "1234567.5")]
    [InlineData("7.1000", "7.1")]
    public void Read_Amount_IsExact(string text, string expected) =>
        Assert.Equal(decimal.Parse(expected, System.Globalization.CultureInfo.InvariantCulture), Read(Column(ColumnKind.Money), text).Value);

    [Theory]
    [InlineData("1.234,50", "1234.50")]
    [InlineData("12,5", "12.5")]
    [InlineData("1.234.567", "1234567")]
    public void Read_AmountWithDecimalComma_IsExact(string text, string expected) =>
        Assert.Equal(decimal.Parse(expected, System.Globalization.CultureInfo.InvariantCulture), Read(Column(ColumnKind.Money), text, ',').Value);

    [Theory]
    [InlineData("abc", "not a number")]
    [InlineData("1,23.4", "not a number")]
    [InlineData("12 EUR", "not a number")]
    [InlineData("(5)", "not a number")]
    [InlineData("1e3", "not a number")]
    [InlineData("-0.01", "negative")]
    [InlineData("1.005", "more than two decimals")]
    [InlineData("1000000000000", "too large")]
    [InlineData("99999999999999999999999999999999999999", "too large")]
    [InlineData("٣", "not a number")]
    public void Read_BadAmount_SaysWhy(string text, string expected)
    {
        var (value, reason) = Read(Column(ColumnKind.Money), text);

        Assert.Null(value);
        Assert.Contains(expected, reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_FineAmountWithRound_IsRoundedToCents() =>
        Assert.Equal(1.01m, Read(Column(ColumnKind.Money) with { Round = true }, "1.005").Value);

    [Theory]
    [InlineData("2026-02-28", "2026-02-28T00:00:00Z")]
    [InlineData("2026-02-28 13:45:00", "2026-02-28T13:45:00Z")]
    [InlineData("2026-02-28T13:45:00+02:00", "2026-02-28T11:45:00Z")]
    public void Read_Time_IsUtc(string text, string expected)
    {
        var (value, _) = Read(Column(ColumnKind.Time), text);

        Assert.Equal(DateTime.Parse(expected, System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AdjustToUniversal), value);
        Assert.Equal(DateTimeKind.Utc, ((DateTime)value!).Kind);
    }

    [Theory]
    [InlineData("2026-02-29")]
    [InlineData("28.02.2026")]
    [InlineData("0001-01-01")]
    [InlineData("3026-01-01")]
    [InlineData("soon")]
    public void Read_BadDate_SaysWhy(string text) =>
        Assert.Contains($"'{text}' is not a date", Read(Column(ColumnKind.Date), text).Reason, StringComparison.Ordinal);

    [Fact]
    public void Read_DateWithAddDays_Moves() =>
        Assert.Equal(new DateOnly(2026, 3, 2), Read(Column(ColumnKind.Date) with { AddDays = 30 }, "2026-01-31").Value);

    [Theory]
    [InlineData("Yes", true)]
    [InlineData("no", false)]
    [InlineData("1", true)]
    [InlineData("FALSE", false)]
    public void Read_Flag_Understands(string text, bool expected) => Assert.Equal(expected, Read(Column(ColumnKind.Flag), text).Value);

    [Theory]
    [InlineData(ColumnKind.Flag, "maybe", "not yes or no")]
    [InlineData(ColumnKind.Whole, "1.5", "not a whole number")]
    [InlineData(ColumnKind.Whole, "-1", "not a whole number")]
    [InlineData(ColumnKind.Text, "a\0b", "not utf-8 text")]
    [InlineData(ColumnKind.Text, "caf\uFFFD", "not utf-8 text")]
    public void Read_BadValue_SaysWhy(object kind, string text, string expected) =>
        Assert.Contains(expected, Read(Column((ColumnKind)kind), text).Reason, StringComparison.Ordinal);

    [Fact]
    public void Read_TooLongText_IsRejectedWithoutRepeatingIt()
    {
        var (_, reason) = Read(Column(ColumnKind.Text), new string('x', CellReader.LongestText + 1));

        Assert.Equal($"column is longer than {CellReader.LongestText} characters", reason);
    }

    [Fact]
    public void Read_BlankRequired_IsRejected() => Assert.Equal("column is blank", Read(Column(ColumnKind.Text), null).Reason);

    [Fact]
    public void Read_BlankOptional_IsNull() =>
        Assert.Equal((null, null), Read(new ColumnMap(new ContractColumn("column", ColumnKind.Date, false), "k"), null));

    [Fact]
    public void Read_BlankWithDefault_TakesIt() => Assert.Equal("open", Read(Column(ColumnKind.Text) with { Default = "open", WhenPresent = "done" }, null).Value);

    [Fact]
    public void Read_PresentWithWhenPresent_TakesThat() => Assert.Equal("done", Read(Column(ColumnKind.Text) with { Default = "open", WhenPresent = "done" }, "2026-01-01").Value);

    [Fact]
    public void Read_Prefix_GoesInFrontOfWhatIsThere() => Assert.Equal("X-7", Read(Column(ColumnKind.Text) with { Prefix = "X-" }, "7").Value);

    [Fact]
    public void Read_Values_Translate()
    {
        var column = Column(ColumnKind.Text) with { Values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["AIR"] = "high" } };

        Assert.Equal("high", Read(column, "Air").Value);
        Assert.Equal("Ship", Read(column, "Ship").Value);
    }

    [Fact]
    public void Read_ValueOutsideTheList_NamesTheList() =>
        Assert.Equal(
            "priority is 'urgent'; allowed is low, rush",
            Read(new ColumnMap(new ContractColumn("priority", ColumnKind.Text, true, ["low", "rush"]), "k"), "urgent").Reason);

    [Theory]
    [InlineData("EUR", null)]
    [InlineData("eur", "currency 'eur' is unknown (ISO 4217 code expected)")]
    [InlineData("XYZ", "currency 'XYZ' is unknown (ISO 4217 code expected)")]
    public void Read_Currency_MustBeKnown(string text, string? expected) =>
        Assert.Equal(expected, Read(new ColumnMap(new ContractColumn("currency", ColumnKind.Text, true), "k"), text).Reason);

    private static ColumnMap Column(ColumnKind kind) => new(new ContractColumn("column", kind, true), "key");

    private static (object? Value, string? Reason) Read(ColumnMap column, string? text, char separator = '.')
    {
        var reader = new CellReader(new ImportMap("test", ',', Encoding.UTF8, ["yyyy-MM-dd", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ssK"], separator, []));
        var value = reader.Read(column, text, out var reason);
        return (value, reason);
    }
}
