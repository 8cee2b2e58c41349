using System.ComponentModel.DataAnnotations;

namespace Platform.ModelGateway.Audit;

/// <summary>What happens to calls while the audit log cannot be written.</summary>
internal enum AuditOutage
{
    /// <summary>They are answered, and their rows wait in memory until the database is back; only when too many wait, calls are refused.</summary>
    Queue,

    /// <summary>They are refused before anything leaves.</summary>
    Refuse,
}

/// <summary>Section <c>modelGateway:audit</c> (requirement G7).</summary>
internal sealed class AuditOptions
{
    /// <summary>Writes every model call to app.audit, true.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>
    /// <c>queue</c> (default): answers never wait for the audit log; rows that a killed process had not committed are lost, as are the waiting ones.
    /// <c>refuse</c>: a call leaves only when its first row is committed, and is answered when its last row is.
    /// </summary>
    public AuditOutage WhenUnavailable { get; set; } = AuditOutage.Queue;

    /// <summary>Longest wait for a commit under <c>refuse</c>, 2 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.05", "00:01:00")]
    public TimeSpan CommitTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Rows that may wait in memory, 20,000.</summary>
    [Range(100, 1_000_000)]
    public int WaitingRows { get; set; } = 20_000;

    /// <summary>Chains, 4: more replicas than that share them and get into each other's way. Read at start; a higher number later only begins new chains.</summary>
    [Range(1, 256)]
    public int Shards { get; set; } = 4;

    /// <summary>Keeps the masked texts, true; without them a row has their lengths and SHA-256 only.</summary>
    public bool Content { get; set; } = true;

    /// <summary>Characters kept of each text, 8,000; of longer ones also the SHA-256 of the whole masked text.</summary>
    [Range(0, 1_000_000)]
    public int ContentCharacters { get; set; } = 8_000;

    /// <summary>File that checkpoints are appended to; put it where who administers the database cannot write. Empty: they are in the log only.</summary>
    public string CheckpointFile { get; set; } = "";

    /// <summary>How often a checkpoint is exported while rows are written, 10 s; also at the end of the process. What is cut off the end of a chain within this time does not show.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan CheckpointInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often a part of the log is verified while the service runs, 5 min; 0 never. Read at start.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan VerifyEvery { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Rows of each such part, 20,000; the next one goes on behind it, and after the last row it begins again.</summary>
    [Range(100, 1_000_000)]
    public int VerifyRows { get; set; } = 20_000;

    /// <summary>Files with keys that rows were signed with before.</summary>
    public string[] OldKeyFiles { get; set; } = [];
}
