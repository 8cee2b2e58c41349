using System.Globalization;
using System.Text.RegularExpressions;
using Platform.DataQuestions.Datasets;

namespace Platform.DataQuestions.Questions;

/// <summary>
/// Reads a question word by word with the dataset's vocabulary, longest phrase first. A word that nothing explains refuses the
/// question: a wrong answer costs more than none.
/// </summary>
internal sealed partial class QuestionParser(DatasetDefinition dataset, DateOnly today)
{
    private static readonly HashSet<string> Ignored = new(StringComparer.Ordinal)
    {
        "a", "an", "the", "are", "is", "was", "were", "be", "been", "there", "do", "does", "did", "we", "us", "our", "have", "has", "had", "i", "me", "my", "you", "please", "what", "what's", "whats",
        "currently", "now", "today", "right", "at", "of", "in", "for", "from", "with", "that", "which", "and", "all", "any", "so", "far", "can", "give", "tell", "get", "find", "their", "to", "made",
        "placed", "come", "get", "got", "money", "cash", "they", "it", "its", "this", "these", "those", "ones",
    };

    // Words of the language of questions, as opposed to those of the data.
    private static readonly (string Words, string Mark)[] Grammar =
    [
        ("how many", "count"), ("number of", "count"), ("count", "count"), ("count of", "count"),
        ("how much", "much"), ("total", "sum"), ("sum", "sum"), ("sum of", "sum"), ("in total", "sum"), ("altogether", "sum"), ("overall", "sum"),
        ("average", "average"), ("mean", "average"), ("avg", "average"), ("on average", "average"),
        ("list", "list"), ("show", "list"), ("display", "list"), ("show me", "list"),
        ("top", "top"), ("largest", "top"), ("biggest", "top"), ("highest", "top"), ("most", "top"), ("best", "top"),
        ("smallest", "bottom"), ("lowest", "bottom"), ("fewest", "bottom"), ("bottom", "bottom"),
        ("by", "by"), ("per", "by"), ("for each", "by"), ("by each", "by"), ("grouped by", "by"), ("broken down by", "by"), ("each", "by"),
        ("month", "grain:month"), ("monthly", "grain:month"), ("months", "grain:month"), ("over time", "grain:month"), ("quarter", "grain:quarter"), ("quarterly", "grain:quarter"),
        ("year", "grain:year"), ("yearly", "grain:year"), ("annually", "grain:year"), ("week", "grain:week"), ("weekly", "grain:week"),
    ];

