namespace Platform.PatternAnalysis.Histories;

/// <summary>What is usual among all customers of an organization. A part is null when too few customers have data for it.</summary>
internal sealed record PeerStatistics
{
    /// <summary>Nothing is known: every detector judges a customer by its own past alone.</summary>
    public static PeerStatistics None { get; } = new();
}
