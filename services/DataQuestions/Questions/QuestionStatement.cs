using System.Globalization;

namespace Platform.DataQuestions.Questions;

/// <summary>A statement with its parameters. Its text holds definitions of the dataset only; everything from the question is a parameter.</summary>
internal sealed record QuestionStatement(string Sql, IReadOnlyDictionary<string, object> Parameters)
{
    /// <summary>Last column of a statement whose rows are about one entity each: its key. It is no part of the result.</summary>
    public const string KeyColumn = "row_key";

    public static QuestionStatement Write(Interpretation question, string organization, DateOnly today, int maxRows, int defaultTop)
    {
        var subject = question.Subject;
        var parameters = new Dictionary<string, object>(StringComparer.Ordinal) { ["organization"] = organization };
        List<string> conditions = ["true", .. question.Filters.Select(filter => $"({filter.Sql})")];
        if (question.Period is { } period)
        {
            conditions.Add(Within(question.DayColumn, "from", "to"));
            parameters["from"] = period.From;
            parameters["to"] = period.Until;
        }

        if (question.Comparison is { } compared)
        {
            conditions.Add($"(({Within(question.DayColumn, "from", "to")}) OR ({Within(question.DayColumn, "before_from", "before_to")}))");
            parameters["from"] = compared.Later.From;
            parameters["to"] = compared.Later.Until;
            parameters["before_from"] = compared.Earlier.From;
            parameters["before_to"] = compared.Earlier.Until;
        }

        // What a share is of, as opposed to all rows.
        List<string> part = question.Part is { } filtered ? [$"({filtered.Sql})"] : [];
        List<string> ofPlaces = [.. question.Filters.Where(filter => filter.RowsSql.Length > 0 && !question.Subject.IsCustomers).Select(filter => filter.RowsSql)];
        if (question.Customers.Count > 0)
        {
            (question.IsShareOfCustomers ? part : conditions).Add("r.customer_id = ANY(@customers)");
            parameters["customers"] = question.Customers.Select(customer => customer.Id).ToArray();
        }

        if (question.Country is { } country)
        {
            ofPlaces.Add("lower(c.country) = @country");
            parameters["country"] = country;
        }

        foreach (var (of, index) in question.Values.GroupBy(value => value.Dimension).Select((of, index) => (of, index)))
        {
            (question.Dataset.Dimensions.Contains(of.Key) ? ofPlaces : question.IsShareOfPlace ? part : conditions).Add($"{of.Key.Sql} = ANY(@value_{index})");
            parameters[$"value_{index}"] = of.Select(value => value.Value).ToArray();
        }

        (question.IsShareOfPlace ? part : conditions).AddRange(ofPlaces);

        if (question.LateFor is { } days)
        {
            conditions.Add("r.days_late > @late_for");
            parameters["late_for"] = days;
        }

        if (question.PaidWithin is { } within)
        {
            parameters["paid_within"] = within;
        }

        if (question.IsNext)
        {
            conditions.Add($"r.{question.DayColumn} >= @as_of");
        }

        if (question.Absence is { } absent)
        {
            conditions.Add($"({absent.Absence.Sql.TrimEnd()})");
            parameters["since"] = absent.Since ?? DateOnly.MinValue;
            if (absent.Absence.IsKnownByDay)
            {
                parameters["before"] = absent.Until ?? today.AddDays(1);
            }
        }

        if (question.WholeUntil is { } whole)
        {
            conditions.Add($"r.{question.DayColumn} < @whole_until");
            parameters["whole_until"] = whole;
        }

        if (question.Currency is { } code)
        {
            conditions.Add($"{question.Dataset.Dimensions.First(dimension => dimension.Name == Interpretation.CurrencyName).Sql} = @currency");
            parameters["currency"] = code;
        }

        if (question.Limit is { } limit)
        {
            parameters["amount"] = limit.Amount;
            if (!question.IsLimitOfGroups)
            {
                conditions.Add(limit.On(question.LimitMeasure!.Sql));
            }

            if (limit.To is { } to)
            {
                parameters["amount_to"] = to;
            }
        }

        var where = string.Join(" AND ", conditions);
        var from = From(subject, where);
        var measure = question.Measure;
        var money = measure?.Money == true;
        var value = Value(question);
        var name = measure is null ? "count" : Quote((question.IsAverage || !money ? question.AverageName + " " : "") + measure.Name);

        var having = question is { IsLimitOfGroups: true, Limit: { } bound } ? $"\nHAVING {bound.On(value)}" : "";
        if (question.RowLimit is { } rowLimit)
        {
            having = $"\nHAVING count(*) {rowLimit.Sign} @rows";
            parameters["rows"] = rowLimit.Rows;
        }

        // Amounts of different currencies stay apart in every shape; the currency with the most rows is shown first.
        var currency = money && !question.IsByCurrency ? ", r.currency" : "";
        var rowKey = RowEntities.KeyOf(question) is { } key ? $", {key} AS {KeyColumn}" : "";
        var sql = question.Shape switch
        {
            _ when question.Comparison is { } periods => Comparing(question, periods, from, money),
            Shape.Count when question.RowLimit is not null => $"SELECT count(*) AS count\nFROM (SELECT r.customer_id\n{from}\nGROUP BY r.customer_id{having}) g",
            Shape.Count => $"SELECT count({(question.CountsCustomers ? "DISTINCT r.customer_id" : "*")}) AS count\n{from}",
            Shape.Sum or Shape.Average => $"SELECT {value} AS {name}{currency}, count(*) AS {subject.Name}\n{from}\n{(money ? "GROUP BY r.currency ORDER BY count(*) DESC, r.currency" : "")}",
            Shape.AverageOfGroups => AveragingGroups(question, from, currency),
            Shape.List => $"SELECT {string.Join(", ", subject.List.Select(Column))}{rowKey}\n{from}\nORDER BY r.{question.DayColumn} {(question.IsAhead(today) ? "ASC" : "DESC")}, r.{subject.Key}",
            Shape.ByAge => $"SELECT {string.Join(", ", subject.List.Select(Column))}{rowKey}\n{from}\nORDER BY r.{question.DayColumn} {(question.Ascending ? "ASC" : "DESC")} NULLS LAST, r.{subject.Key}",
            Shape.Share when question.CountsCustomers => SharingCustomers(question, string.Join(" AND ", ["true", .. ofPlaces]), from),
            Shape.Share when question.IsShareOfAmount => Sharing(question, string.Join(" AND ", part), from),
            Shape.Share => $"""
                SELECT round(100.0 * count(*) FILTER (WHERE {string.Join(" AND ", part)}) / nullif(count(*), 0), 1) AS percentage, count(*) FILTER (WHERE {string.Join(" AND ", part)}) AS {Quote(question.Part?.Name ?? "part")}, count(*) AS {subject.Name}
                {from}
                """,
            Shape.Group => $"""
                SELECT {question.Dimension!.Sql} AS {Quote(question.Dimension.Name)}{currency}, {value} AS {name}{(measure is null ? "" : $", count(*) AS {subject.Name}")}{rowKey}
                {from}
                GROUP BY {GroupKey(question)}{currency}{having}
                ORDER BY {(money ? "sum(count(*)) OVER (PARTITION BY r.currency) DESC, r.currency, " : "")}{(question.Dimension.Order is { Length: > 0 } order ? order : $"{name} {(question.Ascending ? "ASC" : "DESC")} NULLS LAST")}, 1
                """,
            Shape.OverTime => $"""
                SELECT date_trunc('{question.Grain}', r.{question.DayColumn})::date AS {question.Grain}{currency}, {value} AS {name}
                {from}
                GROUP BY 1{currency}
                ORDER BY 1 DESC{currency}
                """,
            Shape.Top when question.Dimension is null => $"""
                SELECT {string.Join(", ", subject.List.Select(Column))}{rowKey}
                FROM (SELECT r.*, rank() OVER ({(money ? "PARTITION BY r.currency " : "")}ORDER BY {measure!.Sql} {(question.Ascending ? "ASC" : "DESC")}) AS place{(money ? ", count(*) OVER (PARTITION BY r.currency) AS weight" : "")}
                      {from}) r
                JOIN domain.customers c ON c.organization_id = @organization AND c.customer_id = r.customer_id
                WHERE place <= @top
                ORDER BY {(money ? "weight DESC, r.currency, " : "")}place, r.{subject.Key}
                """,
            Shape.Top => $"""
                SELECT {Quote(question.Dimension.Name)}{(currency.Length > 0 ? ", currency" : "")}, {name}{(rowKey.Length > 0 ? ", " + KeyColumn : "")}
                FROM (SELECT {question.Dimension.Sql} AS {Quote(question.Dimension.Name)}{currency}, {value} AS {name}{rowKey},
                             rank() OVER ({(money ? "PARTITION BY r.currency " : "")}ORDER BY {value} {(question.Ascending ? "ASC" : "DESC")} NULLS LAST) AS place{(money ? ", sum(count(*)) OVER (PARTITION BY r.currency) AS weight" : "")}
                      {from}
                      GROUP BY {GroupKey(question)}{currency}{having}) g
                WHERE place <= @top
                ORDER BY {(money ? "weight DESC, currency, " : "")}place, 1
                """,
            _ => throw new ArgumentOutOfRangeException(nameof(question), question.Shape, "Not a shape"),
        };
        if (question.Shape == Shape.Top)
        {
            parameters["top"] = (long)(question.Top ?? defaultTop);
        }

        // One more than is shown tells whether there are more; of the oldest only so many are wanted.
        var rows = question.Shape == Shape.ByAge ? Math.Min(question.Top ?? defaultTop, maxRows) : maxRows + 1;
        return As($"{sql.TrimEnd()}\nLIMIT {rows.ToString(CultureInfo.InvariantCulture)}", parameters, today);
    }

