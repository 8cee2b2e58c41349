using System.Globalization;

namespace Platform.ModelGateway.Usage;

/// <summary>What one operation used of one model by one prompt version under one price list. <paramref name="Currency"/> is null when no cost is known.</summary>
internal sealed record AllocationSum(
    string Operation, string Model, string PromptName, int PromptVersion, string PriceVersion, string? Currency, long Requests, long Unpriced, TokenCount Tokens, decimal Cost);

/// <summary>A line of the bill: <paramref name="Charged"/> is cost times markup exactly, <paramref name="Billed"/> in whole coins.</summary>
internal sealed record AllocationCharge(AllocationSum Sum, decimal Charged, decimal Billed);

/// <summary>The sums of a currency.</summary>
internal sealed record AllocationCurrency(string Currency, decimal Cost, decimal Charged, decimal Billed);

/// <summary>
/// The ledger of a period as a bill. Costs and charges add up exactly; what is billed is rounded once for each currency and divided over its
/// lines by largest remainder, so that the lines add up to the total to the cent.
/// </summary>
internal sealed record AllocationReport(IReadOnlyList<AllocationCharge> Lines, IReadOnlyList<AllocationCurrency> Totals)
{
    internal static AllocationReport Of(IReadOnlyList<AllocationSum> sums, decimal markup)
    {
        var billed = new decimal[sums.Count];
        var totals = new List<AllocationCurrency>();
        foreach (var group in Enumerable.Range(0, sums.Count).Where(index => sums[index].Currency is not (null or Price.NoCurrency)).GroupBy(index => sums[index].Currency!).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            var lines = group.ToArray();
            var coin = Coin(group.Key);
            var cost = lines.Sum(index => sums[index].Cost);
            var total = decimal.Round(cost * markup / coin, MidpointRounding.ToEven);
            var exact = lines.Select(index => sums[index].Cost * markup / coin).ToArray();
            var whole = exact.Select(decimal.Floor).ToArray();
            var left = (int)(total - whole.Sum());
            foreach (var index in Enumerable.Range(0, lines.Length).OrderByDescending(index => exact[index] - whole[index]).ThenBy(index => index).Take(left))
            {
                whole[index]++;
            }

            for (var index = 0; index < lines.Length; index++)
            {
                billed[lines[index]] = whole[index] * coin;
            }

            totals.Add(new AllocationCurrency(group.Key, cost, cost * markup, total * coin));
        }

        return new AllocationReport([.. sums.Select((sum, index) => new AllocationCharge(sum, sum.Cost * markup, billed[index]))], totals);
    }

    /// <summary>An amount as plain text with all its digits.</summary>
    internal static string Plain(decimal amount) => amount.ToString("0.##################", CultureInfo.InvariantCulture);

    // ISO 4217 minor units; what is not listed has cents.
    private static decimal Coin(string currency) => currency switch
    {
        "BIF" or "CLP" or "DJF" or "GNF" or "ISK" or "JPY" or "KMF" or "KRW" or "PYG" or "RWF" or "UGX" or "VND" or "VUV" or "XAF" or "XOF" or "XPF" => 1m,
        "BHD" or "IQD" or "JOD" or "KWD" or "LYD" or "OMR" or "TND" => 0.001m,
        _ => 0.01m,
    };
}

/// <summary>The bills of organizations: each is rounded for itself, and what all owe together is what their bills add up to.</summary>
internal sealed record AllocationBills(IReadOnlyList<(string Organization, AllocationReport Report)> Bills)
{
    internal IEnumerable<(string Organization, AllocationCharge Charge)> Lines => Bills.SelectMany(bill => bill.Report.Lines.Select(line => (bill.Organization, line)));

    internal IReadOnlyList<AllocationCurrency> Totals =>
    [
        .. Bills.SelectMany(bill => bill.Report.Totals)
            .GroupBy(total => total.Currency, StringComparer.Ordinal)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => new AllocationCurrency(group.Key, group.Sum(total => total.Cost), group.Sum(total => total.Charged), group.Sum(total => total.Billed))),
    ];

    internal static AllocationBills Of(IReadOnlyList<OrganizationSums> sums, decimal markup) =>
        new([.. sums.Select(one => (one.Organization, AllocationReport.Of(one.Sums, markup)))]);
}
