using System.ComponentModel.DataAnnotations;

namespace Platform.ServiceDefaults;

/// <summary>Section <c>telemetry:logFile</c>: a copy of the console's lines in files that never outgrow a limit.</summary>
public sealed class LogFileOptions
{
    public const string Section = "telemetry:logFile";

    /// <summary>Folder of the files; empty writes none. Each service writes <c>&lt;name&gt;.log</c>, <c>&lt;name&gt;.1.log</c> (older) and so on; a second replica with the same folder <c>&lt;name&gt;-2.log</c>.</summary>
    public string Folder { get; set; } = "";

    /// <summary>Size in bytes at which the next file is begun, 16 MiB.</summary>
    [Range(4096, 1L << 34)]
    public long MaximumBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>Files that are kept, with the current one, 5.</summary>
    [Range(1, 1000)]
    public int MaximumFiles { get; set; } = 5;
}
