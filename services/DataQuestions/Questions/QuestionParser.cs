using System.Text.RegularExpressions;
using Platform.DataQuestions.Datasets;

namespace Platform.DataQuestions.Questions;

/// <summary>
/// Reads a question word by word with the dataset's vocabulary. A word that nothing explains refuses the question: a wrong answer costs more than none.
/// </summary>
internal sealed class QuestionParser(DatasetDefinition dataset, DateOnly today)
{
    /// <param name="question">As asked.</param>
    /// <param name="customers">Customers that it was resolved to.</param>
    /// <param name="values">Values of groupings that stand in it.</param>
    public Understanding Parse(string question, IReadOnlyList<(string Id, string Name)> customers, IReadOnlyList<ValueFilter> values)
    {
        var text = QuestionWords.Normalise(question);
        foreach (var (_, name) in customers.OrderByDescending(customer => customer.Name.Length))
        {
            text = Regex.Replace(text, $@"(?<!\w){Regex.Escape(QuestionWords.Normalise(name))}(?:'s|s')?(?!\w)", " ");
        }

        text = Rewording.Of(text);
        var absence = QuestionAbsences.Take(dataset, ref text, today);
        var rowLimit = RowLimit.Take(dataset, ref text);
        var limit = QuestionAmounts.TakeLimit(ref text, out var limited);
        var currency = QuestionAmounts.TakeCurrency(ref text) ?? limited;
        var comparison = QuestionComparisons.Take(ref text, today);
        var period = QuestionPeriods.TakeAll(ref text, today, out var excluding);
        var country = QuestionSpans.TakeCountry(ref text);
        var lateFor = QuestionSpans.TakeLateFor(ref text);
        var paidWithin = QuestionSpans.TakePaidWithin(ref text);
        var of = ValueFilter.Take(ref text, values);
        var words = QuestionWords.Read(dataset, text, customers);
        if (words.Unknown.Count > 0)
        {
            return VagueWords.Of(dataset, text, words.Unknown)
                ?? new NotUnderstood("unanswerable", $"I do not know what {string.Join(", ", words.Unknown.Select(word => $"\"{word}\""))} means in these data.") { Unknown = words.Unknown };
        }

        if (excluding)
        {
            return new NotUnderstood("ambiguous", "The question names two spans of time that have no day in common.");
        }

        if (words.Grains.Count > 1)
        {
            return new NotUnderstood("ambiguous", "The question names several spans of time to group by.");
        }

        var (topic, refusal) = Topic.Find(dataset, words, isAhead: period?.Until > today);
        if (topic is null)
        {
            return refusal!;
        }

        if (period is null && topic.Filters.FirstOrDefault(filter => filter.NeedsPeriod) is { } since)
        {
            return new NotUnderstood("ambiguous", $"{char.ToUpperInvariant(since.Words[0][0])}{since.Words[0][1..]} when? Ask for example \"… {since.Words[0]} this year\".");
        }

        if (paidWithin is { } within)
        {
            var paid = topic.Subject.Filters.Find(filter => filter.WithinDays.Length > 0);
            if (paid is null || !topic.Filters.Contains(paid))
            {
                return new NotUnderstood("unanswerable", $"\"Paid within {within} days\" has no meaning for {topic.Subject.Name}.");
            }

            var days = within == 1 ? "1 day" : $"{within} days";
            topic = topic with { Filters = [.. topic.Filters.Where(filter => filter != paid), new FilterDefinition { Name = $"{paid.Name} within {days}", Sql = paid.WithinDays, Day = paid.Day, Among = paid.Name, Definition = $"{paid.Definition}, at most {days} after the day of issue" }] };
        }

        var isNext = words.Has("next");
        if (isNext && (topic.Day is not { Words.Count: > 0 } || period is not null || comparison is not null))
        {
            return new NotUnderstood("unanswerable", $"What comes next is known of days that are named only: \"next {dataset.Subjects[0].Name} due\".");
        }

        if (isNext && topic.Day is { Ahead.Length: > 0 } ahead && topic.Filters.Count == 0)
        {
            topic = topic with { Filters = [topic.Subject.Filters.First(filter => filter.Name == ahead.Ahead)] };
        }

        if (topic.Day is { Words.Count: > 0 } named && period is null && comparison is null && words.Grains.Count == 0 && !isNext)
        {
            return new NotUnderstood("ambiguous", $"{named.Words[0]} when? Ask for example \"{topic.Subject.Name} {named.Words[0]} this week\" or \"… in the next 30 days\".");
        }

        if (period?.From > today && topic.Day is null)
        {
            return new NotUnderstood("unanswerable", $"There are no {topic.Subject.Name} of days to come in these data.");
        }

        if (lateFor is not null && !topic.Subject.Measures.Exists(candidate => candidate.Sql == "r.days_late"))
        {
            return new NotUnderstood("unanswerable", $"A number of days has no meaning for {topic.Subject.Name}.");
        }

        if (of.FirstOrDefault(value => !dataset.Dimensions.Contains(value.Dimension) && !topic.Subject.Dimensions.Contains(value.Dimension)) is { } other)
        {
            return new NotUnderstood("unanswerable", $"{other.Dimension.Name} \"{other.Value}\" has no meaning for {topic.Subject.Name}.");
        }

        var isOfPart = customers.Count > 0 || country is not null || of.Count > 0;
        var (shape, notShaped) = Shapes.Of(words, topic, customers.Count > 0, isOfPart);
        if (shape is not { } found)
        {
            return notShaped!;
        }

        if (rowLimit is not null && found == Shape.Share)
        {
            return new NotUnderstood("unanswerable", $"A share is not answered with \"{rowLimit.Words} {rowLimit.Rows}\"; ask how many customers they are.");
        }

        if (rowLimit is not null && !(topic.Measure is null && (topic.CountsCustomers || (found == Shape.Group && topic.Dimension is not null))))
        {
            return new NotUnderstood("unanswerable", $"\"{rowLimit.Words} {rowLimit.Rows}\" is answered for customers or groups with so many {topic.Subject.Name}: \"which customers have {rowLimit.Words} {rowLimit.Rows} {topic.Subject.Name}?\"");
        }

        if (comparison is not null)
        {
            if (found is not (Shape.Count or Shape.Sum or Shape.Average or Shape.List))
            {
                return new NotUnderstood("unanswerable", "Two periods are compared by one figure each; ask without a grouping or ranking.");
            }

            if (period is not null)
            {
                return new NotUnderstood("ambiguous", "The question names more than two periods to compare.");
            }

            found = found == Shape.List ? topic.Measure is null ? Shape.Count : Shape.Sum : found;
        }

        if (limit is not null)
        {
            if (topic.AmountMeasure is null || (topic.CountsCustomers && topic.NamesAmount(words)))
            {
                return new NotUnderstood("unanswerable", topic.AmountMeasure is null
                    ? $"An amount has no meaning for {topic.Subject.Name}."
                    : "Customers are not counted by an amount; ask which customers they are.");
            }

            // "Invoices with an open balance over 500" are rows, not their sum.
            found = found == Shape.Sum && !words.AsksSum && comparison is null ? Shape.List : found;
        }

        if (currency is not null && !dataset.Dimensions.Exists(dimension => dimension.Name == Interpretation.CurrencyName))
        {
            return new NotUnderstood("unanswerable", "These data know no currencies.");
        }

        if (absence is not null && !topic.Subject.Absences.Contains(absence.Absence))
        {
            return new NotUnderstood("unanswerable", $"\"{absence.Absence.Name}\" has no meaning for {topic.Subject.Name}.");
        }

        var grain = found is Shape.OverTime or Shape.AverageOfGroups || (found == Shape.Top && !words.RanksRows) ? words.Grains.FirstOrDefault() ?? "" : "";
        var ofDay = period is null && comparison is null && grain.Length == 0 && !isNext ? null : topic.Day;
        var isOne = grain.Length > 0 ? words.IsOneGrain : found is Shape.ByAge or Shape.Top && topic.Dimension is null && words.IsOne;
        var ascending = words.Has("bottom") || words.Has("oldest") || isNext;
        DateOnly? wholeUntil = grain.Length > 0 && (found == Shape.AverageOfGroups || (found == Shape.Top && ascending)) ? QuestionPeriods.StartOf(today, grain) : null;
        if (wholeUntil is { } running && period is not null)
        {
            period = QuestionPeriods.Whole(period, grain, running);
            if (period is null)
            {
                return new NotUnderstood("unanswerable", $"That time has no whole {grain}; ask for the total of it instead.");
            }
        }

        if (found == Shape.Top && grain.Length > 0)
        {
            topic = topic with { Dimension = new DimensionDefinition { Name = grain, Sql = $"date_trunc('{grain}', r.{ofDay?.Column ?? topic.Subject.Day})::date", Definition = $"{grain} of the day" } };
        }

        var isShareOfAmount = found == Shape.Share && topic.Measure is not null;

        // "Of overdue invoices … is from Germany": the place is the part. "Of invoices from Germany … is overdue": the filter is.
        var isOfPlace = topic.Measure is null && words.IsSaidBeforeRows && isOfPart;
        var part = found == Shape.Share && !topic.CountsCustomers && !isOfPlace ? topic.Filters.LastOrDefault(filter => filter.Name != topic.Measure?.Filter) : null;
        var all = part is null ? topic.Filters : isShareOfAmount ? [.. topic.Filters.Where(filter => filter != part)] : Whole(topic, part);
        List<string> assumptions = [.. topic.Filters.Select(filter => $"{filter.Name}: {filter.Definition}")];
        if (topic.Measure is { } measure)
        {
            assumptions.Add($"{measure.Name}: {measure.Definition}");
        }

        if (topic.Dimension is { Order.Length: > 0 } ordered)
        {
            assumptions.Add($"{ordered.Name}: {ordered.Definition}");
        }

        if (ofDay is { } day)
        {
            assumptions.Add($"{topic.Subject.Name} are counted {day.Definition}");
        }

        if (found == Shape.Top && topic.Dimension is null && topic.Measure is null)
        {
            topic = topic with { Measure = topic.AmountMeasure! };
            assumptions.Add($"ranked by {topic.Measure.Name}: {topic.Measure.Definition}");
        }

        if (isShareOfAmount)
        {
            assumptions.Add("shares are told of each currency that the part has amounts in");
        }

        if (absence is not null)
        {
            assumptions.Add($"{absence.Absence.Name}: {absence.Absence.Definition}");
        }

        if (comparison is not null)
        {
            assumptions.AddRange(comparison.Assumptions);
        }

        if (wholeUntil is not null)
        {
            assumptions.Add(found == Shape.Top
                ? $"the {grain} that is not over is left out, and so are those without any {topic.Subject.Name}"
                : $"only whole {grain}s are averaged, those without any {topic.Subject.Name} as 0{(period is null ? ", from the first with any" : "")}");
        }

        assumptions.AddRange(of.Select(value => $"{value.Dimension.Name} {value.Value}: {value.Dimension.Definition}"));
        if (limit is not null && currency is null)
        {
            assumptions.Add("amounts are compared in their own currency");
        }

        return new Interpretation
        {
            Dataset = dataset, Shape = found, Subject = topic.Subject, Filters = all, Part = part, Day = ofDay, Measure = found is Shape.List or Shape.ByAge ? null : topic.Measure, IsAverage = words.Has("average"), IsMedian = words.IsMedian, IsNext = isNext, PaidWithin = paidWithin,
            Dimension = topic.Dimension, Grain = grain, WholeUntil = wholeUntil, Ascending = ascending, Top = words.Number ?? (isOne ? 1 : null), Period = period, Comparison = comparison, Customers = customers,
            CountsCustomers = topic.CountsCustomers, Assumptions = assumptions, Country = country, Values = of, RowLimit = rowLimit, LateFor = lateFor, Absence = absence, Currency = currency, Limit = limit, LimitMeasure = limit is null ? null : topic.Measure is { Money: true } own ? own : topic.AmountMeasure,
        };
    }

    // "Paid late" is a share of what was paid; a filter that was named before is what the share is of.
    private static List<FilterDefinition> Whole(Topic topic, FilterDefinition part)
    {
        List<FilterDefinition> named = [.. topic.Filters.Take(topic.Filters.Count - 1)];
        return named.Count > 0 || part.Among.Length == 0 ? named : [topic.Subject.Filters.First(filter => filter.Name == part.Among)];
    }
}
