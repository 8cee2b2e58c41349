using System.Globalization;
using System.Text;
using Platform.Migrations.Contract;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Platform.Migrations.Import;

/// <summary>Reads a column map from YAML. Every complaint names the key and the line.</summary>
internal static class MapReader
{
    // Filled by the database or by another column when the map does not speak of them.
    private static readonly HashSet<string> HaveDefaults = new(StringComparer.Ordinal)
    {
        "organization_id", "customers.status", "invoices.disputed", "invoices.invoice_number", "sales_orders.order_number",
    };

    private static readonly string[] Delimiters = [",", ";", "|", "\t"];

    /// <exception cref="MigrationException">The text is not a valid map.</exception>
    public static ImportMap Read(string yaml, string file)
    {
        var root = Parse(yaml, file);
        root.Allow("name", "csv", "dates", "decimalSeparator", "defaults", "tables");
        var csv = root.Map("csv");
        csv?.Allow("delimiter", "encoding");
        var defaults = root.Map("defaults");
        defaults?.Allow("currency");
        var currency = defaults?.Text("currency");
        if (currency is not null && !Currencies.IsKnown(currency))
        {
            throw defaults!.Wrong("currency", $"'{currency}' is not an ISO 4217 currency code such as EUR");
        }

        var tables = root.Map("tables") ?? throw root.Missing("tables");
        tables.Allow([.. DomainContract.Relations.Select(relation => relation.Name)]);
        var maps = DomainContract.Relations
            .Select(relation => (relation, node: tables.Map(relation.Name)))
            .Where(item => item.node is not null)
            .Select(item => Table(item.relation, item.node!, currency))
            .ToList();
        if (maps.Count == 0)
        {
            throw root.Wrong("tables", "is empty; name at least one of " + string.Join(", ", DomainContract.Relations.Select(relation => relation.Name)));
        }

        return new ImportMap(
            root.Text("name") ?? throw root.Missing("name"),
            csv?.OneOf("delimiter", Delimiters) is { } delimiter ? delimiter[0] : ',',
            Encoding(csv),
            DateFormats(root),
            root.OneOf("decimalSeparator", [".", ","]) is { } separator ? separator[0] : '.',
            maps);
    }

