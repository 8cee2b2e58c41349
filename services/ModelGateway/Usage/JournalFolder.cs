using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Npgsql;
using Platform.ModelGateway.Providers;
using Platform.ServiceDefaults;

namespace Platform.ModelGateway.Usage;

/// <summary>
/// Where journals lie: <c>&lt;instance&gt;.lock</c>, held open while the instance lives, and <c>&lt;instance&gt;-&lt;number&gt;.journal</c>.
/// The operating system gives up the lock of a process that was killed, so that another instance can take its journals over.
/// </summary>
internal sealed class JournalFolder
{
    private const string LockSuffix = ".lock";
    private const string SegmentSuffix = ".journal";
    private const int MostClaims = 5;

    private readonly string _folder;

    public JournalFolder(IOptions<ModelGatewayOptions> options, NpgsqlDataSource database)
    {
        var configured = options.Value.Ledger.Folder;
        _folder = Path.Combine(configured.Length > 0 ? configured : Default(), Name(database.ConnectionString));
        try
        {
            Directory.CreateDirectory(_folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new PlatformConfigurationException($"modelGateway:ledger:folder = \"{configured}\" is not allowed. Allowed: a folder that the service may write to ({error.Message}).");
        }
    }

    internal string Segment(string instance, int number) =>
        Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"{instance}-{number:D8}{SegmentSuffix}"));

    /// <summary>A new name, and the lock that says that its owner lives.</summary>
    internal (string Instance, FileStream Lock) Claim()
    {
        for (var attempt = 1; ; attempt++)
        {
            var instance = Guid.NewGuid().ToString("n");
            try
            {
                return (instance, new FileStream(LockPath(instance), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None));
            }
            catch (IOException) when (attempt < MostClaims)
            {
                // Another instance looked at the file between its creation and its lock; it finds no journals and deletes it.
            }
        }
    }

    internal void Release(string instance, FileStream? held, bool delete)
    {
        held?.Dispose();
        if (!delete)
        {
            return;
        }

        try
        {
            File.Delete(LockPath(instance));
        }
        catch (IOException)
        {
            // Another instance looks at it just now, finds no journals and deletes it.
        }
    }

    /// <summary>Instances that are gone, each with the lock that was taken over from it.</summary>
    internal IEnumerable<(string Instance, FileStream Lock)> Orphans()
    {
        foreach (var path in Directory.GetFiles(_folder, "*" + LockSuffix))
        {
            FileStream held;
            try
            {
                held = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException)
            {
                // Its owner lives, or another instance was faster.
                continue;
            }

            if (File.Exists(path))
            {
                yield return (Path.GetFileNameWithoutExtension(path), held);
            }
            else
            {
                held.Dispose();
            }
        }
    }

    internal IReadOnlyList<string> Segments(string instance) =>
        [.. Directory.GetFiles(_folder, $"{instance}-*{SegmentSuffix}").Order(StringComparer.Ordinal)];

    /// <summary>Puts rows aside that the database refuses, so that an operator can look at them.</summary>
    internal void Reject(UsageRow row) =>
        File.AppendAllBytes(Path.Combine(_folder, "rejected.jsonl"), new JournalRecord(JournalRecordKind.Ended, row.CallId, row).ToLine());

    private string LockPath(string instance) => Path.Combine(_folder, instance + LockSuffix);

    private static string Default()
    {
        var local = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
        return Path.Combine(local.Length > 0 ? local : Path.GetTempPath(), "platform", "ledger");
    }

    // Rows of one database must never be written into another.
    private static string Name(string connectionString)
    {
        var database = new NpgsqlConnectionStringBuilder(connectionString);
        var name = string.Create(CultureInfo.InvariantCulture, $"{database.Host}|{database.Port}|{database.Database}");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..16];
    }
}
