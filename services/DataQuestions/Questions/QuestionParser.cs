using System.Text.RegularExpressions;
using Platform.DataQuestions.Datasets;

namespace Platform.DataQuestions.Questions;

/// <summary>
/// Reads a question word by word with the dataset's vocabulary. A word that nothing explains refuses the question: a wrong answer costs more than none.
/// </summary>
internal sealed class QuestionParser(DatasetDefinition dataset, DateOnly today)
{
    public Understanding Parse(string question, IReadOnlyList<(string Id, string Name)> customers)
    {
        var text = QuestionWords.Normalise(question);
        foreach (var (_, name) in customers.OrderByDescending(customer => customer.Name.Length))
        {
            text = Regex.Replace(text, $@"(?<!\w){Regex.Escape(QuestionWords.Normalise(name))}(?:'s|s')?(?!\w)", " ");
        }

        var absence = QuestionAbsences.Take(dataset, ref text, today);
        var limit = QuestionAmounts.TakeLimit(ref text, out var limited);
        var currency = QuestionAmounts.TakeCurrency(ref text) ?? limited;
        var period = QuestionSpans.TakePeriod(ref text, today);
        var country = QuestionSpans.TakeCountry(ref text);
        var lateFor = QuestionSpans.TakeLateFor(ref text);
        var words = QuestionWords.Read(dataset, text, customers);
        if (words.Unknown.Count > 0)
        {
            return new NotUnderstood("unanswerable", $"I do not know what {string.Join(", ", words.Unknown.Select(word => $"\"{word}\""))} means in these data.");
        }

        if (words.Grains.Count > 1)
        {
            return new NotUnderstood("ambiguous", "The question names several spans of time to group by.");
        }

        var (topic, refusal) = Topic.Find(dataset, words);
        if (topic is null)
        {
            return refusal!;
        }

        if (lateFor is not null && !topic.Subject.Measures.Exists(candidate => candidate.Sql == "r.days_late"))
        {
            return new NotUnderstood("unanswerable", $"A number of days has no meaning for {topic.Subject.Name}.");
        }

        var (shape, notShaped) = ShapeOf(words, topic, customers.Count > 0);
        if (shape is not { } found)
        {
            return notShaped!;
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
            found = found == Shape.Sum && !words.AsksSum ? Shape.List : found;
        }

        if (currency is not null && !dataset.Dimensions.Exists(dimension => dimension.Name == Interpretation.CurrencyName))
        {
            return new NotUnderstood("unanswerable", "These data know no currencies.");
        }

        if (absence is not null && !topic.Subject.Absences.Contains(absence.Absence))
        {
            return new NotUnderstood("unanswerable", $"\"{absence.Absence.Name}\" has no meaning for {topic.Subject.Name}.");
        }

        List<string> assumptions = [.. topic.Filters.Select(filter => $"{filter.Name}: {filter.Definition}")];
        if (topic.Measure is { } measure)
        {
            assumptions.Add($"{measure.Name}: {measure.Definition}");
        }

        if (found == Shape.Top && topic.Dimension is null && topic.Measure is null)
        {
            topic = topic with { Measure = topic.AmountMeasure! };
            assumptions.Add($"ranked by {topic.Measure.Name}: {topic.Measure.Definition}");
        }

        if (absence is not null)
        {
            assumptions.Add($"{absence.Absence.Name}: {absence.Absence.Definition}");
        }

        if (limit is not null && currency is null)
        {
            assumptions.Add("amounts are compared in their own currency");
        }

        return new Interpretation
        {
            Dataset = dataset, Shape = found, Subject = topic.Subject, Filters = topic.Filters, Measure = found == Shape.List ? null : topic.Measure, IsAverage = words.Has("average"),
            Dimension = topic.Dimension, Grain = words.Grains.FirstOrDefault() ?? "", Ascending = words.Has("bottom"), Top = words.Number, Period = period, Customers = customers,
            CountsCustomers = topic.CountsCustomers, Assumptions = assumptions, Country = country, LateFor = lateFor, Absence = absence, Currency = currency, Limit = limit, LimitMeasure = limit is null ? null : topic.Measure is { Money: true } own ? own : topic.AmountMeasure,
        };
    }

    private static (Shape? Shape, NotUnderstood? Refusal) ShapeOf(QuestionWords words, Topic topic, bool isOfCustomers)
    {
        static (Shape?, NotUnderstood?) Refused(string code, string text) => (null, new NotUnderstood(code, text));
        var (subject, measure, dimension) = (topic.Subject, topic.Measure, topic.Dimension);
        var measures = string.Join(", ", subject.Measures.Select(candidate => candidate.Name));
        if (words.Has("average") && measure is null)
        {
            return Refused("ambiguous", $"An average of what? For {subject.Name}: {measures}.");
        }

        if (words.Grains.Count == 1)
        {
            return dimension is null && !words.IsRanking ? (Shape.OverTime, null) : Refused("unanswerable", "A course of time is answered without a second grouping.");
        }

        if (words.IsRanking)
        {
            return dimension is null or { Name: "customer" } && measure is null && subject.Name == "customers"
                ? Refused("ambiguous", "Ranked by what? Ask for example \"top 5 customers by revenue\" or \"which customers owe the most\".")
                : (Shape.Top, null);
        }

        if (dimension is not null)
        {
            return words.Has("by") || topic.IsGrouped || measure is not null || words.Has("count")
                ? (Shape.Group, null)
                : Refused("ambiguous", $"How is \"{dimension.Name}\" meant? Ask for example \"{subject.Name} by {dimension.Name}\".");
        }

        if (words.Has("by") && !isOfCustomers)
        {
            return Refused("unanswerable", "The question does not say by what to group.");
        }

        if (words.Has("count"))
        {
            return measure is null ? (Shape.Count, null) : Refused("unanswerable", $"\"{measure.Name}\" is summed, not counted.");
        }

        return words.Has("average") ? (Shape.Average, null)
            : measure is not null && (!words.Has("list") || words.AsksSum) ? (Shape.Sum, null)
            : words.AsksSum ? (Shape.Count, null)
            : (Shape.List, null);
    }
}
