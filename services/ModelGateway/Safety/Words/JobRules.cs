namespace Platform.ModelGateway.Safety.Words;

/// <summary>What somebody works as: after "as", or on a line of its own as in a signature.</summary>
internal static class JobRules
{
    private const int LongestJob = 6;

    internal static void Find(WordText text, PiiFindings findings)
    {
        for (var index = 0; index < text.Count; index++)
        {
            if (!text[index].Is(WordKinds.JobWord))
            {
                continue;
            }

            var first = index;
            while (first > 0 && index - first < LongestJob && text.SpaceAfter(first - 1) && !IsLead(text, first - 1) && !text.BeginsLine(first))
            {
                first--;
            }

            var leads = first > 0 && IsLead(text, first - 1);
            var alone = text.BeginsLine(first) && text.EndsLine(index) && text[first].IsUpper && text.Text.Contains('\n', StringComparison.Ordinal);
            if ((leads || alone) && index - first < LongestJob)
            {
                findings.Add(PiiType.Title, text[first].Start, text[index].End);
            }
        }
    }

    private static bool IsLead(WordText text, int index) =>
        text.Is(index, "as") || (text.Is(index, "a") && text.Is(index - 1, "as")) || (text.Is(index, "an") && text.Is(index - 1, "as"))
        || (text[index].Length < 3 && text.Is(index - 1, "works") && text.Is(index, "as"));
}
