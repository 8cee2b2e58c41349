using System.Text;
using Npgsql;
using Platform.PatternAnalysis.Histories.Bulk;
using Platform.Testing;

namespace Platform.PatternAnalysis.Tests.Histories;

public sealed class BulkRowsTests(PlatformServers servers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Every kind of value as the ordinary reader gives it, in reads of few bytes and with a row larger than the buffer.</summary>
    [Theory]
    [InlineData(3)]
    [InlineData(1_000_000)]
    public async Task Next_RowsOfAllKinds_AsTheOrdinaryReaderGivesThem(int bytesAtOnce)
    {
        const string rows = """
            SELECT t, n, d, at FROM (VALUES
              ('', 0::numeric, date '2000-01-01', timestamptz '2000-01-01Z'), ('Ünal & Söhne', 1234567890.12, '1970-01-01', '1969-12-31 23:59:59.999999Z'), (NULL, -0.0001, '9999-12-31', '2026-03-05 07:08:09.123456Z'),
              (repeat('x', 200000), 79228162514264337593543950335, '0001-01-01', '0001-01-01Z'), ('scale', 100.00, '2026-02-28', '2026-02-28Z'), ('small', 0.0000000000000000000000000001, '2026-02-28', '2026-02-28Z'), ('round', 120000000, '2026-02-28', '2026-02-28Z')) v (t, n, d, at)
            """;
        await using var database = NpgsqlDataSource.Create(servers.PostgresConnectionString);
        await using var connection = await database.OpenConnectionAsync(Token);
        List<(string, decimal, int, long)> expected = [], actual = [];
        await using (var command = new NpgsqlCommand(rows, connection))
        await using (var reader = await command.ExecuteReaderAsync(Token))
        {
            while (await reader.ReadAsync(Token))
            {
                var text = await reader.IsDBNullAsync(0, Token) ? "" : reader.GetString(0);
                expected.Add((text, reader.GetDecimal(1), reader.GetFieldValue<DateOnly>(2).DayNumber, reader.GetDateTime(3).Ticks / TimeSpan.TicksPerMicrosecond));
            }
        }

        await using (var stream = await connection.BeginRawBinaryCopyAsync($"COPY ({rows}) TO STDOUT (FORMAT binary)", Token))
        {
            var copy = new CopyRows(new Narrow(stream, bytesAtOnce), 4);
            while (await copy.NextAsync(Token))
            {
                actual.Add((Encoding.UTF8.GetString(copy.Text(0)), copy.Number(1), copy.Day(2), copy.Microseconds(3)));
            }
        }

        Assert.Equal(expected, actual);
        Assert.Equal(expected.Select(row => row.Item2.Scale), actual.Select(row => row.Item2.Scale));
    }

    [Theory]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("1e40")]
    public async Task Number_NotADecimal_Refused(string number)
    {
        await using var database = NpgsqlDataSource.Create(servers.PostgresConnectionString);
        await using var connection = await database.OpenConnectionAsync(Token);
        await using var stream = await connection.BeginRawBinaryCopyAsync($"COPY (SELECT '{number}'::numeric) TO STDOUT (FORMAT binary)", Token);
        var copy = new CopyRows(stream, 1);
        Assert.True(await copy.NextAsync(Token));

        Assert.ThrowsAny<Exception>(() => copy.Number(0));
    }

    [Fact]
    public void Keys_ManyThousand_EachFoundUnderItsNumber()
    {
        var keys = new Keys();
        for (var i = 0; i < 50_000; i++)
        {
            keys.Add(Key(i));
        }

        for (var i = 0; i < 50_000; i++)
        {
            Assert.Equal(i, keys.Find(Key(i)));
            Assert.Equal(-1, keys.Find(Key(-1 - i)));
        }

        Assert.Equal(7, keys.FindOrAdd(Key(7)));
        Assert.Equal(50_000, keys.FindOrAdd(""u8));
        Assert.Equal("", keys.ToString(keys.Find(""u8)));

        static byte[] Key(int i) => Encoding.UTF8.GetBytes($"INV-{i}-é");
    }

    [Fact]
    public void Groups_UnorderedRows_EachGroupInTheirOrder()
    {
        int[] rows = [3, 0, 3, 1, 0, 3];

        var groups = Groups.By<int>(rows, row => row, 4);

        Assert.Equal([1, 4], groups.Of(0));
        Assert.Equal([3], groups.Of(1));
        Assert.Empty(groups.Of(2).ToArray());
        Assert.Equal([0, 2, 5], groups.Of(3));
    }

    /// <summary>Gives at most so many bytes at once.</summary>
    private sealed class Narrow(Stream inner, int most) : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            inner.ReadAsync(buffer[..Math.Min(most, buffer.Length)], cancellationToken);
    }
}
