namespace Platform.ModelGateway.Providers;

/// <summary>Finds keys where secrets may be: parameters, environment, key files. See <see cref="ProviderOptions.KeyName"/>.</summary>
internal sealed class ProviderKeys(IConfiguration configuration)
{
    internal string? Find(string keyName)
    {
        var variable = keyName.Replace('-', '_').ToUpperInvariant();
        if (NotBlank(configuration[$"Parameters:{keyName}"]) is { } parameter)
        {
            return parameter;
        }

        if (NotBlank(configuration[variable]) is { } value)
        {
            return value;
        }

        return NotBlank(configuration[$"{variable}_FILE"]) is { } file && File.Exists(file) ? NotBlank(File.ReadAllText(file)) : null;
    }

    private static string? NotBlank(string? value) => string.IsNullOrWhiteSpace(value) ? null : value.Trim();
}
