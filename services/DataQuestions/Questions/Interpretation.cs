using System.Text.RegularExpressions;
using Platform.DataQuestions.Datasets;

namespace Platform.DataQuestions.Questions;

internal enum Shape
{
    Count,
    List,
    Sum,
    Average,
    Group,
    Top,
    OverTime,

    /// <summary>The first or the last rows by their day.</summary>
    ByAge,

    /// <summary>Average of the totals of groups: of months, or of customers.</summary>
    AverageOfGroups,

    /// <summary>Share of the rows that a filter lets through.</summary>
    Share,
}

/// <summary>Days from (inside) until (not inside), and how they were called.</summary>
internal sealed record PeriodFilter(DateOnly From, DateOnly Until, string Words)
{
    /// <summary>It has no first day: "before October".</summary>
    public bool IsOpen => From == DateOnly.MinValue;
}

/// <summary>What a question asks for, in terms of a dataset.</summary>
internal sealed record Interpretation
{
    public required DatasetDefinition Dataset { get; init; }

    public required Shape Shape { get; init; }

    public required SubjectDefinition Subject { get; init; }

    public IReadOnlyList<FilterDefinition> Filters { get; init; } = [];

    /// <summary>With <see cref="Shape.Share"/>: what the rows of the share have besides <see cref="Filters"/>.</summary>
    public FilterDefinition? Part { get; init; }

    /// <summary>Day that the period means; null: the subject's own.</summary>
    public DayDefinition? Day { get; init; }

    /// <summary>Column with the day of a row.</summary>
    public string DayColumn => Day?.Column ?? Subject.Day;

    /// <summary>Grouping of the dataset that holds the currency of each row.</summary>
    public const string CurrencyName = "currency";

    /// <summary>Grouping of the dataset that is the customer of each row.</summary>
    public const string CustomerName = "customer";

    /// <summary>Amounts by their currency: the group keeps the currencies apart already.</summary>
    public bool IsByCurrency => Measure?.Money == true && Dimension?.Name == CurrencyName;

    /// <summary>With <see cref="Shape.Count"/>: the customers that have such rows are counted.</summary>
    public bool CountsCustomers { get; init; }

    /// <summary>Null: rows are counted.</summary>
    public MeasureDefinition? Measure { get; init; }

    public bool IsAverage { get; init; }

    /// <summary>The average that is asked for is the median.</summary>
    public bool IsMedian { get; init; }

    /// <summary>How the average is called: "average", "median".</summary>
    public string AverageName => IsMedian ? "median" : "average";

    /// <summary>With <see cref="Shape.ByAge"/>: only rows whose day is not over.</summary>
    public bool IsNext { get; init; }

    /// <summary>Most days from issue to payment, which a filter refers to as <c>@paid_within</c>; null: none does.</summary>
    public int? PaidWithin { get; init; }

    /// <summary>A share of amounts, by currency.</summary>
    public bool IsShareOfAmount => Shape == Shape.Share && Measure is not null;

    /// <summary>The part are the rows of the customers that are named.</summary>
    public bool IsShareOfCustomers => Shape == Shape.Share && !CountsCustomers && Part is null && Customers.Count > 0;

    /// <summary>The part are the rows of the country and of the values that are named.</summary>
    public bool IsShareOfPlace => Shape == Shape.Share && !CountsCustomers && Part is null && Customers.Count == 0;

    public DimensionDefinition? Dimension { get; init; }

    /// <summary>"month", "quarter", "year", "week" with <see cref="Shape.OverTime"/>, and where these are ranked or averaged; else empty.</summary>
    public string Grain { get; init; } = "";

    /// <summary>Begin of the month, or whatever <see cref="Grain"/> is, that is not over, when it is left out; null: it counts.</summary>
    public DateOnly? WholeUntil { get; init; }

    /// <summary>The lowest or the oldest first.</summary>
    public bool Ascending { get; init; }

    public int? Top { get; init; }

    public PeriodFilter? Period { get; init; }

