namespace Platform.ModelGateway.Providers;

/// <summary>A configured provider and the client that talks to it.</summary>
internal sealed record ModelProvider(ProviderOptions Options, IProviderClient? Client, string Reason)
{
    internal string Name => Options.Name;

    internal bool HasKey => Client is not null;

    internal string? ModelFor(string logicalModel) => Options.Models.GetValueOrDefault(logicalModel);
}
