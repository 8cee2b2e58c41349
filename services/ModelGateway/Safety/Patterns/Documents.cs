namespace Platform.ModelGateway.Safety.Patterns;

/// <summary>Numbers of documents, which have no common format: the word must be near.</summary>
internal static class Documents
{
    internal static bool IsPassport(in Candidate candidate) =>
        candidate.Groups <= 2 && candidate.Compact.Length is >= 6 and <= 12 && candidate.Before(Keyword.Passport) && !IsYearOrDate(candidate);

    internal static bool IsDriverLicense(in Candidate candidate) =>
        candidate.Compact.Length is >= 5 and <= 20 && candidate.Groups <= 5 && candidate.Before(Keyword.License)
        && !candidate.Before(Keyword.NotIdentity) && !IsYearOrDate(candidate);

    private static bool IsYearOrDate(in Candidate candidate) =>
        candidate.Compact.Length <= 4 || candidate.Separator is '/' or '.' || candidate.Shaped(4, 2, 2) || candidate.Shaped(2, 2, 4);
}
