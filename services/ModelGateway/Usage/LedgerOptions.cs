using System.ComponentModel.DataAnnotations;

namespace Platform.ModelGateway.Usage;

/// <summary>Section <c>modelGateway:ledger</c>: how usage is kept until it is in the database.</summary>
internal sealed class LedgerOptions
{
    /// <summary>
    /// Folder of the journals; it must outlive the process, and a container needs a volume there. Empty: <c>platform/ledger</c> in the
    /// user's folder for local data. Each database has a folder of its own within. Read at start.
    /// </summary>
    public string Folder { get; set; } = "";

    /// <summary>
    /// True: the journal is flushed to the disk, so that it survives a power cut but for <see cref="FlushInterval"/>; false: the operating system
    /// writes it when it likes. Either way a call is answered when the operating system has its usage, which survives the end of the process. Read at start.
    /// </summary>
    public bool FlushToDisk { get; set; } = true;

    /// <summary>How much usage a power cut may lose at most, 100 ms; zero: none, and each call waits for the disk. Read at start.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan FlushInterval { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Bytes that a journal has before the next is begun, 4 MiB.</summary>
    [Range(4096, 1_073_741_824)]
    public int SegmentBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>Longest write to the database, 5 s; it is repeated until it succeeds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan WriteTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How often journals that a crashed instance left behind are looked for, 30 s; also once at the start.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "1.00:00:00")]
    public TimeSpan OrphanScan { get; set; } = TimeSpan.FromSeconds(30);
}
