namespace Platform.ServiceDefaults.Tests.Logging;

public sealed class SecretScrubberTests
{
    [Theory]
    [InlineData("Host=db;Username=u;Password=hunter2;Database=d", "Host=db;Username=u;Password=***;Database=d")]
    [InlineData("Server=x;Pwd='hun ter2';y=1", "Server=x;Pwd=***;y=1")]
    [InlineData("postgres://user:hunter2@db:5432/platform", "postgres://***@db:5432/platform")]
    [InlineData("redis://:hunter2@cache:6379", "redis://***@cache:6379")]
    [InlineData("Authorization: Bearer abcdefgh12345678", "Authorization: Bearer ***")]
    [InlineData("the key sk-abcdEFGH12345678 was refused", "the key *** was refused")]
    [InlineData("""{"api_key": "hunter2", "x": 1}""", """{"api_key": ***, "x": 1}""")]
    [InlineData("OPENAI_API_KEY=hunter2", "OPENAI_API_KEY=***")]
    [InlineData("pAsSwOrD=hunter2", "pAsSwOrD=***")]
    [InlineData("AUTHORIZATION: BEARER abcdefgh12345678", "AUTHORIZATION: BEARER ***")]
    [InlineData("Basic abcdefgh12345678", "Basic ***")]
    [InlineData("Access_TOKEN: hunter2", "Access_TOKEN: ***")]
    [InlineData("SIGNATURE=hunter2", "SIGNATURE=***")]
    [InlineData("Credential=hunter2", "Credential=***")]
    [InlineData("AccountKey=abc123==;EndpointSuffix=x", "AccountKey=***;EndpointSuffix=x")]
    [InlineData("cache:6379,password=hunter2,ssl=true", "cache:6379,password=***,ssl=true")]
    public void Scrub_TextWithSecret_HidesOnlyTheSecret(string text, string expected)
    {
        Assert.Equal(expected, SecretScrubber.Scrub(text));
    }

    [Theory]
    [InlineData("Delta Industries paid INV-10233 late")]
    [InlineData("max_output_tokens 512, input tokens: 17")]
    [InlineData("The key of the invoice is INV-1")]
    [InlineData("http://127.0.0.1:5080/api/chat")]
    [InlineData("https://example.com/a@b")]
    [InlineData("task-based tokens")]
    public void Scrub_OrdinaryText_IsUnchanged(string text)
    {
        Assert.Equal(text, SecretScrubber.Scrub(text));
    }

    [Theory]
    [InlineData("modelGateway:providers:0:apiKey", true)]
    [InlineData("ConnectionString", true)]
    [InlineData("Password", true)]
    [InlineData("maximumTokens", false)]
    [InlineData("requestId", false)]
    [InlineData("alias_key", false)]
    public void IsSecretName_Name_TellsSecrets(string name, bool expected)
    {
        Assert.Equal(expected, SecretScrubber.IsSecretName(name));
    }
}
