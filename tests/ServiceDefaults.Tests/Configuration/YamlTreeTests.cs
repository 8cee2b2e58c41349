namespace Platform.ServiceDefaults.Tests.Configuration;

public sealed class YamlTreeTests
{
    [Theory]
    [InlineData("a: 1", """{"a":1}""")]
    [InlineData("a: 1.5", """{"a":1.5}""")]
    [InlineData("a: true", """{"a":true}""")]
    [InlineData("a: yes", """{"a":"yes"}""")]
    [InlineData("a: '1'", """{"a":"1"}""")]
    [InlineData("a: 00:00:30", """{"a":"00:00:30"}""")]
    [InlineData("a: ~", """{"a":null}""")]
    [InlineData("a:\n  - x\n  - b: 2", """{"a":["x",{"b":2}]}""")]
    [InlineData("", "{}")]
    [InlineData("# only a comment", "{}")]
    public void Parse_Document_HasCoreSchemaTypes(string yaml, string json)
    {
        Assert.Equal(json, YamlTree.Parse(yaml, "f.yaml").ToJsonString());
    }

    [Theory]
    [InlineData("a: 1\nb: [1, 2\nc: 3", "not valid YAML")]
    [InlineData("a: 1\n\tb: 2", ", line 1, column 4: not valid YAML")]
    [InlineData("a: 1\nA: 2", "line 2: the key \"A\" appears twice")]
    [InlineData("- a\n- b", "found a list")]
    public void Parse_NotAConfiguration_NamesFileAndPlace(string yaml, string expected)
    {
        var error = Assert.Throws<PlatformConfigurationException>(() => YamlTree.Parse(yaml, "f.yaml"));

        Assert.Contains("f.yaml", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }
}
