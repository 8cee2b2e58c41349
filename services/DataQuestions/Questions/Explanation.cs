using System.Globalization;
using System.Text;
using Platform.Contracts.DataQuestions.V1;
using Platform.DataQuestions.Facts.Shapes;

namespace Platform.DataQuestions.Questions;

/// <summary>The answer in a sentence, made from the result only.</summary>
internal static class Explanation
{
    private const int Named = 5;

    public static string Write(Interpretation question, Table result)
    {
        var about = question.CountsCustomers ? $"customers with {RowsLimited(question, About(question))}" : About(question);
        if (result.Rows.Count == 0 || (question is { Shape: Shape.Share, IsShareOfAmount: false } && First(result, 2) == "0"))
        {
            return Ended($"There are no {about}");
        }

        if (question.Comparison is { } periods)
        {
            return Compared(question, periods, about, result);
        }

        var more = result.Truncated ? $"more than {result.Rows.Count}" : result.Rows.Count.ToString(CultureInfo.InvariantCulture);
        var measure = question.Measure?.Name ?? "";
        return question.Shape switch
        {
            Shape.Count => Ended(First(result, 0) switch
            {
                "0" => $"There are no {about}",
                "1" => $"There is 1 {Singular(about)}",
                var count => $"There are {Grouped(count)} {about}",
            }),
            Shape.Sum or Shape.Average when question.Measure!.Money => Money(question, result),
            Shape.Sum or Shape.Average => result.Rows[0].Cells[0].IsNull
                ? Ended($"There are no {about}")
                : $"The {question.AverageName} of {Measured(question)} is {Amount(result.Rows[0].Cells[0])}, over {Grouped(result.Rows[0].Cells[1].Text)} {(result.Rows[0].Cells[1].Text == "1" ? Singular(question.Subject.Name) : question.Subject.Name)}.",
            Shape.List => result.Rows.Count == 1 && !result.Truncated ? Ended($"There is 1 {Singular(about)}") : $"There are {more} {about}; {Order(question)}.",
            Shape.ByAge => result.Rows.Count == 1
                ? Ended($"The {Age(question)} {Singular(about)} is {OnlyRow(question, result)}")
                : $"The {result.Rows.Count} {Age(question)} {about}, the {Age(question)} first.",
            Shape.Share when question.CountsCustomers => ShareOfCustomers(question, result),
            Shape.Share when question.IsShareOfAmount => ShareOfAmount(question, result),
            Shape.Share when question.Part is null => ShareOfRows(question, result),
            Shape.Share => Share(question.Part!, about, result),
            Shape.Group when question.Dimension!.Order.Length > 0 && SeveralCurrencies(question, result) => Ended($"{Capital(Average(question) + Measured(question))} by {question.Dimension.Name}, in {Currencies(result)} currencies"),
            Shape.Group => $"{Capital(Average(question) + (question.Measure is null ? RowsLimited(question, about) : Measured(question)))} by {question.Dimension!.Name}{(question.IsByCurrency ? ", the one with the most rows first" : SeveralCurrencies(question, result) ? ", by currency, the highest first" : $", {more} {(result.Rows.Count == 1 ? "row" : "rows")}")}: {Names(question, result)}.",
            Shape.OverTime => $"{Capital(Average(question) + (question.Measure is null ? about : Measured(question)))} per {question.Grain}, the latest first{(SeveralCurrencies(question, result) ? $", in {Currencies(result)} currencies" : $": {Names(question, result)}")}.",
            Shape.AverageOfGroups => OfGroups(question, about, result),
            Shape.Top when question is { Grain.Length: > 0, Top: 1 } && (result.Rows.Count == 1 || SeveralCurrencies(question, result)) =>
                $"The {question.Grain} with the {(question.Ascending ? "lowest" : "highest")} {(question.Measure is null ? $"number of {about}" : Average(question) + Measured(question))} is {Names(question, result, ", with ")}.",
            Shape.Top when question is { Dimension: null, Top: 1 } => result.Rows.Count == 1
                ? Ended(question.Measure!.Money
                    ? $"The {(question.Ascending ? "smallest" : "largest")} {Singular(about)} by {measure} is {OnlyRow(question, result)}{Size(question, result)}"
                    : $"The {Singular(about)} with the {(question.Ascending ? "fewest" : "most")} {measure} is {OnlyRow(question, result)}{Size(question, result)}")
                : $"The {(question.Ascending ? "smallest" : "largest")} {Singular(about)} of each currency by {measure}: {more} rows.",
            _ => question.Dimension is null
                ? question.Measure!.Money ? $"The {(question.Ascending ? "smallest" : "largest")} {about} by {measure}: {more} rows." : $"The {about} with the {(question.Ascending ? "fewest" : "most")} {measure}: {more} rows."
                : $"{Capital(question.Dimension.Name)} by {Average(question)}{(question.Measure is null ? $"number of {about}" : Measured(question))}, the {(question.Ascending ? "lowest" : "highest")} {(SeveralCurrencies(question, result) ? "of each currency" : "first")}: {Names(question, result)}.",
        };
    }

