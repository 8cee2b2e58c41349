namespace Platform.ServiceDefaults;

/// <summary>Where the configuration is: <c>platform.yaml</c>, the file of the environment beside it, and the schema.</summary>
internal sealed record PlatformConfigurationFiles(string BaseFile, string EnvironmentFile, string SchemaFile)
{
    internal const string PathVariable = "PLATFORM_CONFIG";
    internal const string FileName = "platform.yaml";

    internal string Folder => Path.GetDirectoryName(BaseFile)!;

    /// <summary>
    /// <paramref name="configuredPath"/> (a file or its folder) when given, else the first <c>config/platform.yaml</c> from
    /// the content root upwards, else the copy beside the binaries.
    /// </summary>
    /// <exception cref="PlatformConfigurationException">There is none.</exception>
    internal static PlatformConfigurationFiles Locate(string? configuredPath, string contentRoot, string environment)
    {
        var baseFile = string.IsNullOrWhiteSpace(configuredPath) ? Search(contentRoot) : Configured(configuredPath);
        var folder = Path.GetDirectoryName(baseFile)!;
        var name = Path.GetFileNameWithoutExtension(baseFile);
        var schema = Path.Combine(folder, "platform.schema.json");
        if (!File.Exists(schema))
        {
            schema = Path.Combine(AppContext.BaseDirectory, "config", "platform.schema.json");
        }

        return new PlatformConfigurationFiles(
            baseFile,
            Path.Combine(folder, $"{name}.{environment.ToLowerInvariant()}.yaml"),
            schema);
    }

    private static string Configured(string path)
    {
        var full = Path.GetFullPath(path);
        var file = Directory.Exists(full) ? Path.Combine(full, FileName) : full;
        return File.Exists(file)
            ? file
            : throw new PlatformConfigurationException(
                $"{PathVariable} = \"{path}\" names no file. Allowed: the path of a platform.yaml, or of the folder that holds it.");
    }

    private static string Search(string contentRoot)
    {
        for (var folder = new DirectoryInfo(contentRoot); folder is not null; folder = folder.Parent)
        {
            var file = Path.Combine(folder.FullName, "config", FileName);
            if (File.Exists(file))
            {
                return file;
            }
        }

        var beside = Path.Combine(AppContext.BaseDirectory, "config", FileName);
        return File.Exists(beside)
            ? beside
            : throw new PlatformConfigurationException(
                $"No config/{FileName} at or above {contentRoot}, nor beside the binaries. Set {PathVariable} to the path of one.");
    }
}
