using System.Globalization;
using System.Runtime.CompilerServices;
using CsvHelper;
using CsvHelper.Configuration;

namespace Platform.Migrations.Import;

/// <summary>One record of the file.</summary>
/// <param name="Line">Number of its first line, from 1; the header is a line.</param>
/// <param name="Problem">Why it cannot be read at all; null when it can.</param>
internal readonly record struct CsvLine(long Line, string[] Fields, string Raw, string? Problem);

/// <summary>Reads a CSV file (RFC 4180) record by record, so that its size does not matter.</summary>
internal sealed class CsvFile(string path, ImportMap map)
{
    /// <summary>Longest field in characters: a quote that is never closed must not swallow the rest of the file.</summary>
    private const int LongestField = 64 * 1024;

    /// <summary>The names in the first line.</summary>
    /// <exception cref="MigrationException">The file is absent, empty, or lacks a column that the map reads.</exception>
    public async Task<IReadOnlyDictionary<string, int>> HeaderAsync(CancellationToken cancellationToken)
    {
        await foreach (var line in LinesAsync(skipHeader: false, raw: false, cancellationToken))
        {
            var columns = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
            for (var i = 0; i < line.Fields.Length; i++)
            {
                if (!columns.TryAdd(line.Fields[i].Trim(), i) && map.Sources.Any(source => string.Equals(source.Column, line.Fields[i].Trim(), StringComparison.OrdinalIgnoreCase)))
                {
                    throw new MigrationException($"{path} has two columns named '{line.Fields[i].Trim()}'.");
                }
            }

            foreach (var (column, key) in map.Sources)
            {
                if (!columns.ContainsKey(column))
                {
                    throw new MigrationException(
                        $"{path} has no column '{column}', which key '{key}' of map '{map.Name}' reads. Its columns: {string.Join(", ", line.Fields)}.");
                }
            }

            return columns;
        }

        throw new MigrationException($"{path} is empty.");
    }

    /// <summary>The records below the header, in order.</summary>
    /// <param name="raw">Whether <see cref="CsvLine.Raw"/> is wanted for good records too.</param>
    public IAsyncEnumerable<CsvLine> RecordsAsync(bool raw, CancellationToken cancellationToken) => LinesAsync(skipHeader: true, raw, cancellationToken);

    private async IAsyncEnumerable<CsvLine> LinesAsync(bool skipHeader, bool raw, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? problem = null;
        var configuration = new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            Delimiter = map.Delimiter.ToString(),
            MaxFieldSize = LongestField,
            BadDataFound = _ => problem = "quotes are not closed or stand inside a field",
        };
        using var text = Open();
        using var parser = new CsvParser(text, configuration);
        var width = -1;
        while (await ReadAsync(parser, cancellationToken))
        {
            cancellationToken.ThrowIfCancellationRequested();
            problem = null;
            var fields = parser.Record ?? [];
            var line = parser.RawRow - Breaks(fields);
            if (width < 0)
            {
                width = fields.Length;
                if (skipHeader)
                {
                    continue;
                }
            }
            else if (problem is null && fields.Length != width)
            {
                problem = $"has {fields.Length} fields where the header has {width}";
            }

            yield return new CsvLine(line, fields, raw || problem is not null ? parser.RawRecord.TrimEnd('\r', '\n') : string.Empty, problem);
        }
    }

    private StreamReader Open()
    {
        try
        {
            return new StreamReader(path, map.Encoding, detectEncodingFromByteOrderMarks: true, bufferSize: 64 * 1024);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new MigrationException($"Cannot read {path}: {exception.Message}", exception);
        }
    }

    private async Task<bool> ReadAsync(CsvParser parser, CancellationToken cancellationToken)
    {
        try
        {
            return await parser.ReadAsync().WaitAsync(cancellationToken);
        }
        catch (MaxFieldSizeException exception)
        {
            throw new MigrationException($"{path}: after line {parser.RawRow} a field is longer than {LongestField} characters; is a quote not closed?", exception);
        }
    }

    // The parser counts lines at the end of a record.
    private static int Breaks(string[] fields)
    {
        var breaks = 0;
        foreach (var field in fields)
        {
            breaks += field.AsSpan().Count('\n');
        }

        return breaks;
    }
}