    // "The average invoiced amount per month is 1,200.00 EUR and 80.00 USD, over 10 months."
    private static string OfGroups(Interpretation question, string about, Table result)
    {
        if (result.Rows[0].Cells[0].IsNull)
        {
            return Ended($"There are no {about}");
        }

        var each = question.Grain.Length > 0 ? question.Grain : "customer";
        var isMoney = question.Measure is not null;
        string Over(Row row) => row.Cells[^1].Text == "1" ? $"1 {each}" : $"{Grouped(row.Cells[^1].Text)} {each}s";
        var isSame = result.Rows.Select(row => row.Cells[^1].Text).Distinct(StringComparer.Ordinal).Count() == 1;
        var figures = result.Rows.Select(row => Amount(row.Cells[0]) + (isMoney && !question.IsByCurrency ? " " + row.Cells[1].Text : "") + (isSame ? "" : $" ({Over(row)})"));
        return $"The average {(isMoney ? Measured(question) : $"number of {about}")} per {each} is {FactValues.Join([.. figures])}{(isSame ? $", over {Over(result.Rows[0])}" : "")}.";
    }

    // What was paid was so on a day; what is overdue still is.
    private static string Share(Datasets.FilterDefinition part, string about, Table result)
    {
        var (isOne, isOver) = (First(result, 2) == "1", part.Day.Length > 0);
        var verb = isOne ? isOver ? "was" : "is" : isOver ? "were" : "are";
        return $"{First(result, 0)}% of {Grouped(First(result, 2))} {(isOne ? Singular(about) : about)} {verb} {part.Name}: {Grouped(First(result, 1))}.";
    }

    // "16.4% of 560 customers are in Germany: 92."
    private static string ShareOfRows(Interpretation question, Table result)
    {
        var (whole, part) = WholeAndPart(question);
        var isOne = First(result, 2) == "1";
        return $"{First(result, 0)}% of {Grouped(First(result, 2))} {(isOne ? Singular(About(whole)) : About(whole))} {(isOne ? "is" : "are")} {part}: {Grouped(First(result, 1))}.";
    }

    private static (Interpretation Whole, string Part) WholeAndPart(Interpretation question) => (
        question.IsShareOfCustomers ? question with { Customers = [] } : question.IsShareOfPlace ? question with { Country = null, Values = [] } : question,
        question.Part?.Name
            ?? Of(Place(question) with { Values = question.IsShareOfPlace ? question.Values : [], Customers = question.IsShareOfCustomers ? question.Customers : [], Country = question.IsShareOfPlace ? question.Country : null }).Trim());

