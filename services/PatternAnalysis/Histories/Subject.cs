namespace Platform.PatternAnalysis.Histories;

/// <summary>The customer that is looked at, and the last day whose rows are seen.</summary>
internal sealed record Subject(string OrganizationId, string CustomerId, string Name, string Currency, string Status, DateOnly AsOf)
{
    /// <summary>First instant that is not seen.</summary>
    public DateTime Until => AsOf.AddDays(1).ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc);
}
