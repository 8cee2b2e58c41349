namespace Platform.ServiceDefaults.Tests;

/// <summary>A folder with a platform.yaml and the real schema, gone after the test.</summary>
internal sealed class ConfigurationFolder : IDisposable
{
    internal ConfigurationFolder(string yaml = "")
    {
        Directory.CreateDirectory(Location);
        File.Copy(Path.Combine(AppContext.BaseDirectory, "config", "platform.schema.json"), Path.Combine(Location, "platform.schema.json"));
        Write(yaml);
    }

    internal string Location { get; } = Path.Combine(Path.GetTempPath(), $"platform-config-{Guid.NewGuid():n}");

    internal string BaseFile => Path.Combine(Location, "platform.yaml");

    internal void Write(string yaml, string file = "platform.yaml")
    {
        // Written beside and moved, as editors do.
        var temporary = Path.Combine(Location, $"{file}.new");
        File.WriteAllText(temporary, yaml);
        File.Move(temporary, Path.Combine(Location, file), overwrite: true);
    }

    public void Dispose() => Directory.Delete(Location, recursive: true);
}
