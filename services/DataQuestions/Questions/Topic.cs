using Platform.DataQuestions.Datasets;

namespace Platform.DataQuestions.Questions;

/// <summary>What a question is about: one subject, and what its words mean for it.</summary>
/// <param name="Measure">Null: rows are counted or listed.</param>
/// <param name="IsGrouped">The customers that were asked about are what the answer is grouped by.</param>
internal sealed record Topic(SubjectDefinition Subject, IReadOnlyList<FilterDefinition> Filters, MeasureDefinition? Measure, DimensionDefinition? Dimension, bool IsGrouped)
{
    /// <summary>The customers that have such rows are counted, not the rows.</summary>
    public bool CountsCustomers { get; init; }

    /// <summary>The day that a period means; null: the subject's own.</summary>
    public DayDefinition? Day { get; init; }

    /// <summary>What an amount of the subject means when none is named: of open or overdue invoices what is still owed, else the first.</summary>
    public MeasureDefinition? AmountMeasure =>
        Subject.Measures.Find(candidate => candidate.Money && Filters.Any(filter => filter.Name == candidate.Filter)) ?? Subject.Measures.FirstOrDefault(candidate => candidate.Money);

    /// <summary>An amount of the subject is named, even where it is not what the answer gives.</summary>
    public bool NamesAmount(QuestionWords words) => Subject.Measures.Exists(candidate => candidate.Money && words.Phrases.Exists(candidate.IsCalled));

    /// <param name="isAhead">The period that is asked for is not over.</param>
    public static (Topic? Topic, NotUnderstood? Refusal) Find(DatasetDefinition dataset, QuestionWords words, bool isAhead)
    {
        var subjects = words.Subjects.Distinct().ToList();
        var dimensions = words.Dimensions.Distinct().ToList();
        var measured = dataset.Subjects.Where(subject => words.Phrases.Exists(phrase => subject.Measures.Exists(measure => measure.IsCalled(phrase)))).ToList();
        var (isGrouped, countsCustomers) = (false, false);

        // "Who placed the largest order", "who has the longest overdue invoice" are told by the order and the invoice.
        var ofRows = words.RanksRows ? measured.Count == 0 || words.SaysMostOfRows : measured.Count == 0 && words.IsByAge && !words.Has("by");
        if (ofRows)
        {
            dimensions.RemoveAll(dimension => dimension.Name == Interpretation.CustomerName);
        }

        // "Customers" is what is asked about, unless something else is: then it is what the answer is grouped by.
        var customers = subjects.FirstOrDefault(subject => subject.IsCustomers);
        if (customers is not null && (subjects.Count > 1 || (measured.Count > 0 && !measured.Contains(customers)) || IsOfRows(customers, dataset, words)))
        {
            // "How many customers have overdue invoices" counts customers; "how much do customers owe" asks for one figure, "per customer" for many.
            // "Overdue customers" are those with overdue invoices.
            countsCustomers = (words.Has("count") || (words.Has("share") && words.IsOfCustomers)) && subjects.FirstOrDefault() == customers && !words.IsRanking && !words.Has("by");
            subjects.Remove(customers);
            isGrouped = !countsCustomers && !(words.Has("share") && measured.Count > 0 && !words.IsOfCustomers) && !words.IsByAge && !ofRows && (words.IsRanking || words.Has("by") || !(words.AsksSum || words.AsksDays || words.Has("count")));
            if (isGrouped)
            {
                dimensions.Add(dataset.Dimensions.First(dimension => dimension.Name == Interpretation.CustomerName));
            }
        }

        if (subjects.Count > 1)
        {
            return Refused("ambiguous", $"The question is about {string.Join(" and ", subjects.Select(subject => subject.Name))}; ask about one of them.");
        }

        // "Total overdue" names no subject: what explains all of the phrases is meant, if it is one.
        var subject = subjects.Count == 1 ? subjects[0] : OnlyThatExplains(measured.Count > 0 ? measured : dataset.Subjects, words.Phrases);
        if (subject is null)
        {
            return measured.Count > 1
                ? Refused("ambiguous", $"The amount may be of {string.Join(" or ", measured.Select(candidate => candidate.Name))}; name one of them.")
                : Refused("unanswerable", "The question names nothing that can be counted or listed.");
        }

        var (topic, refusal) = Read(dataset, subject, words, dimensions, isGrouped, isAmount: words.Has("much") || (subjects.Count == 0 && (words.Has("sum") || words.IsRanking)), isAhead);
        return (topic is null || !countsCustomers ? topic : topic with { CountsCustomers = true, Measure = null }, refusal);
    }

