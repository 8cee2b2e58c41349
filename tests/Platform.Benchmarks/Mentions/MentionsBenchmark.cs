using System.Globalization;
using Platform.Benchmarks.EntityResolution;
using Platform.EntityResolution.Tests.Questions;
using Platform.Testing;

namespace Platform.Benchmarks.Mentions;

/// <summary>
/// Generated questions over invented names and over all SEC registrants. With --choose, thresholds are tried on questions about one
/// half of the companies; figures are always of questions about the other half.
/// </summary>
internal sealed class MentionsBenchmark : IBenchmark
{
    private const int ChoosingSeed = 17;
    private const int ReportingSeed = 4711;

    public string Name => "mentions";

    public async Task RunAsync(bool isShort, CancellationToken cancellationToken)
    {
        var servers = new PlatformServers();
        await servers.InitializeAsync();
        await using var _ = servers;
        var registries = new List<(string Name, IReadOnlyList<Company> Companies)> { ("invented names", GeneratedRegistry.Companies()) };
        if (TestData.TryFind("entity_matching") is not null)
        {
            registries.Add(("SEC registrants", SecRegistrants.Read()));
        }

        foreach (var (name, companies) in registries)
        {
            await using var registry = await QuestionRegistry.CreateAsync(servers, companies, cancellationToken);
            if (Environment.GetCommandLineArgs().Contains("--choose"))
            {
                await ChooseAsync(name, registry, [.. companies.Where(c => LabelledName.Hash(c.Id) % 2 == 0)], isShort ? 130 : 650, cancellationToken);
            }

            var report = await registry.AskAsync([.. companies.Where(c => LabelledName.Hash(c.Id) % 2 == 1)], isShort ? 130 : 2_000, ReportingSeed, cancellationToken);
            Console.WriteLine($"\n{name}, questions about the other half of the companies\n{report}");
            if (Environment.GetCommandLineArgs().Contains("--list"))
            {
                report.Failures.ForEach(Console.WriteLine);
            }
        }
    }

    private static async Task ChooseAsync(string name, QuestionRegistry registry, IReadOnlyList<Company> companies, int count, CancellationToken cancellationToken)
    {
        var settings = registry.Settings;
        var (accept, list, rivals) = (settings.AcceptConfidence, settings.ListConfidence, settings.RivalShare);
        Console.WriteLine($"\n{name}, {count} questions about one half of the companies\n  accept  list  rivals   recall   asked back   wrong    made up");
        foreach (var candidate in (double[])[0.5, 0.6, 0.7, 0.8])
        {
            foreach (var least in (double[])[0.2, 0.45])
            {
                await TryAsync(registry, companies, count, (candidate, least, rivals), cancellationToken);
            }
        }

        foreach (var share in (double[])[0.05, 0.2, 0.35])
        {
            await TryAsync(registry, companies, count, (accept, list, share), cancellationToken);
        }

        (settings.AcceptConfidence, settings.ListConfidence, settings.RivalShare) = (accept, list, rivals);
    }

    private static async Task TryAsync(
        QuestionRegistry registry, IReadOnlyList<Company> companies, int count, (double Accept, double List, double Rivals) tried, CancellationToken cancellationToken)
    {
        var settings = registry.Settings;
        (settings.AcceptConfidence, settings.ListConfidence, settings.RivalShare) = tried;
        var report = await registry.AskAsync(companies, count, ChoosingSeed, cancellationToken);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"  {tried.Accept:0.00}    {tried.List:0.00}  {tried.Rivals:0.00}    {report.Recall:0.0000}   {report.AskedBack:0.0000}       {report.Wrong:0.0000}   {report.FalseMentions:0.0000}"));
    }
}
