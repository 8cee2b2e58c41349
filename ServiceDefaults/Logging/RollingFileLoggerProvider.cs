using System.Globalization;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Platform.ServiceDefaults;

/// <summary>Writes log lines to files in the background. Callers never wait: when the disk is too slow the oldest lines are dropped.</summary>
[ProviderAlias("File")]
internal sealed class RollingFileLoggerProvider : ILoggerProvider, ISupportExternalScope
{
    private const int QueuedLines = 4096;
    private static readonly TimeSpan FlushLimit = TimeSpan.FromSeconds(2);

    private readonly string _folder;
    private readonly string _name;
    private readonly LogFileOptions _options;
    private readonly TimeProvider _time;
    private readonly Channel<byte[]> _lines = Channel.CreateBounded<byte[]>(
        new BoundedChannelOptions(QueuedLines) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    private readonly Task _writing;
    private IExternalScopeProvider? _scopes;

    internal RollingFileLoggerProvider(LogFileOptions options, string name, TimeProvider time)
    {
        (_options, _name, _time) = (options, name, time);
        _folder = Path.GetFullPath(options.Folder);
        Directory.CreateDirectory(_folder);
        _writing = Task.Run(() => WriteLinesAsync(CancellationToken.None));
    }

    public ILogger CreateLogger(string categoryName) => new LineLogger(categoryName, _lines.Writer, () => _scopes, _time);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    public void Dispose()
    {
        _lines.Writer.TryComplete();
        _writing.Wait(FlushLimit);
    }

    private async Task WriteLinesAsync(CancellationToken cancellationToken)
    {
        var file = Open();
        try
        {
            while (await _lines.Reader.WaitToReadAsync(cancellationToken))
            {
                while (_lines.Reader.TryRead(out var line))
                {
                    if (file.Length > 0 && file.Length + line.Length > _options.MaximumBytes)
                    {
                        await file.DisposeAsync();
                        Roll();
                        file = Open();
                    }

                    await file.WriteAsync(line, cancellationToken);
                }

                await file.FlushAsync(cancellationToken);
            }
        }
        finally
        {
            await file.DisposeAsync();
        }
    }

    private FileStream Open() => new(PathOf(0), FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);

    private void Roll()
    {
        File.Delete(PathOf(_options.MaximumFiles - 1));
        for (var age = _options.MaximumFiles - 2; age >= 0; age--)
        {
            if (File.Exists(PathOf(age)))
            {
                File.Move(PathOf(age), PathOf(age + 1), overwrite: true);
            }
        }
    }

    private string PathOf(int age) =>
        Path.Combine(_folder, age == 0 ? $"{_name}.log" : string.Create(CultureInfo.InvariantCulture, $"{_name}.{age}.log"));
}