    // Each phrase of the data has to mean something for this subject.
    private static (Topic?, NotUnderstood?) Read(DatasetDefinition dataset, SubjectDefinition subject, QuestionWords words, List<DimensionDefinition> dimensions, bool isGrouped, bool isAmount, bool isAhead)
    {
        List<FilterDefinition> filters = [];
        MeasureDefinition? measure = null;
        DayDefinition? named = null;
        foreach (var phrase in words.Phrases)
        {
            if (words.Has("count") && subject.SilentWords.Contains(phrase))
            {
                continue;
            }

            if (subject.Measures.Find(candidate => candidate.IsCalled(phrase)) is { } found && (measure is null || measure == found))
            {
                measure = found;
            }
            else if (subject.Filters.Find(candidate => candidate.IsCalled(phrase)) is { } filter)
            {
                filters.Add(filter);
            }
            else if (subject.Days.Find(candidate => candidate.Words.Contains(phrase)) is { } day)
            {
                named = day;
            }
            else if (subject.Dimensions.Find(candidate => candidate.Words.Contains(phrase)) is { } dimension)
            {
                dimensions.Add(dimension);
            }
            else if (subject.SilentWords.Contains(phrase))
            {
                continue;
            }
            else if (dataset.Subjects.Find(candidate => candidate.IsCustomers)?.Filters.Find(candidate => candidate.RowsSql.Length > 0 && candidate.IsCalled(phrase)) is { } ofCustomers)
            {
                filters.Add(new FilterDefinition { Name = ofCustomers.Name.Contains(' ', StringComparison.Ordinal) ? $"of customers {ofCustomers.Name}" : $"of {ofCustomers.Name} customers", RowsSql = ofCustomers.RowsSql, NowOnly = ofCustomers.NowOnly, Sql = ofCustomers.RowsSql, Definition = ofCustomers.Definition });
            }
            else
            {
                return Refused("unanswerable", $"\"{phrase}\" has no meaning for {subject.Name}.");
            }
        }

        // Of customers, "who" asks for themselves.
        dimensions = [.. dimensions.Distinct().Where(dimension => !subject.IsCustomers || dimension.Name != Interpretation.CustomerName)];
        if (dimensions.Count > 1)
        {
            return Refused("ambiguous", $"The question groups by {string.Join(" and ", dimensions.Select(dimension => dimension.Name))}; one at a time can be answered.");
        }

        if (measure is null && !words.Has("count") && dimensions.FirstOrDefault() is { Measure.Length: > 0 } usual)
        {
            measure = subject.Measures.First(candidate => candidate.Name == usual.Measure);
        }

        if (named is { Ahead.Length: > 0 } && isAhead && filters.Count == 0)
        {
            filters.Add(subject.Filters.First(filter => filter.Name == named.Ahead));
        }

        var ofFilter = filters.Select(filter => filter.Day).FirstOrDefault(day => day.Length > 0);
        var topic = new Topic(subject, filters, measure, dimensions.FirstOrDefault(), isGrouped) { Day = named ?? subject.Days.Find(day => day.Name == ofFilter) };
        // "How much did they order" asks for the amount, "how many" for the number.
        if (isAmount && measure is null && (!words.Has("average") || (words.Has("much") && words.Grains.Count > 0)) && !subject.IsCustomers)
        {
            topic = topic with { Measure = topic.AmountMeasure };
        }

        return (topic.Measure is { Filter.Length: > 0 } own && !filters.Exists(filter => filter.Name == own.Filter)
            ? topic with { Filters = [.. filters, subject.Filters.First(filter => filter.Name == own.Filter)] }
            : topic, null);
    }

    private static bool IsOfRows(SubjectDefinition customers, DatasetDefinition dataset, QuestionWords words) =>
        !words.Phrases.TrueForAll(customers.Explains) && OnlyThatExplains(dataset.Subjects, words.Phrases) is not null;

    // Subjects may share a word: the one meant has to explain all the phrases.
    private static SubjectDefinition? OnlyThatExplains(List<SubjectDefinition> candidates, List<string> phrases)
    {
        var fitting = phrases.Count == 0 ? [] : candidates.Where(subject => phrases.TrueForAll(subject.Explains)).ToList();
        return fitting.Count == 1 ? fitting[0] : null;
    }

    private static (Topic?, NotUnderstood?) Refused(string code, string text) => (null, new NotUnderstood(code, text));
}