    public Understanding Parse(string question, IReadOnlyList<(string Id, string Name)> customers)
    {
        var text = Normalise(question);
        foreach (var (_, name) in customers.OrderByDescending(customer => customer.Name.Length))
        {
            text = Regex.Replace(text, $@"(?<!\w){Regex.Escape(Normalise(name))}(?:'s|s')?(?!\w)", " ");
        }

        var period = TakePeriod(ref text);
        var country = TakeCountry(ref text);
        var lateFor = TakeLateFor(ref text);
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var slots = new Slots();
        List<string> unknown = [];
        for (var i = 0; i < words.Length;)
        {
            var length = TakeLongest(words, i, slots);
            if (length == 0)
            {
                if (int.TryParse(words[i], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && slots.Marks.LastOrDefault() is "top" or "bottom")
                {
                    slots.Number = int.Parse(words[i], CultureInfo.InvariantCulture);
                }
                else if (int.TryParse(words[i], NumberStyles.None, CultureInfo.InvariantCulture, out number) && i + 1 < words.Length && TopWords.Contains(words[i + 1]))
                {
                    slots.Number = number;
                }
                else if (!Ignored.Contains(words[i]) && !IsPartOfName(words[i], customers))
                {
                    unknown.Add(words[i]);
                }

                length = 1;
            }

            i += length;
        }

        return unknown.Count > 0
            ? new NotUnderstood("unanswerable", $"I do not know what {string.Join(", ", unknown.Select(word => $"\"{word}\""))} means in these data.")
            : Resolve(slots, period, customers, country, lateFor);
    }

    private static readonly HashSet<string> TopWords = new(StringComparer.Ordinal) { "largest", "biggest", "highest", "smallest", "lowest", "best" };

    private Understanding Resolve(Slots slots, PeriodFilter? period, IReadOnlyList<(string, string)> customers, string? country, int? lateFor)
    {
        var asksAmount = slots.Marks.Contains("much");
        var isRanking = slots.Marks.Contains("top") || slots.Marks.Contains("bottom");
        var grain = slots.Marks.Where(mark => mark.StartsWith("grain:", StringComparison.Ordinal)).Select(mark => mark[6..]).Distinct(StringComparer.Ordinal).ToList();
        if (grain.Count > 1)
        {
            return new NotUnderstood("ambiguous", "The question names several spans of time to group by.");
        }

        var isGrouped = false;

        // "Customers" is what is asked about, unless something else is: then it is what the answer is grouped by.
        var subjects = slots.Subjects.Distinct().ToList();
        var customersSubject = subjects.FirstOrDefault(subject => subject.Name == "customers");
        var dimensionWords = slots.Dimensions.Distinct().ToList();
        var measureSubjects = dataset.Subjects.Where(subject => slots.Phrases.Exists(phrase => subject.Measures.Exists(measure => measure.Words.Contains(phrase)))).ToList();
        if (customersSubject is not null && (subjects.Count > 1 || (measureSubjects.Count > 0 && !measureSubjects.Contains(customersSubject))))
        {
            if (slots.Marks.Contains("count") && subjects[0] == customersSubject && !isRanking && !slots.Marks.Contains("by"))
            {
                return new NotUnderstood("unanswerable", "Customers that have something cannot be counted yet.");
            }

            // "How much do customers owe" asks for one figure; "per customer" for many.
            subjects.Remove(customersSubject);
            if (isRanking || slots.Marks.Contains("by") || !(slots.Marks.Contains("sum") || asksAmount))
            {
                isGrouped = true;
                dimensionWords.Add(dataset.Dimensions.First(dimension => dimension.Name == "customer"));
            }
        }

        if (subjects.Count > 1)
        {
            return new NotUnderstood("ambiguous", $"The question is about {string.Join(" and ", subjects.Select(subject => subject.Name))}; ask about one of them.");
        }

        var subject = subjects.Count == 1 ? subjects[0] : Single(measureSubjects, slots);
        if (subject is null)
        {
            return new NotUnderstood(measureSubjects.Count > 1 ? "ambiguous" : "unanswerable", measureSubjects.Count > 1
                ? $"The amount may be of {string.Join(" or ", measureSubjects.Select(candidate => candidate.Name))}; name one of them."
                : "The question names nothing that can be counted or listed.");
        }

        // Each phrase of the data has to mean something for this subject.
        List<FilterDefinition> filters = [];
        MeasureDefinition? measure = null;
        foreach (var phrase in slots.Phrases)
        {
            if (subject.Measures.Find(candidate => candidate.Words.Contains(phrase)) is { } foundMeasure && (measure is null || measure == foundMeasure))
            {
                measure = foundMeasure;
            }
            else if (subject.Filters.Find(candidate => candidate.Words.Contains(phrase)) is { } filter)
            {
                filters.Add(filter);
            }
            else if (subject.Dimensions.Find(candidate => candidate.Words.Contains(phrase)) is { } dimensionOfSubject)
            {
                dimensionWords.Add(dimensionOfSubject);
            }
            else
            {
                return new NotUnderstood("unanswerable", $"\"{phrase}\" has no meaning for {subject.Name}.");
            }
        }

        dimensionWords = [.. dimensionWords.Distinct()];
        if (dimensionWords.Count > 1)
        {
            return new NotUnderstood("ambiguous", $"The question groups by {string.Join(" and ", dimensionWords.Select(dimension => dimension.Name))}; one at a time can be answered.");
        }

        var dimension = dimensionWords.FirstOrDefault();
        var hasBy = slots.Marks.Contains("by");
        var isAverage = slots.Marks.Contains("average");
        // "How much did they order" asks for the amount, "how many" for the number.
        if (asksAmount && measure is null && !isAverage && subject.Name != "customers")
        {
            measure = MeasureFor(subject, filters);
        }

        if (measure?.Filter is { Length: > 0 } own && !filters.Exists(filter => filter.Name == own))
        {
            filters.Add(subject.Filters.First(filter => filter.Name == own));
        }

        List<string> assumptions = [.. filters.Select(filter => $"{filter.Name}: {filter.Definition}")];
        if (measure is not null)
        {
            assumptions.Add($"{measure.Name}: {measure.Definition}");
        }

        if (lateFor is not null && subject.Measures.TrueForAll(candidate => candidate.Sql != "r.days_late"))
        {
            return new NotUnderstood("unanswerable", $"A number of days has no meaning for {subject.Name}.");
        }

        if (isAverage && measure is null)
        {
            return new NotUnderstood("ambiguous", $"An average of what? For {subject.Name}: {string.Join(", ", subject.Measures.Select(candidate => candidate.Name))}.");
        }

        var hasSum = slots.Marks.Contains("sum") || asksAmount;
        Shape shape;
        if (grain.Count == 1)
        {
            if (dimension is not null || isRanking)
            {
                return new NotUnderstood("unanswerable", "A course of time is answered without a second grouping.");
            }

            shape = Shape.OverTime;
        }
        else if (isRanking)
        {
            shape = Shape.Top;
            if (dimension is null && measure is null)
            {
                if (subject.Name == "customers")
                {
                    return new NotUnderstood("ambiguous", $"Ranked by what? For {subject.Name}: {string.Join(", ", subject.Measures.Select(candidate => candidate.Name))}.");
                }

                measure = MeasureFor(subject, filters)!;
                assumptions.Add($"ranked by {measure.Name}: {measure.Definition}");
            }
        }
        else if (dimension is not null && (hasBy || isGrouped || measure is not null || slots.Marks.Contains("count")))
        {
            shape = Shape.Group;
        }
        else if (dimension is not null)
        {
            return new NotUnderstood("ambiguous", $"How is \"{dimension.Name}\" meant? Ask for example \"{subject.Name} by {dimension.Name}\".");
        }
        else if (hasBy && customers.Count == 0)
        {
            return new NotUnderstood("unanswerable", "The question does not say by what to group.");
        }
        else if (slots.Marks.Contains("count"))
        {
            if (measure is not null)
            {
                return new NotUnderstood("unanswerable", $"\"{measure.Name}\" is summed, not counted.");
            }

            shape = Shape.Count;
        }
        else if (isAverage)
        {
            shape = Shape.Average;
        }
        else if (measure is not null && !slots.Marks.Contains("list"))
        {
            shape = Shape.Sum;
        }
        else if (hasSum)
        {
            shape = measure is null ? Shape.Count : Shape.Sum;
        }
        else
        {
            shape = Shape.List;
        }

        return new Interpretation
        {
            Dataset = dataset, Shape = shape, Subject = subject, Filters = filters, Measure = shape == Shape.List ? null : measure, IsAverage = isAverage, Dimension = dimension,
            Grain = grain.FirstOrDefault() ?? "", Ascending = slots.Marks.Contains("bottom"), Top = slots.Number, Period = period, Customers = customers, Assumptions = assumptions, Country = country, LateFor = lateFor,
        };
    }

    // What an amount of the subject means when none is named: of open or overdue invoices what is still owed, else the first.
    private static MeasureDefinition? MeasureFor(SubjectDefinition subject, List<FilterDefinition> filters) =>
        subject.Measures.Find(candidate => candidate.Money && filters.Exists(filter => filter.Name == candidate.Filter)) ?? subject.Measures.FirstOrDefault(candidate => candidate.Money);

    // Measures of several subjects may share a word: the subject then has to explain all the phrases.
    private static SubjectDefinition? Single(List<SubjectDefinition> candidates, Slots slots)
    {
        var fitting = candidates.Where(subject => slots.Phrases.TrueForAll(phrase =>
            subject.Measures.Exists(measure => measure.Words.Contains(phrase)) || subject.Filters.Exists(filter => filter.Words.Contains(phrase))
            || subject.Dimensions.Exists(dimension => dimension.Words.Contains(phrase)))).ToList();
        return fitting.Count == 1 ? fitting[0] : null;
    }

    // The resolver matches names with typos and left-out parts; such a word is explained by the customer it found.
    private static bool IsPartOfName(string word, IReadOnlyList<(string Id, string Name)> customers) =>
        customers.SelectMany(customer => Normalise(customer.Name).Split(' ')).Any(part =>
            part == word || (word.Length >= 4 && Math.Abs(part.Length - word.Length) <= 3 && part.Length >= 4 && part[..4] == word[..4]));

    private int TakeLongest(string[] words, int start, Slots slots)
    {
        for (var length = Math.Min(4, words.Length - start); length > 0; length--)
        {
            var phrase = string.Join(' ', words, start, length);
            var mark = Grammar.FirstOrDefault(entry => entry.Words == phrase).Mark;
            if (mark is not null)
            {
                slots.Marks.Add(mark);
                return length;
            }

            var subject = dataset.Subjects.Find(candidate => candidate.Words.Contains(phrase));
            var isPhrase = dataset.Subjects.Exists(candidate =>
                candidate.Filters.Exists(filter => filter.Words.Contains(phrase)) || candidate.Measures.Exists(measure => measure.Words.Contains(phrase)) || candidate.Dimensions.Exists(dimension => dimension.Words.Contains(phrase)));
            var dimension = dataset.Dimensions.Find(candidate => candidate.Words.Contains(phrase));
            if (subject is not null && (dimension is null || slots.Marks.LastOrDefault() != "by" || slots.Subjects.Count == 0))
            {
                slots.Subjects.Add(subject);
            }
            else if (dimension is not null)
            {
                slots.Dimensions.Add(dimension);
            }
            else if (isPhrase)
            {
                slots.Phrases.Add(phrase);
            }
            else
            {
                continue;
            }

            return length;
        }

        return 0;
    }

    /// <summary>Takes "in Germany" out of the question; the names are those that the platform's regions have in English.</summary>
    private static string? TakeCountry(ref string text)
    {
        foreach (Match match in CountryPattern().Matches(text))
        {
            foreach (var length in (int[])[3, 2, 1])
            {
                var words = match.Groups["words"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                var name = string.Join(' ', words.Take(length));
                if (words.Length >= length && Countries.Value.Contains(name))
                {
                    var end = match.Groups["words"].Index + name.Length;
                    text = text.Remove(match.Index, end - match.Index).Insert(match.Index, " ");
                    return name;
                }
            }
        }

        return null;
    }

    private static readonly Lazy<HashSet<string>> Countries = new(() =>
        [.. CultureInfo.GetCultures(CultureTypes.SpecificCultures).Where(culture => culture.Name.Length is 5).Select(culture => new RegionInfo(culture.Name).EnglishName.ToLowerInvariant())]);

    /// <summary>Takes "for more than 90 days" out of the question.</summary>
    private static int? TakeLateFor(ref string text)
    {
        var match = LateForPattern().Match(text);
        if (!match.Success)
        {
            return null;
        }

        text = text.Remove(match.Index, match.Length).Insert(match.Index, " ");
        return int.Parse(match.Groups["days"].Value, CultureInfo.InvariantCulture);
    }

    /// <summary>Takes one span of time out of the question: "last month", "this year", "in the last 30 days", "in 2025", "since 2025-03-01".</summary>
    private PeriodFilter? TakePeriod(ref string text)
    {
        var match = PeriodPattern().Match(text);
        if (!match.Success)
        {
            return null;
        }

        var tomorrow = today.AddDays(1);
        var month = new DateOnly(today.Year, today.Month, 1);
        var quarter = new DateOnly(today.Year, ((today.Month - 1) / 3 * 3) + 1, 1);
        var year = new DateOnly(today.Year, 1, 1);
        var week = today.AddDays(-(((int)today.DayOfWeek + 6) % 7));
        var words = match.Groups["span"].Value;
        (DateOnly From, DateOnly Until)? span = words switch
        {
            "today" => (today, tomorrow),
            "yesterday" => (today.AddDays(-1), today),
            "this week" => (week, week.AddDays(7)),
            "last week" or "previous week" => (week.AddDays(-7), week),
            "this month" => (month, month.AddMonths(1)),
            "last month" or "previous month" => (month.AddMonths(-1), month),
            "this quarter" => (quarter, quarter.AddMonths(3)),
            "last quarter" or "previous quarter" => (quarter.AddMonths(-3), quarter),
            "this year" => (year, year.AddYears(1)),
            "last year" or "previous year" => (year.AddYears(-1), year),
            _ => null,
        };
        if (span is null && match.Groups["n"].Success && int.TryParse(match.Groups["n"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is > 0 and <= 3660)
        {
            span = match.Groups["unit"].Value switch
            {
                "day" => (tomorrow.AddDays(-count), tomorrow),
                "week" => (tomorrow.AddDays(-7 * count), tomorrow),
                "month" => (tomorrow.AddMonths(-Math.Min(count, 600)), tomorrow),
                _ => (tomorrow.AddYears(-Math.Min(count, 50)), tomorrow),
            };
        }

        if (span is null && match.Groups["m"].Success)
        {
            var number = Array.IndexOf(Months, match.Groups["m"].Value) + 1;
            var only = new DateOnly(match.Groups["my"].Success ? int.Parse(match.Groups["my"].Value, CultureInfo.InvariantCulture) : today.Year, number, 1);
            only = !match.Groups["my"].Success && only > today ? only.AddYears(-1) : only;
            span = (only, only.AddMonths(1));
        }

        if (span is null && match.Groups["q"].Success)
        {
            var only = new DateOnly(match.Groups["qy"].Success ? int.Parse(match.Groups["qy"].Value, CultureInfo.InvariantCulture) : today.Year, (3 * int.Parse(match.Groups["q"].Value, CultureInfo.InvariantCulture)) - 2, 1);
            only = !match.Groups["qy"].Success && only > today ? only.AddYears(-1) : only;
            span = (only, only.AddMonths(3));
        }

        if (span is null && match.Groups["y"].Success)
        {
            var only = new DateOnly(int.Parse(match.Groups["y"].Value, CultureInfo.InvariantCulture), 1, 1);
            span = (only, only.AddYears(1));
        }

        if (span is null && DateOnly.TryParseExact(match.Groups["since"].Value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var since))
        {
            span = (since, tomorrow);
        }

        if (span is not { } found)
        {
            return null;
        }

        text = text.Remove(match.Index, match.Length).Insert(match.Index, " ");
        return new PeriodFilter(found.From, found.Until, match.Value.Trim());
    }

    private static string Normalise(string text) =>
        Spaces().Replace(Punctuation().Replace(text.ToLowerInvariant().Replace('’', '\''), " "), " ").Trim();

    [GeneratedRegex(@"[?!.,;:""()]+(?=\s|$)|[""()]")]
    private static partial Regex Punctuation();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();

    [GeneratedRegex(
        @"(?<!\w)(?:(?:in|during|over|for|within)\s+)?(?:the\s+)?(?:(?<span>today|yesterday|(?:this|last|previous)\s+(?:week|month|quarter|year))|(?:last|past|previous)\s+(?<n>\d{1,4})\s+(?<unit>day|week|month|year)s?|in\s+(?<m>january|february|march|april|may|june|july|august|september|october|november|december)(?:\s+(?:of\s+)?(?<my>(?:19|20)\d{2}))?|(?<m>january|february|march|april|may|june|july|august|september|october|november|december)\s+(?<my>(?:19|20)\d{2})|(?:in\s+)?q(?<q>[1-4])(?:\s+(?:of\s+)?(?<qy>(?:19|20)\d{2}))?|in\s+(?<y>(?:19|20)\d{2})|(?<y>(?:19|20)\d{2})(?=$)|since\s+(?<since>\d{4}-\d{2}-\d{2}))(?!\w)")]
    private static partial Regex PeriodPattern();

    private static readonly string[] Months = [.. CultureInfo.InvariantCulture.DateTimeFormat.MonthNames[..12].Select(name => name.ToLowerInvariant())];

    [GeneratedRegex(@"(?<!\w)(?:in|from|of)\s+(?:the\s+)?(?<words>[a-z]+(?:\s+[a-z]+){0,2})")]
    private static partial Regex CountryPattern();

    [GeneratedRegex(@"(?<!\w)(?:for\s+|by\s+)?(?:more|longer|older)\s+than\s+(?<days>\d{1,4})\s+days?(?:\s+(?:late|overdue))?(?!\w)")]
    private static partial Regex LateForPattern();

    private sealed class Slots
    {
        public List<string> Marks { get; } = [];

        public List<SubjectDefinition> Subjects { get; } = [];

        public List<DimensionDefinition> Dimensions { get; } = [];

        public List<string> Phrases { get; } = [];

        public int? Number { get; set; }
    }
}