    /// <summary>The statement with the days that its definitions refer to, <c>@as_of</c> and <c>@until</c>.</summary>
    public static QuestionStatement As(string sql, Dictionary<string, object> parameters, DateOnly today)
    {
        if (sql.Contains("@as_of", StringComparison.Ordinal))
        {
            parameters["as_of"] = today;
        }

        if (sql.Contains("@until", StringComparison.Ordinal))
        {
            parameters["until"] = today.AddDays(1).ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc);
        }

        return new QuestionStatement(sql, parameters);
    }

    // Nothing in a period is 0, but an average of nothing is none.
    private static string Comparing(Interpretation question, PeriodComparison periods, string from, bool money)
    {
        string In(string first, string end)
        {
            var within = $" FILTER (WHERE {Within(question.DayColumn, first, end)})";
            return question.CountsCustomers ? $"count(DISTINCT r.customer_id){within}"
                : question.IsAverage || !money ? Value(question, within)
                : $"coalesce({Value(question, within)}, 0)";
        }

        return $"""
            SELECT {(money ? "currency, " : "")}later AS {Quote(QuestionComparisons.Said(periods.Later))}, earlier AS {Quote(QuestionComparisons.Said(periods.Earlier))},
                   later - earlier AS difference, round(100.0 * (later - earlier) / nullif(earlier, 0), 1) AS "change in percent"
            FROM (SELECT {(money ? "r.currency, " : "")}{In("from", "to")} AS later, {In("before_from", "before_to")} AS earlier, count(*) AS weight
                  {from}{(money ? "\n      GROUP BY r.currency" : "")}) g
            ORDER BY weight DESC{(money ? ", currency" : "")}
            """;
    }

    // Of the customers that are where and what the question says, whoever has such rows.
    private static string SharingCustomers(Interpretation question, string place, string from)
    {
        var all = $"(SELECT count(*)\n{From(question.Dataset.Subjects.First(subject => subject.IsCustomers), place)})";
        return $"""
            SELECT round(100.0 * g.some / nullif(g.customers, 0), 1) AS percentage, g.some AS {Quote($"customers with {question.Subject.Name}")}, g.customers
            FROM (SELECT count(DISTINCT r.customer_id) AS some, {all} AS customers
                  {from}) g
            """;
    }

    private static string Sharing(Interpretation question, string part, string from)
    {
        var of = $"sum({question.Measure!.Sql})";
        return $"""
            SELECT round(100.0 * coalesce({of} FILTER (WHERE {part}), 0) / nullif({of}, 0), 1) AS percentage, r.currency, coalesce({of} FILTER (WHERE {part}), 0) AS part, {of} AS {Quote(question.Measure.Name)}
            {from}
            GROUP BY r.currency
            HAVING count(*) FILTER (WHERE {part}) > 0
            ORDER BY count(*) FILTER (WHERE {part}) DESC, r.currency
            """;
    }

    // Of spans of time those without any rows count, too; of customers only those that have some.
    private static string AveragingGroups(Interpretation question, string from, string currency)
    {
        var total = question.Measure is { } measure ? $"sum({measure.Sql})" : "count(*)";
        var name = Quote($"average {question.Measure?.Name ?? $"number of {question.Subject.Name}"}");
        if (question.Grain.Length == 0)
        {
            return $"""
                SELECT round(avg(total), 2) AS {name}{currency.Replace("r.", "", StringComparison.Ordinal)}, count(*) AS customers
                FROM (SELECT r.customer_id{currency}, {total} AS total
                      {from}
                      GROUP BY r.customer_id{currency}) g
                {(currency.Length > 0 ? "GROUP BY currency ORDER BY count(*) DESC, currency" : "")}
                """;
        }

        var step = question.Grain == "quarter" ? "3 months" : "1 " + question.Grain;
        return $"""
            WITH g AS (SELECT date_trunc('{question.Grain}', r.{question.DayColumn}::timestamp) AS start{currency}, {total} AS total, count(*) AS weight
                       {from}
                       GROUP BY 1{currency}),
                 s AS (SELECT count(*) AS spans FROM generate_series({(question.Period is null or { IsOpen: true } ? "(SELECT min(start) FROM g)" : "@from::timestamp")}, @whole_until::timestamp - interval '1 day', interval '{step}'))
            SELECT round(sum(g.total) / max(s.spans), 2) AS {name}{currency.Replace("r.", "g.", StringComparison.Ordinal)}, max(s.spans) AS {question.Grain}s
            FROM g CROSS JOIN s
            {(currency.Length > 0 ? "GROUP BY g.currency ORDER BY sum(g.weight) DESC, g.currency" : "")}
            """;
    }

    // Rows (r) of a subject, each with its customer (c).
    private static string From(Datasets.SubjectDefinition subject, string where) => $"""
        FROM (
        {subject.From.TrimEnd()}
        ) r
        JOIN domain.customers c ON c.organization_id = @organization AND c.customer_id = r.customer_id
        WHERE {where}
        """;

    // What is asked for of the rows that a filter lets through; none: of all.
    private static string Value(Interpretation question, string filter = "") => question.Measure is not { } measure ? "count(*)" + filter
        : question.IsMedian ? $"round((percentile_cont(0.5) WITHIN GROUP (ORDER BY {measure.Sql}){filter})::numeric, 2)"
        : question.IsAverage || !measure.Money ? $"round(avg({measure.Sql}){filter}::numeric, 2)"
        : $"sum({measure.Sql}){filter}";

    private static string Within(string day, string from, string until) => $"r.{day} >= @{from} AND r.{day} < @{until}";

    private static string GroupKey(Interpretation question) =>
        question.Dimension!.Key.Length > 0 ? $"{question.Dimension.Key}, {question.Dimension.Sql}" : question.Dimension.Sql;

    private static string Column(string column) => column switch
    {
        "customer" => "c.name AS customer",
        "city" or "country" or "industry" or "segment" => "c." + column,
        _ => "r." + column,
    };

    private static string Quote(string name) => "\"" + name.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";
}
