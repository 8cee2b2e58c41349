using System.Globalization;
using System.Text;

namespace Platform.Migrations.Import;

/// <summary>The lines that were not loaded, with their reasons, as CSV: <c>line,reason,record</c>. Made only when there are any.</summary>
internal sealed class RejectsFile(string path) : IAsyncDisposable
{
    private const string Header = "line,reason,record";
    private const int SampleSize = 5;
    private readonly List<string> _sample = [];
    private StreamWriter? _writer;

    public string Path => path;

    public long Count { get; private set; }

    /// <summary>The first reasons, for the summary.</summary>
    public IReadOnlyList<string> Sample => _sample;

    /// <summary>Removes what an earlier run left at the path, so that a file there always speaks of the last run.</summary>
    public void Clear()
    {
        if (!File.Exists(path))
        {
            return;
        }

        if (File.ReadLines(path).FirstOrDefault() is { } first && first != Header)
        {
            throw new MigrationException($"{path} exists and is not a list of rejects; choose another --rejects path.");
        }

        File.Delete(path);
    }

    public async Task AddAsync(long line, string reason, string record, CancellationToken cancellationToken)
    {
        _writer ??= await OpenAsync(cancellationToken);
        Count++;
        if (_sample.Count < SampleSize)
        {
            _sample.Add(string.Create(CultureInfo.InvariantCulture, $"line {line}: {reason}"));
        }

        await _writer.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{line},{Quote(reason)},{Quote(record)}").AsMemory(), cancellationToken);
    }

    public async Task CloseAsync(CancellationToken cancellationToken)
    {
        if (_writer is not null)
        {
            await _writer.FlushAsync(cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_writer is not null)
        {
            await _writer.DisposeAsync();
        }
    }

    private async Task<StreamWriter> OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            var writer = new StreamWriter(path, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
            await writer.WriteLineAsync(Header.AsMemory(), cancellationToken);
            return writer;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new MigrationException($"Cannot write the rejects to {path}: {exception.Message}", exception);
        }
    }

    private static string Quote(string text) => $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
