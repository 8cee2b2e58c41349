namespace Platform.DataQuestions.Questions;

/// <summary>Which figures a question asks for: one, a list, a ranking, a course of time.</summary>
internal static class Shapes
{
    /// <param name="words">The words of the question.</param>
    /// <param name="topic">What they mean.</param>
    /// <param name="isOfCustomers">It names customers.</param>
    /// <param name="isOfPart">It names customers, a country or values, which a share can be of.</param>
    public static (Shape? Shape, NotUnderstood? Refusal) Of(QuestionWords words, Topic topic, bool isOfCustomers, bool isOfPart)
    {
        static (Shape?, NotUnderstood?) Refused(string code, string text) => (null, new NotUnderstood(code, text));
        var (subject, measure, dimension) = (topic.Subject, topic.Measure, topic.Dimension);
        var measures = string.Join(", ", subject.Measures.Select(candidate => candidate.Name));
        if (AveragesGroups(words, topic))
        {
            return (Shape.AverageOfGroups, null);
        }

        if (words.Has("average") && measure is null)
        {
            return Refused("ambiguous", $"An average of what? For {subject.Name}: {measures}.");
        }

        if (words.Has("share"))
        {
            var isOne = dimension is null && words.Grains.Count == 0 && !words.IsRanking && !words.IsByAge && !words.Has("average");
            if (isOne && topic.CountsCustomers)
            {
                return (Shape.Share, null);
            }

            if (isOne && measure is { Money: true } && !words.IsOfCustomers)
            {
                return isOfPart || topic.Filters.Any(filter => filter.Name != measure.Filter)
                    ? (Shape.Share, null)
                    : Refused("ambiguous", $"Which part of the {measure.Name}? Ask for example \"what share of the {measure.Name} is from Germany?\"");
            }

            return isOne && measure is null && (topic.Filters.Count > 0 || (isOfPart && (!words.IsOfCustomers || subject.IsCustomers)))
                ? (Shape.Share, null)
                : Refused("unanswerable", $"A share is answered of {subject.Name} that are something, over all of them: \"what percentage of {subject.Name} {(subject.Filters.Count > 0 ? $"is {subject.Filters[0].Name}" : "…")}?\"");
        }

        if (words.IsByAge || words.Has("next"))
        {
            return measure is null && dimension is null && words.Grains.Count == 0 && !words.IsRanking && !words.AsksSum && !words.Has("count") && !words.Has("average")
                ? (Shape.ByAge, null)
                : Refused("unanswerable", $"The oldest or latest {subject.Name} are listed, not added up or grouped.");
        }

        if (words.Grains.Count == 1)
        {
            return dimension is not null ? Refused("unanswerable", $"Each {words.Grains[0]} or each {dimension.Name}: one of the two can be answered at a time.")
                : words.IsRanking ? (Shape.Top, null)
                : (Shape.OverTime, null);
        }

        if (words.RanksRows && measure is null && dimension is not null)
        {
            return Refused("ambiguous", $"The {(words.Has("bottom") ? "smallest" : "largest")} {subject.Name} are single ones; for each {dimension.Name}, ask for example \"{subject.Name} by {dimension.Name}\" or \"average {subject.Measures[0].Name} by {dimension.Name}\".");
        }

        if (words.IsRanking)
        {
            var isByNothing = subject.IsCustomers || words.RanksCustomers;
            return dimension is null or { Name: Interpretation.CustomerName } && measure is null && isByNothing
                ? Refused("ambiguous", "Ranked by what? Ask for example \"top 5 customers by revenue\" or \"which customers owe the most\".")
                : (Shape.Top, null);
        }

        if (dimension is not null)
        {
            // "Who pays on time" is told by customer.
            return words.Has("by") || topic.IsGrouped || measure is not null || words.Has("count") || (dimension.Name == Interpretation.CustomerName && topic.Filters.Count > 0)
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

    // "Average revenue per month", "average number of orders per customer": an average of totals, not of rows.
    private static bool AveragesGroups(QuestionWords words, Topic topic) =>
        words.Has("average") && !words.IsMedian && !words.IsRanking && !words.IsByAge && !words.Has("share")
        && (words.Grains.Count == 1 ? topic.Dimension is null : topic.Dimension?.Name == Interpretation.CustomerName && words.SaysEach)
        && (topic.Measure is null ? words.Has("count") || words.Has("much") || !words.IsOne : topic.Measure.Money && (words.Has("much") || words.Phrases.Exists(topic.Measure.TotalWords.Contains)));
}
