using System.Security.Cryptography;
using System.Text;

namespace Aspire.Hosting.Running;

/// <summary>
/// The folder that keeps the data of one running copy of an application. A second copy that runs at the same time takes the next
/// free number, so each copy finds its own data again.
/// </summary>
internal sealed class ApplicationFolder(string applicationName, string applicationDirectory, bool isolated) : IDisposable
{
    /// <summary>Environment variable that moves the folder.</summary>
    public const string FolderVariable = "PLATFORM_DATA_DIR";

    private const int MaxCopies = 32;
    private const UnixFileMode Traversable =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private readonly Lock gate = new();
    private FileStream? claim;
    private string? path;

    /// <summary>Full path; claimed on first use.</summary>
    public string Path
    {
        get
        {
            lock (gate)
            {
                return path ??= isolated ? CreateThrowAway() : Claim();
            }
        }
    }

    /// <summary>True when the folder goes away with the application.</summary>
    public bool Isolated => isolated;

    /// <summary>A folder that is kept between runs, or thrown away when <paramref name="volume"/> is null.</summary>
    public string DataFolder(string resource, string? volume)
    {
        var folder = System.IO.Path.Combine(Path, volume is null ? "session" : "volumes", volume ?? resource);
        if (volume is null && Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        Create(System.IO.Path.GetDirectoryName(folder)!);
        return folder;
    }

    /// <summary>Reads a secret that an earlier run created, or creates it; readable by its owner only.</summary>
    public string ReadOrCreateSecret(string name, Func<string> create)
    {
        var folder = System.IO.Path.Combine(Path, "secrets");
        Create(folder);
        var file = System.IO.Path.Combine(folder, name);
        lock (gate)
        {
            if (File.Exists(file))
            {
                return File.ReadAllText(file);
            }

            var secret = create();
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            using var stream = new FileStream(file, options);
            stream.Write(Encoding.UTF8.GetBytes(secret));
            return secret;
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            if (path is not null && isolated && Directory.Exists(path))
            {
                Directory.Delete(path, recursive: true);
            }

            claim?.Dispose();
            claim = null;
        }
    }

    private static string CreateThrowAway()
    {
        var folder = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"aspire-{Guid.NewGuid().ToString("n")[..12]}");
        Create(folder);
        return folder;
    }

    private static void Create(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, Traversable);
        }
    }

    private static string Root()
    {
        if (Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 } chosen)
        {
            return System.IO.Path.GetFullPath(chosen);
        }

        var local = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create);

        // A server that root starts runs as another user, who cannot pass through root's home.
        return Environment.IsPrivilegedProcess && !OperatingSystem.IsWindows() && !OthersMayPass(local)
            ? "/var/lib/platform"
            : System.IO.Path.Combine(local, "platform");
    }

    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    private static bool OthersMayPass(string folder)
    {
        for (var current = new DirectoryInfo(folder); current is not null; current = current.Parent)
        {
            if (!current.Exists || (File.GetUnixFileMode(current.FullName) & UnixFileMode.OtherExecute) == 0)
            {
                return false;
            }
        }

        return true;
    }

    private string Claim()
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(applicationDirectory)))[..10];
        var root = System.IO.Path.Combine(Root(), $"{applicationName}-{hash}");
        for (var copy = 0; copy < MaxCopies; copy++)
        {
            var folder = System.IO.Path.Combine(root, copy.ToString(System.Globalization.CultureInfo.InvariantCulture));
            Create(folder);
            try
            {
                claim = new FileStream(System.IO.Path.Combine(folder, "in-use"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
                return folder;
            }
            catch (IOException)
            {
                // Another copy runs on this one.
            }
        }

        throw new DistributedApplicationException($"{MaxCopies} copies of {applicationName} run already on {root}.");
    }
}
