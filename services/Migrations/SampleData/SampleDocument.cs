using System.Globalization;
using System.Text;

namespace Platform.Migrations.SampleData;

/// <summary>Writes <c>docs/sample-data.md</c> from the planted behaviours and the rows of the default seed.</summary>
internal static class SampleDocument
{
    public static string Write()
    {
        var sample = SampleGenerator.Generate(SampleGenerator.DefaultSeed);
        var text = new StringBuilder();
        text.Append(string.Create(CultureInfo.InvariantCulture, $"""
            # Sample data

            <!-- Written by `dotnet run --project services/Migrations -- sample --describe`; a test compares. -->

            An empty `domain` is filled once with invented companies (any likeness is chance): in Development by default, elsewhere
            with `migrations:sampleData` set to true. It is never written over: `sample --reset` replaces the sample, and only the
            sample, by one that is relative to the current day.

            | | rows |
            |---|---|
            | customers | {sample.Customers.Count:#,0} |
            | orders | {sample.Orders.Count:#,0} |
            | invoices | {sample.Invoices.Count:#,0} |
            | payments | {sample.Payments.Count:#,0} |

            **Time.** The rows hold days relative to the day of generation (UTC); day -1 is the day before it. Nothing is dated on
            that day or later, except requested and due days. So the figures below are the same whenever the sample is
            generated, and no weekday or calendar month is special. `app.sample_data` records the day and the seed.
            History: {SampleGenerator.HistoryDays} days. Seed: {SampleGenerator.DefaultSeed}. Same seed and day, same rows.

            **Money.** Each customer has one currency, that of its country. Ordinary customers stay within their credit limit.

            **Ordinary customers** ({sample.Customers.Count - PlantedBehaviours.All.Count}) do not change how they order or pay: amounts are log-normal and delays normal, both cut at 2.5
            standard deviations. A quarter is used to paying late. About 0.8 % of their invoices are disputed and then paid 25 to 60
            days later, 0.4 % voided, 2 % paid in two parts, 1.5 % of their orders cancelled. A detector that reports them is wrong.

            ## Planted behaviours

            "Planted" is what the generator was told, "in the rows" what chance made of it with this seed.

            | customer | id | since | measure | planted | in the rows |
            |---|---|---|---|---|---|

            """));
        foreach (var behaviour in PlantedBehaviours.All)
        {
            var facts = new CustomerFacts(sample, PlantedBehaviours.CustomerId(behaviour));
            foreach (var measure in behaviour.Measures)
            {
                text.Append(CultureInfo.InvariantCulture, $"| {behaviour.Customer} | {facts.Customer.CustomerId} | {Since(behaviour)} | {measure.Name} | {measure.Planted} | {measure.Realised(facts)} |\n");
            }
        }

        text.Append("\n## What each is for\n\n");
        foreach (var behaviour in PlantedBehaviours.All)
        {
            text.Append(CultureInfo.InvariantCulture, $"- **{behaviour.Customer}** (`{behaviour.Key}`): {behaviour.Story}\n");
        }

        return text.ToString();
    }

    private static string Since(PlantedBehaviour behaviour) =>
        behaviour.SinceDay is { } day ? string.Create(CultureInfo.InvariantCulture, $"day {day}") : "always";
}
