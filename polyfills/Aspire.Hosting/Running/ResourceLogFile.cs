using System.Text;

namespace Aspire.Hosting.Running;

/// <summary>
/// The complete output of one resource. A full file is kept once, as <c>.1</c>, and begun anew. A file that cannot be written is given
/// up: the resources matter more than their log. Not safe for concurrent use.
/// </summary>
internal sealed class ResourceLogFile(string path, long limit = ResourceLogFile.Limit) : IDisposable
{
    /// <summary>Bytes of a full file.</summary>
    public const long Limit = 50_000_000;

    /// <summary>Runs whose logs are kept, the present one included.</summary>
    public const int KeptRuns = 5;

    // Created only with the first line, so that GetOrAdd's losers of a race do not touch the file.
    private FileStream? stream;
    private bool closed;

    public void Write(string line)
    {
        if (closed)
        {
            return;
        }

        try
        {
            stream ??= new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            stream.Write(Encoding.UTF8.GetBytes(line + "\n"));
            if (stream.Length > limit)
            {
                stream.Dispose();
                stream = null;
                File.Move(path, path + ".1", overwrite: true);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Dispose();
        }
    }

    public void Dispose()
    {
        closed = true;
        stream?.Dispose();
        stream = null;
    }

    /// <summary>Makes the folder of a run and removes those of old runs.</summary>
    /// <returns>Path of the new folder.</returns>
    public static string CreateFolder(string root, DateTimeOffset now)
    {
        var folder = Path.Combine(root, now.ToString("yyyyMMdd-HHmmss", System.Globalization.CultureInfo.InvariantCulture));
        Directory.CreateDirectory(folder);
        foreach (var old in Directory.GetDirectories(root).OrderDescending(StringComparer.Ordinal).Skip(KeptRuns))
        {
            Directory.Delete(old, recursive: true);
        }

        return folder;
    }
}
