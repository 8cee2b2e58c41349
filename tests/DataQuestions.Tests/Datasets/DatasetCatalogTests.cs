using Platform.DataQuestions.Datasets;
using Platform.Testing;

namespace Platform.DataQuestions.Tests.Datasets;

public sealed class DatasetCatalogTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("datasets");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("measure: open balance", "measure: balance", "subjects[invoices].dimensions[age].measure = balance is not allowed. Allowed: invoiced amount, open balance")]
    [InlineData("day: paid, among: paid", "day: settled, among: paid", "day = settled is not allowed. Allowed: due, issued, paid")]
    public void Load_DefinitionRefersToNothing_NamesFileKeyAndWhatIsAllowed(string was, string becomes, string expected)
    {
        var definition = File.ReadAllText(Path.Combine(TestData.RepositoryRoot, "config", "datasets", "business.yaml"));
        File.WriteAllText(Path.Combine(_folder.FullName, "business.yaml"), definition.Replace(was, becomes, StringComparison.Ordinal));

        var message = Assert.Throws<InvalidDataException>(() => DatasetCatalog.Load(_folder.FullName)).Message;
        Assert.Contains("business.yaml: ", message, StringComparison.Ordinal);
        Assert.Contains(expected, message, StringComparison.Ordinal);
    }
}
