using System.Collections.Frozen;
using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Platform.DataQuestions.Datasets;

/// <summary>The datasets that questions can be asked about, by name.</summary>
internal sealed class DatasetCatalog
{
    public const string Default = "business";

    private readonly FrozenDictionary<string, DatasetDefinition> datasets;

    private DatasetCatalog(IEnumerable<DatasetDefinition> datasets) => this.datasets = datasets.ToFrozenDictionary(dataset => dataset.Name, StringComparer.Ordinal);

    public IEnumerable<DatasetDefinition> All => datasets.Values.OrderBy(dataset => dataset.Name, StringComparer.Ordinal);

    /// <param name="name">Empty: the business schema.</param>
    public DatasetDefinition? Find(string name) => datasets.GetValueOrDefault(name.Length == 0 ? Default : name);

    /// <exception cref="InvalidDataException">A file cannot be read or is incomplete; the message names file and key.</exception>
    public static DatasetCatalog Load(string folder)
    {
        var deserializer = new DeserializerBuilder().WithNamingConvention(UnderscoredNamingConvention.Instance).Build();
        List<DatasetDefinition> loaded = [];
        string[] files = Directory.Exists(folder) ? Directory.GetFiles(folder, "*.yaml") : [];
        foreach (var file in files.Order(StringComparer.Ordinal))
        {
            try
            {
                var dataset = deserializer.Deserialize<DatasetDefinition>(File.ReadAllText(file)) ?? new DatasetDefinition();
                Check(dataset);
                loaded.Add(dataset);
            }
            catch (Exception exception) when (exception is YamlException or FormatException)
            {
                throw new InvalidDataException($"{file}: {exception.Message}", exception);
            }
        }

        return loaded.Exists(dataset => dataset.Name == Default)
            ? new DatasetCatalog(loaded)
            : throw new InvalidDataException($"{folder}: no dataset named \"{Default}\"; its definition is config/datasets/{Default}.yaml");
    }

    private static void Check(DatasetDefinition dataset)
    {
        Require(dataset.Name, "name");
        CheckDimensions(dataset.Dimensions, "dimensions", []);
        foreach (var (vague, index) in dataset.Vague.Select((vague, index) => (vague, index)))
        {
            Require(vague.Words.Count > 0 ? "words" : "", $"vague[{index}].words");
            Require(vague.Ask.Count > 0 ? "ask" : "", $"vague[{index}].ask");
        }

        foreach (var subject in dataset.Subjects)
        {
            var path = $"subjects[{subject.Name}]";
            Require(subject.Name, "subjects[].name");
            Require(subject.From, path + ".from");
            Require(subject.Day, path + ".day");
            Require(subject.Key, path + ".key");
            Require(subject.Words.Count > 0 ? "words" : "", path + ".words");
            if (!subject.From.Contains("@organization", StringComparison.Ordinal))
            {
                throw new FormatException($"{path}.from does not filter by @organization");
            }

            foreach (var absence in subject.Absences.Where(absence => !absence.Sql.Contains("@since", StringComparison.Ordinal) || !absence.Sql.Contains("@organization", StringComparison.Ordinal)))
            {
                throw new FormatException($"{path}.absences[{absence.Name}].sql does not filter by @since and @organization");
            }

            CheckDimensions(subject.Dimensions, path + ".dimensions", subject.Measures);
            foreach (var day in subject.Days)
            {
                Require(day.Column, $"{path}.days[{day.Name}].column");
                Refer(day.Ahead, $"{path}.days[{day.Name}].ahead", subject.Filters.Select(filter => filter.Name));
            }

            foreach (var filter in subject.Filters)
            {
                Refer(filter.Day, $"{path}.filters[{filter.Name}].day", subject.Days.Select(day => day.Name));
                Refer(filter.Among, $"{path}.filters[{filter.Name}].among", subject.Filters.Select(other => other.Name));
            }

            foreach (var measure in subject.Measures)
            {
                Refer(measure.Filter, $"{path}.measures[{measure.Name}].filter", subject.Filters.Select(filter => filter.Name));
            }
        }
    }

    private static void CheckDimensions(IEnumerable<DimensionDefinition> dimensions, string path, IEnumerable<MeasureDefinition> measures)
    {
        foreach (var dimension in dimensions)
        {
            Require(dimension.Name, path + "[].name");
            Require(dimension.Sql, $"{path}[{dimension.Name}].sql");
            Refer(dimension.Measure, $"{path}[{dimension.Name}].measure", measures.Select(measure => measure.Name));
            if (dimension.Values && !dimension.Said.Contains("{0}", StringComparison.Ordinal))
            {
                throw new FormatException($"{path}[{dimension.Name}].said has to hold {{0}}, because single values of it can be asked for");
            }
        }
    }

    private static void Refer(string name, string key, IEnumerable<string> allowed)
    {
        if (name.Length > 0 && !allowed.Contains(name))
        {
            throw new FormatException($"{key} = {name} is not allowed. Allowed: {string.Join(", ", allowed)}");
        }
    }

    private static void Require(string value, string key)
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            throw new FormatException($"{key} is missing");
        }
    }
}