    private static string ShareOfCustomers(Interpretation question, Table result)
    {
        var place = Of(Place(question) with { Customers = [] });
        return $"{First(result, 0)}% of {Grouped(First(result, 2))} {(First(result, 2) == "1" ? $"customer{place} has" : $"customers{place} have")} {About(question with { Country = null, Values = [.. question.Values.Except(Place(question).Values)] })}: {Grouped(First(result, 1))}.";
    }

    // Only where the customers are and what they are like.
    private static Interpretation Place(Interpretation question) => question with
    {
        Values = [.. question.Values.Where(value => question.Dataset.Dimensions.Contains(value.Dimension))], Period = null, Day = null, Currency = null, Limit = null, LateFor = null, Absence = null,
    };

    // "12.5% of the invoiced amount in 2026 is of Acme: 100.00 of 800.00 EUR."
    private static string ShareOfAmount(Interpretation question, Table result)
    {
        var (whole, part) = WholeAndPart(question);
        var shares = result.Rows.Select(row => $"{row.Cells[0].Text}% ({Amount(row.Cells[2])} of {Amount(row.Cells[3])} {row.Cells[1].Text})");
        return result.Rows.Count == 1
            ? $"{First(result, 0)}% of the {Measured(whole)} is {part}: {Amount(result.Rows[0].Cells[2])} of {Amount(result.Rows[0].Cells[3])} {result.Rows[0].Cells[1].Text}."
            : $"The share of the {Measured(whole)} that is {part}: {FactValues.Join([.. shares])}.";
    }

    private static string Compared(Interpretation question, PeriodComparison periods, string about, Table result)
    {
        var money = question.Measure?.Money == true;
        var what = question.Measure is null ? "number of " + about : $"{(question.IsAverage || !money ? question.AverageName : "total")} {Measured(question)}";
        var figures = result.Rows.Select(row =>
        {
            var cells = money ? [.. row.Cells.Skip(1)] : row.Cells.ToList();
            var unit = money ? " " + row.Cells[0].Text : "";
            string Said(Cell cell) => cell.IsNull ? "none" : question.Measure is null ? Grouped(cell.Text) : Amount(cell) + unit;
            var change = cells[2].IsNull ? "" : $", a difference of {Said(cells[2])}{(cells[3].IsNull ? "" : $" ({cells[3].Text}%)")}";
            return $"{Said(cells[0])} against {Said(cells[1])}{change}";
        });
        return $"The {what}, {QuestionComparisons.Said(periods.Later)} against {QuestionComparisons.Said(periods.Earlier)}: {string.Join("; ", figures)}.";
    }

    /// <summary>E.g. "overdue invoices of Acme in the last 30 days".</summary>
    private static string About(Interpretation question) => Rows(question, question.Filters) + Of(question);

    /// <summary>E.g. "open balance of overdue invoices in Germany": which rows it is of, beyond what the measure says by itself.</summary>
    private static string Measured(Interpretation question)
    {
        var filters = question.Filters.Where(filter => filter.Name != question.Measure!.Filter).ToList();
        return question.Measure!.Name + (filters.Count > 0 ? $" of {Rows(question, filters)}" : "") + Of(question, rowsSaid: filters.Count > 0);
    }

    private static string Rows(Interpretation question, IReadOnlyList<Datasets.FilterDefinition> filters)
    {
        var text = new StringBuilder(question.Day is { SaidBefore: true } day ? day.Name + " " : "");
        var before = filters.Where(filter => !IsSaidAfter(filter)).ToList();
        foreach (var filter in before)
        {
            text.Append(filter.Name).Append(' ');
        }

        text.Append(question.Subject.Name);
        foreach (var filter in filters.Except(before))
        {
            text.Append(' ').Append(filter.Name);
        }

        return text.ToString();
    }

    // "Customers on hold", "invoices paid late"; but "open orders", "high priority orders".
    private static bool IsSaidAfter(Datasets.FilterDefinition filter) =>
        filter.Name == "on hold" || Array.Exists((string[])["of ", "over ", "near ", "without ", "paid ", "delivered "], start => filter.Name.StartsWith(start, StringComparison.Ordinal));

