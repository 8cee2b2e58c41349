namespace Platform.ContextSynthesis.Decisions;

/// <summary>One kind of "should we …?" question, as read from data. The file says what each setting means.</summary>
internal sealed class DecisionFramework
{
    public string Name { get; set; } = string.Empty;

    public string Title { get; set; } = string.Empty;

    /// <summary>Example question, with {entity} for the customer.</summary>
    public string Question { get; set; } = string.Empty;

    /// <summary>Regular expression that recognises the decision in a question.</summary>
    public string Match { get; set; } = string.Empty;

    public List<FrameworkOption> Options { get; set; } = [];

    public List<FrameworkConsideration> Considerations { get; set; } = [];

    public FrameworkMoney? Money { get; set; }

    public FrameworkStop? Stop { get; set; }

    public List<FrameworkLimit> Limits { get; set; } = [];

    /// <summary>Least weight of what is known for a recommendation, 0 to 1.</summary>
    public double LeastKnown { get; set; } = 0.5;

    /// <summary>Paid invoices below which figures about paying count as not known.</summary>
    public int LeastInvoices { get; set; } = 5;

    /// <summary>Which evidence means risk: "against" the action, or "for" it, as when chasing is asked about.</summary>
    public string Risk { get; set; } = "against";
}

/// <summary>A figure that settles the question by itself.</summary>
internal sealed class FrameworkStop
{
    public string Measure { get; set; } = string.Empty;

    public double AtMost { get; set; }

    public string Option { get; set; } = string.Empty;

    public string Text { get; set; } = string.Empty;

    /// <summary>When it would be weighed again, as a sentence.</summary>
    public string Again { get; set; } = string.Empty;
}

/// <summary>A figure that rules out the options before one, however the rest weighs. Either "at least" or "at most" is given.</summary>
internal sealed class FrameworkLimit
{
    public string Measure { get; set; } = string.Empty;

    public double? AtLeast { get; set; }

    public double? AtMost { get; set; }

    /// <summary>The best option that is left.</summary>
    public string Best { get; set; } = string.Empty;

    public string Text { get; set; } = string.Empty;

    /// <summary>When it would not apply, as a condition: "the account were active".</summary>
    public string? Change { get; set; }

    public bool Applies(double value) => value >= AtLeast || value <= AtMost;
}

/// <summary>
/// One option. Its score is a line over the total score; the lines of neighbouring options meet at the "from" of the better
/// one, so exactly one option is best at each total and a lower total never favours an earlier option.
/// </summary>
internal sealed class FrameworkOption
{
    public string Name { get; set; } = string.Empty;

    public string Label { get; set; } = string.Empty;

    public double Slope { get; set; }

    public double From { get; set; }
}

internal sealed class FrameworkConsideration
{
    public string Measure { get; set; } = string.Empty;

    public double Weight { get; set; }

    public List<List<double>> Curve { get; set; } = [];

    public string For { get; set; } = string.Empty;

    public string Against { get; set; } = string.Empty;

    /// <summary>Used when the value is exactly zero.</summary>
    public string? Zero { get; set; }

    /// <summary>Used when the value is below zero.</summary>
    public string? Negative { get; set; }

    /// <summary>Used when a detector ran and found nothing.</summary>
    public string? Neutral { get; set; }

    /// <summary>Words for a condition: "its … were {value} or {direction}".</summary>
    public string Change { get; set; } = string.Empty;
}

/// <summary>Assumptions behind the expected value over one year. Rates and shares are fractions.</summary>
internal sealed class FrameworkMoney
{
    /// <summary>One of <see cref="ExpectedValue.Kinds"/>.</summary>
    public string Kind { get; set; } = string.Empty;

    /// <summary>Cost of capital for a year.</summary>
    public double CapitalRate { get; set; }

    public double GrossMargin { get; set; }

    public double VolumeUplift { get; set; }

    public int ExtraDays { get; set; }

    /// <summary>By how much the limit would be raised.</summary>
    public double LimitIncrease { get; set; }

    /// <summary>Part of the increase that is used on average.</summary>
    public double PartUsed { get; set; }

    /// <summary>Part of the sales on the increase that would not come otherwise.</summary>
    public double NewBusiness { get; set; }

    public int DaysSooner { get; set; }

    /// <summary>Cost of a call by currency; in others the money effect is not known.</summary>
    public Dictionary<string, double> ContactCost { get; set; } = [];

    public double Surcharge { get; set; }

    /// <summary>Extra cost of rushing, as part of the order.</summary>
    public double ExtraCost { get; set; }

    /// <summary>Part of such orders that would be lost without rush.</summary>
    public double LostOtherwise { get; set; }

    public double Discount { get; set; }

    public int DiscountDays { get; set; }

    public double TakeUp { get; set; }

    public int HoldDays { get; set; }

    /// <summary>Part of the sales on hold that go elsewhere.</summary>
    public double SalesLost { get; set; }

    /// <summary>Yearly loss on the additional exposure by share of late invoices.</summary>
    public List<List<double>> LossRate { get; set; } = [];

    /// <summary>Part of the overdue amount saved from becoming a loss by share of late invoices.</summary>
    public List<List<double>> LossAvoided { get; set; } = [];
}