    /// <summary>The period of a named day is not over: what comes next is wanted first.</summary>
    public bool IsAhead(DateOnly today) => Day is not null && Period?.Until.AddDays(-1) > today;

    /// <summary>The day that the rows are told of, as they were then; null: today.</summary>
    public DateOnly? AsOf { get; init; }

    /// <summary>Two periods whose figures stand side by side, with <see cref="Shape.Count"/>, <see cref="Shape.Sum"/> or <see cref="Shape.Average"/>; null: one figure.</summary>
    public PeriodComparison? Comparison { get; init; }

    public IReadOnlyList<(string Id, string Name)> Customers { get; init; } = [];

    /// <summary>Country of the customers, in lower case; null: all.</summary>
    public string? Country { get; init; }

    /// <summary>Values of groupings that the rows have.</summary>
    public IReadOnlyList<ValueFilter> Values { get; init; } = [];

    /// <summary>Bound on the number of rows of each group, or of each customer that is counted.</summary>
    public RowLimit? RowLimit { get; init; }

    /// <summary>What has not happened; null: anything.</summary>
    public AbsenceFilter? Absence { get; init; }

    /// <summary>Code of the currency of the rows; null: all.</summary>
    public string? Currency { get; init; }

    /// <summary>Bound on <see cref="LimitMeasure"/>: of each group when groups have amounts, else of each row.</summary>
    public AmountLimit? Limit { get; init; }

    public MeasureDefinition? LimitMeasure { get; init; }

    public bool IsLimitOfGroups => Limit is not null && Measure?.Money == true && Dimension is not null && Shape is Shape.Group or Shape.Top;

    /// <summary>Least days late, not included; null: any.</summary>
    public int? LateFor { get; init; }

    public IReadOnlyList<string> Assumptions { get; init; } = [];
}

/// <summary>Why a question is not answered.</summary>
internal sealed record NotUnderstood(string Code, string Text)
{
    /// <summary>Words that nothing explained.</summary>
    public IReadOnlyList<string> Unknown { get; init; } = [];

    /// <summary>Questions to ask instead; none: the dataset's examples.</summary>
    public IReadOnlyList<string> Ask { get; init; } = [];

    /// <summary>"In Berlin", when nothing in the data is called so; null when what is unknown is not led like a place.</summary>
    public static NotUnderstood? NoValue(DatasetDefinition dataset, string question, IReadOnlyList<string> unknown)
    {
        var name = Regex.Match(QuestionWords.Normalise(question), $@"(?<!\w)(?:in|from)\s+(?:the\s+)?(?<name>{string.Join("\\s+", unknown.Select(Regex.Escape))})(?!\w)").Groups["name"].Value;
        var groupings = dataset.Dimensions.Where(dimension => dimension.Values).Select(dimension => dimension.Name).ToList();
        return name.Length == 0 || groupings.Count == 0 ? null
            : new("unanswerable", $"No customer is in \"{name}\": these data have no {string.Join(", ", groupings.Take(groupings.Count - 1))}{(groupings.Count > 1 ? " or " : "")}{groupings[^1]} of that name.")
            {
                Unknown = unknown,
                Ask = [.. groupings.Select(grouping => $"How many customers by {grouping}?")],
            };
    }

    /// <summary>A word that nothing explains, but that is spelt like a value of the data.</summary>
    public static NotUnderstood Perhaps(string question, string said, ValueFilter value) =>
        new("ambiguous", $"I do not know what \"{said}\" means in these data. Did you mean the {value.Dimension.Name} \"{value.Value}\"?")
        {
            Ask = [Regex.Replace(question, $@"(?<!\w){Regex.Escape(said)}(?!\w)", value.Value.Replace("$", "$$", StringComparison.Ordinal), RegexOptions.IgnoreCase)],
        };
}

/// <summary>Either what a question asks for, or why it is refused.</summary>
internal readonly record struct Understanding(Interpretation? Interpretation, NotUnderstood? Refusal)
{
    public static implicit operator Understanding(Interpretation interpretation) => new(interpretation, null);

    public static implicit operator Understanding(NotUnderstood refusal) => new(null, refusal);
}
