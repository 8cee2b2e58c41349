using System.Text.Json.Nodes;

namespace Platform.ServiceDefaults.Tests.Configuration;

public sealed class JsonSchemaTests
{
    private const string Schema = """
        {
          "type": "object",
          "additionalProperties": false,
          "required": ["name"],
          "properties": {
            "name": { "type": "string", "minLength": 1, "pattern": "^[a-z]+$" },
            "count": { "type": "integer", "minimum": 1, "maximum": 10 },
            "ratio": { "type": "number", "exclusiveMinimum": 0 },
            "on": { "type": "boolean" },
            "level": { "$ref": "#/$defs/level" },
            "wait": { "type": "string", "format": "duration-clock" },
            "items": { "type": "array", "minItems": 1, "maxItems": 2, "items": { "type": "object", "additionalProperties": false, "properties": { "apiKey": { "type": "integer" } } } },
            "levels": { "type": "object", "additionalProperties": { "$ref": "#/$defs/level" } }
          },
          "$defs": { "level": { "type": "string", "enum": ["Low", "High"] } }
        }
        """;

    [Theory]
    [InlineData("""{"name":"a"}""")]
    [InlineData("""{"NAME":"a","Count":"5","ratio":"0.5","on":"true","level":"high","wait":"00:00:01"}""")]
    [InlineData("""{"name":"a","count":null}""")]
    [InlineData("""{"name":"a","items":[{"apiKey":1}],"levels":{"anything":"Low"}}""")]
    [InlineData("""{"name":"a","items":{"0":{"apiKey":1}}}""")]
    public void Validate_AllowedValue_HasNoProblems(string json)
    {
        Assert.Empty(Problems(json));
    }

    [Theory]
    [InlineData("{}", "name is missing. Allowed: a text that matches ^[a-z]+$.")]
    [InlineData("""{"name":"A1"}""", "name = \"A1\" is not allowed. Allowed: a text that matches ^[a-z]+$.")]
    [InlineData("""{"name":"a","count":11}""", "count = \"11\" is not allowed. Allowed: a whole number from 1 to 10.")]
    [InlineData("""{"name":"a","count":1.5}""", "count = \"1.5\" is not allowed. Allowed: a whole number from 1 to 10.")]
    [InlineData("""{"name":"a","count":"many"}""", "count = \"many\" is not allowed. Allowed: a whole number from 1 to 10.")]
    [InlineData("""{"name":"a","ratio":0}""", "ratio = \"0\" is not allowed. Allowed: a number from more than 0.")]
    [InlineData("""{"name":"a","on":"yes"}""", "on = \"yes\" is not allowed. Allowed: true or false.")]
    [InlineData("""{"name":"a","level":"Middle"}""", "level = \"Middle\" is not allowed. Allowed: Low, High.")]
    [InlineData("""{"name":"a","wait":"soon"}""", "wait = \"soon\" is not allowed. Allowed: a duration as [days.]hh:mm:ss[.fraction].")]
    [InlineData("""{"name":"a","items":[]}""", "items has 0 items. Allowed: a list of at least 1 of at most 2.")]
    [InlineData("""{"name":"a","items":"x"}""", "items = \"x\" is not allowed. Allowed: a list of at least 1 of at most 2.")]
    [InlineData("""{"name":"a","levels":{"x":"None"}}""", "levels:x = \"None\" is not allowed. Allowed: Low, High.")]
    [InlineData("""{"name":{"x":1}}""", "name = a mapping is not allowed. Allowed: a text that matches ^[a-z]+$.")]
    public void Validate_WrongValue_NamesKeyValueAndAllowed(string json, string expected)
    {
        Assert.Equal([expected], Problems(json));
    }

    [Fact]
    public void Validate_UnknownKey_NamesTheNearest()
    {
        var problem = Assert.Single(Problems("""{"name":"a","cuont":1}"""));

        Assert.StartsWith("cuont is not a known key. Did you mean \"count\"? Allowed: name, count,", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_WrongSecret_HidesItsValue()
    {
        Assert.Equal(
            ["items:0:apiKey = (hidden) is not allowed. Allowed: a whole number."],
            Problems("""{"name":"a","items":[{"apiKey":"hunter2"}]}"""));
    }

    [Fact]
    public void Validate_SeveralProblems_ReportsAll()
    {
        Assert.Equal(3, Problems("""{"count":0,"on":"x"}""").Count);
    }

    [Fact]
    public void Parse_KeywordThatIsNotChecked_IsRefused()
    {
        var error = Assert.Throws<PlatformConfigurationException>(() =>
            JsonSchema.Parse("""{"properties":{"a":{"oneOf":[]}}}""", "s.json"));

        Assert.Contains("\"oneOf\" at #/properties/a", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_NoJson_SaysSo()
    {
        Assert.Contains("s.json: not valid JSON", Assert.Throws<PlatformConfigurationException>(() => JsonSchema.Parse("{", "s.json")).Message, StringComparison.Ordinal);
    }

    private static IReadOnlyList<string> Problems(string json) =>
        JsonSchema.Parse(Schema, "s.json").Validate(JsonNode.Parse(json)!.AsObject());
}
