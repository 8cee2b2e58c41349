namespace Platform.PatternAnalysis.Tiers;

/// <summary>Whose patterns: every key of every tier carries the organization.</summary>
internal readonly record struct PatternKey(string OrganizationId, string CustomerId);
