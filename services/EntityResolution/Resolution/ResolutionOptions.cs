using System.ComponentModel.DataAnnotations;

namespace Platform.EntityResolution.Resolution;

/// <summary>Section <c>entityResolution</c> of platform.yaml.</summary>
internal sealed class ResolutionOptions
{
    /// <summary>Longest text, in characters. Source: the contract.</summary>
    [Range(1, 100_000)]
    public int MaxTextLength { get; set; } = 8_000;

    /// <summary>Most mentions reported for one text; further ones are left out.</summary>
    [Range(1, 200)]
    public int MaxMentions { get; set; } = 50;

    /// <summary>Most spans of one text that are looked up by likeness.</summary>
    [Range(1, 64)]
    public int MaxFuzzySpans { get; set; } = 16;

    /// <summary>Least probability with which a name is taken without asking. Chosen with the two below: docs/entity-matching.md.</summary>
    [Range(0.5, 1.0)]
    public double AcceptConfidence { get; set; } = 0.6;

    /// <summary>Least probability that one of the names found is meant, for them to be shown.</summary>
    [Range(0.0, 1.0)]
    public double ListConfidence { get; set; } = 0.2;

    /// <summary>Names at least this share as likely as the best are shown beside it.</summary>
    [Range(0.0, 1.0)]
    public double RivalShare { get; set; } = 0.1;

    /// <summary>pg_trgm.word_similarity_threshold. PostgreSQL's own default, 0.6, misses short names with a typo.</summary>
    [Range(0.05, 1.0)]
    public double WordSimilarityThreshold { get; set; } = 0.30;

    /// <summary>Similar names read for one span before they are compared word by word.</summary>
    [Range(1, 200)]
    public int SimilarNames { get; set; } = 30;

    /// <summary>Longest wait for the database within one call. The contract's deadline may be shorter.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:01:00")]
    public TimeSpan DatabaseTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How often names are compared with the database though no change was told of; they are read again only when they differ. A
    /// large registry is compared at most a twentieth of the time.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan RefreshInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Pause after changes were read; those told of meanwhile are read together.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:00:01")]
    public TimeSpan ChangePause { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Organizations with more names than this are looked up in the database only; 0 keeps no names in memory.</summary>
    [Range(0, 5_000_000)]
    public int SnapshotLimit { get; set; } = 2_000_000;

    /// <summary>Most organizations whose names are held in memory; the one unused longest leaves first.</summary>
    [Range(1, 10_000)]
    public int MaxOrganizations { get; set; } = 200;

    /// <summary>Organizations whose names are read before the service reports ready.</summary>
    public IList<string> WarmOrganizations { get; } = ["default"];

    /// <summary>Prefixes tried when a text says "invoice" and a bare number.</summary>
    public IList<string> InvoicePrefixes { get; } = ["INV-", "INV"];

    /// <summary>Prefixes tried when a text says "order" and a bare number.</summary>
    public IList<string> OrderPrefixes { get; } = ["SO-", "ORD-", "SO", "ORD"];
}