    // "More than 1 order", "at least 3 overdue invoices of Acme".
    private static string RowsLimited(Interpretation question, string about) => question.RowLimit is not { } limit ? about
        : string.Create(CultureInfo.InvariantCulture, $"{limit.Words} {limit.Rows:N0} {(limit.Rows == 1 ? Singular(about) : about)}");

    private static string Average(Interpretation question) => question.IsAverage && question.Measure is not null ? question.AverageName + " " : "";

    private static bool SeveralCurrencies(Interpretation question, Table result) =>
        question.Measure?.Money == true && !question.IsByCurrency && Currencies(result) > 1;

    private static int Currencies(Table result) => result.Rows.Select(row => row.Cells[1].Text).Distinct(StringComparer.Ordinal).Count();

    private static string Money(Interpretation question, Table result)
    {
        var count = result.Rows.Sum(row => long.TryParse(row.Cells[2].Text, NumberStyles.None, CultureInfo.InvariantCulture, out var rows) ? rows : 0);
        var over = $"over {count.ToString("N0", CultureInfo.InvariantCulture)} {(count == 1 ? Singular(question.Subject.Name) : question.Subject.Name)}";
        var what = $"The {(question.IsAverage ? question.AverageName : "total")} {Measured(question)}";
        return result.Rows.Count > Named - 2
            ? $"{what}, {over}, is in {result.Rows.Count} currencies; the one with the most {question.Subject.Name} comes first."
            : $"{what} is {FactValues.Join([.. result.Rows.Select(row => $"{Amount(row.Cells[0])} {row.Cells[1].Text}")])}, {over}.";
    }

    // "Foods B.V." ends its own sentence.
    private static string Ended(string sentence) => sentence.EndsWith('.') ? sentence : sentence + ".";

    private static string Grouped(string count) =>
        long.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number.ToString("N0", CultureInfo.InvariantCulture) : count;

    private static string Of(Interpretation question, bool rowsSaid = false) =>
        (question.Absence is { } absent ? Absent(absent) : "")
        + (question.LateFor is { } days ? string.Create(CultureInfo.InvariantCulture, $" more than {days} days late") : "")
        + (question.Country is { } country ? (country.StartsWith("united ", StringComparison.Ordinal) || country == "netherlands" ? " in the " : " in ") + CultureInfo.InvariantCulture.TextInfo.ToTitleCase(country) : "")
        + string.Concat(question.Values.GroupBy(value => value.Dimension).Select(of => " " + of.Key.Said.Replace("{0}", FactValues.Join([.. of.Select(value => value.Value)]), StringComparison.Ordinal)))
        + (question.Customers.Count > 0 ? " of " + FactValues.Join([.. question.Customers.Select(customer => customer.Name)]) : "")
        + Limited(question, rowsSaid)
        + (question.Currency is { } currency ? $" in {currency}" : "")
        + (question.Day is { Words.Count: > 0, SaidBefore: false } day ? " " + day.Name : "")
        + (question.Period is { } period ? Span(period.From, period.Until) : "")
        + (question.AsOf is { } asOf ? string.Create(CultureInfo.InvariantCulture, $" as of {asOf:yyyy-MM-dd}") : "");

    // "Without an order since 2026-03-01", "from 2026-02-01 to 2026-02-28", "so far".
    private static string Absent(AbsenceFilter absent) => $" {absent.Absence.Name}" + absent switch
    {
        { Since: null } => " so far",
        { Since: { } since, Until: null } => string.Create(CultureInfo.InvariantCulture, $" since {since:yyyy-MM-dd}"),
        { Since: { } since, Until: { } until } => Span(since, until),
    };

    private static string Span(DateOnly from, DateOnly until) => from == DateOnly.MinValue
        ? string.Create(CultureInfo.InvariantCulture, $" before {until:yyyy-MM-dd}")
        : until == from.AddDays(1)
        ? string.Create(CultureInfo.InvariantCulture, $" on {from:yyyy-MM-dd}")
        : " from " + QuestionComparisons.Said(from, until);

