namespace Platform.DataQuestions.Datasets;

// Filled by YamlDotNet, therefore settable; not changed after loading.

/// <summary>A dataset as described in <c>config/datasets/*.yaml</c>: its subjects and the words that people use for them.</summary>
internal sealed class DatasetDefinition
{
    public string Name { get; set; } = "";

    public string Title { get; set; } = "";

    public List<string> Tables { get; set; } = [];

    public List<string> ExampleQuestions { get; set; } = [];

    public List<SubjectDefinition> Subjects { get; set; } = [];

    /// <summary>Groupings that every subject has.</summary>
    public List<DimensionDefinition> Dimensions { get; set; } = [];

    /// <summary>Words that are no figure, with questions that are.</summary>
    public List<VagueDefinition> Vague { get; set; } = [];
}

/// <summary>Words that could mean several figures.</summary>
internal sealed class VagueDefinition
{
    public List<string> Words { get; set; } = [];

    /// <summary>Questions that can be answered instead.</summary>
    public List<string> Ask { get; set; } = [];
}

/// <summary>Something that can be counted and listed.</summary>
internal sealed class SubjectDefinition
{
    public string Name { get; set; } = "";

    /// <summary>The customers themselves, whose rows the other subjects are.</summary>
    public bool IsCustomers => Name == "customers";

    public List<string> Words { get; set; } = [];

    /// <summary>What a customer does to have one more of them: "ordered more than 5 times".</summary>
    public List<string> Verbs { get; set; } = [];

    /// <summary>Words that say nothing where the subject is named: "orders that we received".</summary>
    public List<string> SilentWords { get; set; } = [];

    public string Table { get; set; } = "";

    public string Key { get; set; } = "";

    /// <summary>Column of <see cref="From"/> with the day by which periods and months are cut.</summary>
    public string Day { get; set; } = "";

    /// <summary>Other days of a row, which periods are cut by when they are named: "due next week".</summary>
    public List<DayDefinition> Days { get; set; } = [];

    /// <summary>SELECT of the rows of the organization, with customer_id and currency.</summary>
    public string From { get; set; } = "";

    public List<string> List { get; set; } = [];

    public List<FilterDefinition> Filters { get; set; } = [];

    /// <summary>What did not happen from a day on, <c>@since</c>, and where it is known day by day before another, <c>@before</c>.</summary>
    public List<FilterDefinition> Absences { get; set; } = [];

    public List<MeasureDefinition> Measures { get; set; } = [];

    public List<DimensionDefinition> Dimensions { get; set; } = [];

    /// <summary>Whether a filter, day, measure or grouping of the subject is called so, even where the subject is not named.</summary>
    public bool Explains(string phrase) =>
        Filters.Exists(filter => filter.Words.Contains(phrase)) || Days.Exists(day => day.Words.Contains(phrase)) || Measures.Exists(measure => measure.IsCalled(phrase)) || Dimensions.Exists(dimension => dimension.Words.Contains(phrase));

    /// <summary>Whether it is called so where the subject is named.</summary>
    public bool ExplainsWhenNamed(string phrase) => Explains(phrase) || Filters.Exists(filter => filter.IsCalled(phrase));
}

/// <summary>A day of a row by the part it plays.</summary>
internal sealed class DayDefinition
{
    public string Name { get; set; } = "";

    /// <summary>None: only filters name it.</summary>
    public List<string> Words { get; set; } = [];

    /// <summary>An answer says it before the rows, "new customers", instead of after them.</summary>
    public bool SaidBefore { get; set; }

    /// <summary>Column of the subject's rows.</summary>
    public string Column { get; set; } = "";

    /// <summary>Name of the filter that belongs to it while the period is not over: what is due next week is still to be paid.</summary>
    public string Ahead { get; set; } = "";

    public string Definition { get; set; } = "";
}

/// <summary>A named condition.</summary>
internal sealed class FilterDefinition
{
    public string Name { get; set; } = "";

    /// <summary>The data tell how it is now, not how it was on a day before.</summary>
    public bool NowOnly { get; set; }

