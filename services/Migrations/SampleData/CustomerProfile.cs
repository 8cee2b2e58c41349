namespace Platform.Migrations.SampleData;

/// <summary>How one customer orders and pays. Days count from the day of generation; the past is negative.</summary>
internal sealed record CustomerProfile
{
    public required string Name { get; init; }

    public required Market Market { get; init; }

    public required string City { get; init; }

    public required string Industry { get; init; }

    public string Segment { get; init; } = "small";

    public string Status { get; init; } = "active";

    /// <summary>Day of the first order.</summary>
    public int FirstDay { get; init; } = -SampleGenerator.HistoryDays;

    /// <summary>No order comes after this day.</summary>
    public int LastDay { get; init; } = -1;

    /// <summary>Mean days between two orders, on a day; null: no orders then.</summary>
    public required Func<int, double?> OrderGapDays { get; init; }

    /// <summary>0: orders come like clockwork; 1: as orders usually come.</summary>
    public double GapSpread { get; init; } = 1;

    /// <summary>Share of rush orders, on a day.</summary>
    public required Func<int, double> RushRate { get; init; }

    /// <summary>Median amount of an order in the customer's currency.</summary>
    public required double MedianAmount { get; init; }

    /// <summary>Standard deviation of the amount's logarithm.</summary>
    public double AmountSpread { get; init; } = 0.35;

    public int PaymentTermsDays { get; init; } = 30;

    /// <summary>Mean days from due to paid (negative: early), for an invoice issued on a day.</summary>
    public required Func<int, double> PaymentDelayDays { get; init; }

    /// <summary>Standard deviation of that delay in days.</summary>
    public double PaymentDelaySpread { get; init; } = 3;

    /// <summary>Latest delay in days: a punctual customer has 0.</summary>
    public int LatestDelayDays { get; init; } = 400;

    /// <summary>Share of orders that are cancelled.</summary>
    public double CancelRate { get; init; }

    /// <summary>Share of invoices that are disputed for a while.</summary>
    public double DisputeRate { get; init; }

    /// <summary>Share of invoices that are voided.</summary>
    public double VoidRate { get; init; }

    /// <summary>Share of paid invoices that are paid in two parts.</summary>
    public double InstalmentRate { get; init; }
}