    // "Invoices of more than 500", but "invoiced amount of invoices of more than 500".
    private static string Limited(Interpretation question, bool rowsSaid) => question.Limit is { } limit
        ? string.Create(CultureInfo.InvariantCulture, $"{(question.IsLimitOfGroups || question.Measure is null || rowsSaid ? "" : $" of {question.Subject.Name}")} of {limit}")
        : "";

    private static string Names(Interpretation question, Table result, string between = " ")
    {
        var hasCurrency = question.Measure?.Money == true && !question.IsByCurrency;
        var valueColumn = hasCurrency ? 2 : 1;

        // The first rows of a ranking over several currencies would all be of one: name the first of each instead.
        var rows = SeveralCurrencies(question, result) && question.Shape != Shape.OverTime ? result.Rows.DistinctBy(row => row.Cells[1].Text).ToList() : [.. result.Rows];
        var named = rows.Take(Named).Select(row =>
            $"{(row.Cells[0].IsNull ? "(none)" : Key(question, row.Cells[0].Text))}{between}{(question.Measure is null ? Grouped(row.Cells[valueColumn].Text) : Amount(row.Cells[valueColumn]))}{(hasCurrency ? " " + row.Cells[1].Text : "")}");
        return string.Join("; ", named) + (rows.Count > Named ? "; …" : "");
    }

    private static string Key(Interpretation question, string text) =>
        question.Grain.Length > 0 && DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? question.Grain switch
            {
                "month" => day.ToString("MMMM yyyy", CultureInfo.InvariantCulture),
                "quarter" => string.Create(CultureInfo.InvariantCulture, $"Q{((day.Month - 1) / 3) + 1} {day.Year}"),
                "year" => day.ToString("yyyy", CultureInfo.InvariantCulture),
                _ => text,
            }
            : text;

    private static string Order(Interpretation question) =>
        question.Day is { Ahead.Length: > 0 } day ? $"they are in the order in which they are {day.Name}" : "the latest come first";

    private static string Age(Interpretation question) => question.IsNext ? "next" : question.Ascending ? "oldest" : "latest";

    // "INV-7 of Acme, of 2026-07-01", as far as the list has it.
    private static string OnlyRow(Interpretation question, Table result)
    {
        var customer = OfFirst(result, "customer")?.Text;
        return First(result, 0) + (customer is { Length: > 0 } && customer != First(result, 0) ? $" of {customer}" : "") + (OfFirst(result, question.DayColumn) is { Text.Length: > 0 } on ? $", {on.Text}" : "");
    }

    // ": 200.00 EUR", ": 59", where the rows show what they are ranked by.
    private static string Size(Interpretation question, Table result) =>
        question.Measure is not { } measure || OfFirst(result, measure.Sql.Replace("r.", "", StringComparison.Ordinal)) is not { IsNull: false } size ? ""
        : measure.Money ? $": {Amount(size)} {OfFirst(result, "currency")?.Text}".TrimEnd()
        : ": " + Grouped(size.Text);

    private static Cell? OfFirst(Table result, string column) =>
        result.Columns.Select(item => item.Name).ToList().IndexOf(column) is >= 0 and var index ? result.Rows[0].Cells[index] : null;

    private static string First(Table result, int column) => result.Rows[0].Cells[column].Text;

    private static string Amount(Cell cell) =>
        decimal.TryParse(cell.Text, NumberStyles.Number, CultureInfo.InvariantCulture, out var amount) ? amount.ToString("#,##0.00", CultureInfo.InvariantCulture) : cell.Text;

    private static string Singular(string about)
    {
        var words = about.Split(' ');
        var index = Array.FindIndex(words, word => word is "invoices" or "orders" or "payments" or "customers");
        if (index >= 0)
        {
            words[index] = words[index][..^1];
        }

        return string.Join(' ', words);
    }

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
