namespace Platform.ModelGateway.Providers.OpenAi;

/// <summary>
/// Where the operations are: under the base URL, or, on Azure, under the deployment that bears the model's name, with the
/// version of the API in the query.
/// </summary>
internal sealed class OpenAiAddresses(ProviderOptions provider)
{
    /// <summary>The newest version of Azure's API that is not a preview.</summary>
    private const string AzureVersion = "2024-10-21";

    private readonly System.Collections.Concurrent.ConcurrentDictionary<(string Operation, string Model), Uri> _known = new();

    internal string Kind => provider.Kind;

    internal Uri Chat(string model) => For("chat/completions", model);

    internal Uri Embeddings(string model) => For("embeddings", model);

    internal Uri Moderations(string model) => For("moderations", model);

    private Uri For(string operation, string model) => _known.GetOrAdd((operation, model), Build);

    private Uri Build((string Operation, string Model) wanted)
    {
        var root = provider.BaseUrl.TrimEnd('/');
        return provider.Kind == ProviderKinds.AzureOpenAi
            ? new Uri($"{root}/openai/deployments/{Uri.EscapeDataString(wanted.Model)}/{wanted.Operation}?api-version={Uri.EscapeDataString(Version)}")
            : new Uri($"{root}/{wanted.Operation}");
    }

    private string Version => provider.ApiVersion.Length > 0 ? provider.ApiVersion : AzureVersion;
}
