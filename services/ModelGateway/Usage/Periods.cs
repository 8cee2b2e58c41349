using System.Globalization;
using Platform.Contracts.Common.V1;
using Platform.ServiceDefaults;

namespace Platform.ModelGateway.Usage;

/// <summary>Periods of requests.</summary>
internal static class Periods
{
    internal static (DateOnly From, DateOnly Until) Read(Period? period)
    {
        var problems = new List<(string, string)>();
        var read = Read(period, problems);
        return problems.Count == 0 ? read : throw RpcErrors.InvalidArgument(problems);
    }

    /// <summary>Notes what is wrong.</summary>
    internal static (DateOnly From, DateOnly Until) Read(Period? period, List<(string Field, string Description)> problems)
    {
        var from = Day(period?.From, "period.from", problems);
        var until = Day(period?.Until, "period.until", problems);
        if (problems.Count == 0 && until <= from)
        {
            problems.Add(("period.until", "must be after period.from"));
        }

        return (from, until);
    }

    private static DateOnly Day(Date? date, string field, List<(string, string)> problems)
    {
        if (DateOnly.TryParseExact(date?.Iso, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
        {
            return day;
        }

        problems.Add((field, "must be an ISO day such as 2026-03-31"));
        return default;
    }
}