    public List<string> Words { get; set; } = [];

    /// <summary>Words that mean it only in a question that names the subject: "late orders".</summary>
    public List<string> NamedWords { get; set; } = [];

    public string Sql { get; set; } = "";

    /// <summary>Of a filter of customers: the same of the customer (c) that any row belongs to, "open orders of customers on hold"; empty: it cannot be asked of rows.</summary>
    public string RowsSql { get; set; } = "";

    /// <summary>Name of the day that a period means with this filter: invoices paid last month.</summary>
    public string Day { get; set; } = "";

    /// <summary>The filter with a bound on the days until then, <c>@paid_within</c>: "paid within 10 days"; empty: none.</summary>
    public string WithinDays { get; set; } = "";

    /// <summary>It is told from a period, whose first day is <c>@from</c>.</summary>
    public bool NeedsPeriod => Sql.Contains("@from", StringComparison.Ordinal);

    /// <summary>Name of the filter whose rows a share is of; empty: all rows.</summary>
    public string Among { get; set; } = "";

    public string Definition { get; set; } = "";

    /// <summary>Of an absence: it can be asked of a span that is over, up to <c>@before</c>.</summary>
    public bool IsKnownByDay => Sql.Contains("@before", StringComparison.Ordinal);

    /// <summary>Whether it is called so where the subject is named.</summary>
    public bool IsCalled(string phrase) => Words.Contains(phrase) || NamedWords.Contains(phrase);
}

/// <summary>Something that can be summed or averaged. Money is never added up over currencies.</summary>
internal sealed class MeasureDefinition
{
    public string Name { get; set; } = "";

    /// <summary>The data tell how it is now, not how it was on a day before.</summary>
    public bool NowOnly { get; set; }

    public List<string> Words { get; set; } = [];

    /// <summary>Words that ask for the least of it: "pays fastest".</summary>
    public List<string> LowestWords { get; set; } = [];

    /// <summary>Words that ask for the most of it, of single rows where these are named: "the longest overdue invoice".</summary>
    public List<string> HighestWords { get; set; } = [];

    /// <summary>Those of <see cref="Words"/> that mean all of it together: "average revenue per month" is an average of months, "average order value per month" of orders.</summary>
    public List<string> TotalWords { get; set; } = [];

    /// <summary>Words that name customers by it: "slowest payers" are customers by days late.</summary>
    public List<string> CustomerWords { get; set; } = [];

    public string Sql { get; set; } = "";

    public bool Money { get; set; }

    /// <summary>Name of the filter that belongs to the measure.</summary>
    public string Filter { get; set; } = "";

    public string Definition { get; set; } = "";

    public bool IsCalled(string phrase) => Words.Contains(phrase) || LowestWords.Contains(phrase) || HighestWords.Contains(phrase) || CustomerWords.Contains(phrase);
}

/// <summary>Something to group by. <see cref="Key"/> tells apart groups of the same name.</summary>
internal sealed class DimensionDefinition
{
    public string Name { get; set; } = "";

    /// <summary>The data tell how it is now, not how it was on a day before.</summary>
    public bool NowOnly { get; set; }

    public List<string> Words { get; set; } = [];

    public string Sql { get; set; } = "";

    public string Key { get; set; } = "";

    /// <summary>What its groups are ordered by, the least first; empty: by what is asked for, the most first.</summary>
    public string Order { get; set; } = "";

    /// <summary>Name of the measure that is meant where nothing is said to be grouped; empty: rows are counted.</summary>
    public string Measure { get; set; } = "";

    /// <summary>Single values of it can be asked for, as they are written in the data: "customers in Hamburg".</summary>
    public bool Values { get; set; }

    /// <summary>Other names of values, in small letters, with the spellings that the data may have: "german" is Germany, "munich" is München.</summary>
    public Dictionary<string, List<string>> Aliases { get; set; } = [];

    /// <summary>How an answer says a value of it, <c>{0}</c>: "in the {0} industry". Needed with <see cref="Values"/>.</summary>
    public string Said { get; set; } = "";

    public string Definition { get; set; } = "";
}