    private static Node Parse(string yaml, string file)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(yaml));
            return stream.Documents is [{ RootNode: YamlMappingNode mapping }]
                ? new Node(mapping, string.Empty, file)
                : throw new MigrationException($"{file} is not a map of keys and values.");
        }
        catch (YamlException exception)
        {
            throw new MigrationException($"{file}, line {exception.Start.Line}: not valid YAML: {exception.Message}", exception);
        }
        catch (InvalidOperationException exception)
        {
            // The scanner's answer to some unfinished lists; it does not say where.
            throw new MigrationException($"{file}, line 1 or below: not valid YAML; is a bracket not closed?", exception);
        }
    }

    private static TableMap Table(ContractRelation relation, Node node, string? currency)
    {
        node.Allow("when", "whenDifferent", "columns");
        var columns = node.Map("columns") ?? throw node.Missing("columns");
        columns.Allow([.. relation.Columns.Where(column => column.Name != "organization_id").Select(column => column.Name)]);
        var maps = new List<ColumnMap>();
        foreach (var target in relation.Columns)
        {
            if (columns.Has(target.Name))
            {
                maps.Add(Column(target, columns, currency));
            }
            else if (target.Name == "currency" && currency is not null)
            {
                maps.Add(new ColumnMap(target, columns.Path("currency")) { Constant = currency });
            }
            else if (target.Required && !HaveDefaults.Contains(target.Name) && !HaveDefaults.Contains($"{relation.Name}.{target.Name}"))
            {
                throw columns.Missing(target.Name);
            }
        }

        // A number that people see, when the file has only one for both.
        var shown = relation.Name switch { "invoices" => "invoice_number", "sales_orders" => "order_number", _ => null };
        if (shown is not null && maps.All(map => map.Target.Name != shown))
        {
            maps.Add(maps.Single(map => map.Target.Name == relation.Key) with { Target = relation.Columns.Single(column => column.Name == shown), Prefix = string.Empty });
        }

        return new TableMap(relation, node.Text("when"), Different(relation, node), maps);
    }

    private static WhenDifferent Different(ContractRelation relation, Node node) => node.OneOf("whenDifferent", ["reject", "keep", "update"]) switch
    {
        "reject" => WhenDifferent.Reject,
        "keep" => WhenDifferent.Keep,
        "update" => WhenDifferent.Update,
        _ => relation.Name == "customers" ? WhenDifferent.Keep : WhenDifferent.Reject,
    };

    private static ColumnMap Column(ContractColumn target, Node columns, string? currency)
    {
        var key = columns.Path(target.Name);
        var standard = target.Name == "currency" ? currency : null;
        if (columns.TryScalar(target.Name, out var source))
        {
            return new ColumnMap(target, key) { Sources = [source], Default = standard };
        }

        var node = columns.Map(target.Name)!;
        node.Allow("from", "value", "default", "whenPresent", "prefix", "values", "addDays", "round");
        var sources = node.Texts("from");
        var constant = node.Text("value");
        if ((sources.Count > 0) == (constant is not null))
        {
            throw columns.Wrong(target.Name, "needs either 'from' (a column, or a list of columns) or 'value' (a constant)");
        }

        if (node.Has("addDays") && target.Kind is not (ColumnKind.Date or ColumnKind.Time))
        {
            throw node.Wrong("addDays", "is only for dates");
        }

        if (node.Has("round") && target.Kind is not ColumnKind.Money)
        {
            throw node.Wrong("round", "is only for amounts");
        }

        return new ColumnMap(target, key)
        {
            Sources = sources,
            Constant = constant,
            Default = node.Text("default") ?? standard,
            WhenPresent = node.Text("whenPresent"),
            Prefix = node.Text("prefix") ?? string.Empty,
            Values = node.Map("values")?.Texts() ?? new Dictionary<string, string>(StringComparer.Ordinal),
            AddDays = node.Whole("addDays"),
            Round = node.OneOf("round", ["true", "false"]) == "true",
        };
    }

    private static IReadOnlyList<string> DateFormats(Node root)
    {
        var formats = root.Texts("dates");
        foreach (var format in formats)
        {
            // A format that cannot read back what it writes would reject every line of the file.
            var sample = new DateTime(2021, 12, 31, 0, 0, 0, DateTimeKind.Utc);
            try
            {
                if (!DateTime.TryParseExact(sample.ToString(format, CultureInfo.InvariantCulture), format, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out var back) || back.Date != sample.Date)
                {
                    throw root.Wrong("dates", $"'{format}' is not a date format with day, month and year such as yyyy-MM-dd");
                }
            }
            catch (FormatException)
            {
                throw root.Wrong("dates", $"'{format}' is not a date format such as yyyy-MM-dd");
            }
        }

        return formats.Count > 0 ? formats : ["yyyy-MM-dd", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd HH:mm:sszzz"];
    }

    private static Encoding Encoding(Node? csv)
    {
        var name = csv?.OneOf("encoding", ["utf-8", "utf-16", "latin1", "windows-1252"]) ?? "utf-8";
        if (name == "windows-1252")
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(1252)!;
        }

        return System.Text.Encoding.GetEncoding(name);
    }

    /// <summary>A mapping and the path that leads to it.</summary>
    private sealed class Node(YamlMappingNode mapping, string path, string file)
    {
        public string Path(string key) => path.Length == 0 ? key : $"{path}.{key}";

        public bool Has(string key) => mapping.Children.ContainsKey(key);

        public void Allow(params string[] keys)
        {
            foreach (var (node, _) in mapping.Children)
            {
                if (node is not YamlScalarNode { Value: { } key } || !keys.Contains(key, StringComparer.Ordinal))
                {
                    throw new MigrationException($"{file}, line {node.Start.Line}: there is no key '{Path(node.ToString())}'. Allowed here: {string.Join(", ", keys)}.");
                }
            }
        }

        public Node? Map(string key) => !mapping.Children.TryGetValue(key, out var node) ? null : node switch
        {
            YamlMappingNode child => new Node(child, Path(key), file),
            _ => throw Wrong(key, "must be a map of keys and values"),
        };

        public bool TryScalar(string key, out string value)
        {
            var text = mapping.Children.TryGetValue(key, out var node) && node is YamlScalarNode { Value.Length: > 0 } scalar ? scalar.Value : null;
            value = text ?? string.Empty;
            return text is not null || (node is YamlScalarNode ? throw Wrong(key, "must not be empty") : false);
        }

        public string? Text(string key) => !mapping.Children.TryGetValue(key, out var node) ? null : node switch
        {
            YamlScalarNode { Value.Length: > 0 } scalar => scalar.Value,
            _ => throw Wrong(key, "must be a text that is not empty"),
        };

        public string? OneOf(string key, string[] allowed) =>
            Text(key) is not { } text ? null
            : allowed.Contains(text, StringComparer.Ordinal) ? text
            : throw Wrong(key, $"is '{text}'; allowed is {string.Join(", ", allowed.Select(value => value == "\t" ? "a tab (\"\\t\")" : value))}");

        public int Whole(string key) =>
            Text(key) is not { } text ? 0
            : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && Math.Abs(number) <= 36_500 ? number
            : throw Wrong(key, $"is '{text}'; allowed is a whole number of days between -36500 and 36500");

        public IReadOnlyList<string> Texts(string key) => !mapping.Children.TryGetValue(key, out var node) ? [] : node switch
        {
            YamlScalarNode { Value.Length: > 0 } scalar => [scalar.Value],
            YamlSequenceNode { Children.Count: > 0 } list when list.Children.All(item => item is YamlScalarNode { Value.Length: > 0 }) =>
                [.. list.Children.Select(item => ((YamlScalarNode)item).Value!)],
            _ => throw Wrong(key, "must be a text or a list of texts"),
        };

        public IReadOnlyDictionary<string, string> Texts()
        {
            var texts = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            foreach (var (key, value) in mapping.Children)
            {
                if (key is not YamlScalarNode { Value: { } from } || value is not YamlScalarNode { Value: { } to })
                {
                    throw new MigrationException($"{file}, line {key.Start.Line}: '{path}' must map texts to texts.");
                }

                texts[from] = to;
            }

            return texts;
        }

        public MigrationException Wrong(string key, string complaint)
        {
            var line = mapping.Children.TryGetValue(key, out var node) ? node.Start.Line : mapping.Start.Line;
            return new MigrationException($"{file}, line {line}: '{Path(key)}' {complaint}.");
        }

        public MigrationException Missing(string key) => new($"{file}, line {mapping.Start.Line}: '{Path(key)}' is missing.");
    }
}
