using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Platform.Migrations.Schema;

/// <summary>One ordered schema file: <c>NNNN_name.sql</c>.</summary>
/// <param name="Version">The number in front of the name.</param>
/// <param name="Name">File name with extension.</param>
/// <param name="Sql">Its text.</param>
/// <param name="Checksum">SHA-256 of the text with line ends unified, in lower-case hexadecimal.</param>
internal sealed partial record SchemaFile(int Version, string Name, string Sql, string Checksum)
{
    private const string ResourcePrefix = "Schema/";

    public static SchemaFile Create(string name, string sql)
    {
        var match = NamePattern().Match(name);
        if (!match.Success)
        {
            throw new MigrationException($"Schema file '{name}' is not named NNNN_name.sql (four digits, then lower-case words).");
        }

        // A checkout that rewrites line ends must not look like an edited file.
        var unified = sql.ReplaceLineEndings("\n");
        var checksum = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(unified)));
        return new SchemaFile(int.Parse(match.Groups["version"].ValueSpan, CultureInfo.InvariantCulture), name, unified, checksum);
    }

    /// <summary>The files that this assembly carries, in order.</summary>
    public static IReadOnlyList<SchemaFile> Embedded()
    {
        var assembly = Assembly.GetExecutingAssembly();
        var files = assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(ResourcePrefix, StringComparison.Ordinal))
            .Select(name => Create(name[ResourcePrefix.Length..], Read(assembly, name)));
        return Ordered(files);
    }

    /// <summary>Sorts by version.</summary>
    /// <exception cref="MigrationException">Two files carry the same number.</exception>
    public static IReadOnlyList<SchemaFile> Ordered(IEnumerable<SchemaFile> files)
    {
        var ordered = files.OrderBy(file => file.Version).ToList();
        for (var i = 1; i < ordered.Count; i++)
        {
            if (ordered[i].Version == ordered[i - 1].Version)
            {
                throw new MigrationException($"Schema files '{ordered[i - 1].Name}' and '{ordered[i].Name}' carry the same number.");
            }
        }

        return ordered;
    }

    private static string Read(Assembly assembly, string resource)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    [GeneratedRegex(@"^(?<version>\d{4})_[a-z0-9_]+\.sql$", RegexOptions.CultureInvariant)]
    private static partial Regex NamePattern();
}
