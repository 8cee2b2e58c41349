using Platform.Migrations.Schema;
using Xunit;

namespace Platform.Migrations.Tests.Schema;

public sealed class SchemaFileTests
{
    [Theory]
    [InlineData("1_domain.sql")]
    [InlineData("0001-domain.sql")]
    [InlineData("0001_Domain.sql")]
    [InlineData("0001_domain.txt")]
    public void Create_BadName_SaysHowToNameIt(string name)
    {
        var exception = Assert.Throws<MigrationException>(() => SchemaFile.Create(name, "SELECT 1"));

        Assert.Contains(name, exception.Message, StringComparison.Ordinal);
        Assert.Contains("NNNN_name.sql", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_OtherLineEnds_GiveTheSameChecksum()
    {
        var unix = SchemaFile.Create("0001_a.sql", "SELECT 1;\nSELECT 2;\n");
        var windows = SchemaFile.Create("0001_a.sql", "SELECT 1;\r\nSELECT 2;\r\n");

        Assert.Equal(unix.Checksum, windows.Checksum);
    }

    [Fact]
    public void Create_OtherText_GivesAnotherChecksum() =>
        Assert.NotEqual(SchemaFile.Create("0001_a.sql", "SELECT 1").Checksum, SchemaFile.Create("0001_a.sql", "SELECT 2").Checksum);

    [Fact]
    public void Ordered_ByNumber_WhateverTheOrderGiven()
    {
        var files = SchemaFile.Ordered([SchemaFile.Create("0010_c.sql", ""), SchemaFile.Create("0002_b.sql", ""), SchemaFile.Create("0001_a.sql", "")]);

        Assert.Equal([1, 2, 10], files.Select(file => file.Version));
    }

    [Fact]
    public void Ordered_SameNumberTwice_NamesBothFiles()
    {
        var exception = Assert.Throws<MigrationException>(() => SchemaFile.Ordered([SchemaFile.Create("0001_a.sql", ""), SchemaFile.Create("0001_b.sql", "")]));

        Assert.Contains("0001_a.sql", exception.Message, StringComparison.Ordinal);
        Assert.Contains("0001_b.sql", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Embedded_Files_AreNumberedWithoutGaps()
    {
        var files = SchemaFile.Embedded();

        Assert.Equal(Enumerable.Range(1, files.Count), files.Select(file => file.Version));
        Assert.True(files.Count >= 2);
    }
}
