using System.Collections;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;

namespace Platform.ServiceDefaults;

/// <summary>What a look at the files found.</summary>
internal enum ConfigurationChange
{
    None,
    Applied,
    Rejected,
}

/// <summary>
/// Holds the values of the last edit that was valid. The first load throws when the files are not valid; later ones keep
/// what is there and say why in <see cref="Problem"/>.
/// </summary>
internal sealed class PlatformConfigurationProvider(PlatformConfigurationFiles files, Func<IDictionary> variables) : ConfigurationProvider
{
    private readonly Lock _gate = new();
    private string? _seen;
    private bool _loaded;

    /// <summary>Why the newest edit is not in use; null when it is.</summary>
    internal string? Problem { get; private set; }

    public override void Load()
    {
        lock (_gate)
        {
            if (_loaded)
            {
                Refresh(force: true);
                return;
            }

            _seen = Stamp();
            Data = Read();
            _loaded = true;
        }
    }

    /// <summary>Applies the files when they changed since the last look and are valid. Listeners are told after the values changed.</summary>
    internal ConfigurationChange Refresh(bool force = false)
    {
        lock (_gate)
        {
            var stamp = Stamp();
            if (!force && stamp == _seen)
            {
                return ConfigurationChange.None;
            }

            try
            {
                Data = Read();
                Problem = null;
                _seen = stamp;
            }
            catch (Exception error) when (error is PlatformConfigurationException or IOException or UnauthorizedAccessException)
            {
                // A file that was caught half-written gets another look at the next poll because its stamp changes again.
                Problem = error.Message;
                _seen = stamp;
                return ConfigurationChange.Rejected;
            }
        }

        OnReload();
        return ConfigurationChange.Applied;
    }

    private Dictionary<string, string?> Read()
    {
        if (!File.Exists(files.BaseFile))
        {
            throw new PlatformConfigurationException($"{files.BaseFile} is missing.");
        }

        var tree = YamlTree.Parse(File.ReadAllText(files.BaseFile), files.BaseFile);
        if (File.Exists(files.EnvironmentFile))
        {
            ConfigurationTree.Overlay(tree, YamlTree.Parse(File.ReadAllText(files.EnvironmentFile), files.EnvironmentFile));
        }

        ConfigurationTree.OverlayVariables(tree, variables());
        Validate(tree);
        return ConfigurationTree.Flatten(tree);
    }

    private void Validate(JsonObject tree)
    {
        if (!File.Exists(files.SchemaFile))
        {
            throw new PlatformConfigurationException($"The configuration's schema {files.SchemaFile} is missing.");
        }

        var problems = JsonSchema.Parse(File.ReadAllText(files.SchemaFile), files.SchemaFile).Validate(tree);
        if (problems.Count > 0)
        {
            var environment = File.Exists(files.EnvironmentFile) ? $" with {Path.GetFileName(files.EnvironmentFile)}" : "";
            throw new PlatformConfigurationException($"{files.BaseFile}{environment} and {ConfigurationTree.VariablePrefix}… variables", problems);
        }
    }

    /// <summary>Size and time of each file: cheap enough to ask twice a second, and unlike file events works on every mount.</summary>
    private string Stamp() => string.Join('|', new[] { files.BaseFile, files.EnvironmentFile, files.SchemaFile }.Select(path =>
    {
        var file = new FileInfo(path);
        return file.Exists ? $"{file.LastWriteTimeUtc.Ticks}:{file.Length}" : "absent";
    }));
}
