using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Platform.DataQuestions.Facts;
using Platform.Testing;

namespace Platform.DataQuestions.Tests.Facts;

internal static class Books
{
    public static FactBook Open(NpgsqlDataSource database, TimeProvider clock, FactsOptions? options = null)
    {
        var monitor = new FixedOptions<FactsOptions>(options ?? new FactsOptions());
        var metrics = new DataQuestionsMetrics(new MeterFactory());
        return new FactBook(new FactsReader(database, monitor, metrics, NullLogger<FactsReader>.Instance), new LastKnownFacts(monitor), metrics, clock, NullLogger<FactBook>.Instance);
    }
}
