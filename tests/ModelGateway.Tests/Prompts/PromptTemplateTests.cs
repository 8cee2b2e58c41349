using Platform.ModelGateway.Prompts;

namespace Platform.ModelGateway.Tests.Prompts;

public sealed class PromptTemplateTests
{
    [Theory]
    [InlineData("Hello {{name}}!", "Hello Delta!")]
    [InlineData("{{ name }}{{name}}", "DeltaDelta")]
    [InlineData("{\"a\": {\"b\": 1}}", "{\"a\": {\"b\": 1}}")]
    [InlineData("{{not a name}} {{", "{{not a name}} {{")]
    [InlineData("{{{name}}}", "{Delta}")]
    [InlineData("{{}}", "{{}}")]
    [InlineData("{{name.Length}} {{name()}}", "{{name.Length}} {{name()}}")]
    [InlineData("no places", "no places")]
    [InlineData("", "")]
    public void Render_Template_FillsNamesOnly(string template, string expected)
    {
        Assert.Equal(expected, PromptTemplate.Render(template, new Dictionary<string, string> { ["name"] = "Delta" }));
    }

    [Fact]
    public void Render_ValueThatLooksLikeAPlace_IsNotLookedAtAgain()
    {
        var values = new Dictionary<string, string> { ["a"] = "{{secret}} {{b}}", ["b"] = "x", ["secret"] = "hunter2" };

        Assert.Equal("{{secret}} {{b}}|x", PromptTemplate.Render("{{a}}|{{b}}", values));
    }

    [Fact]
    public void Render_MissingValue_NamesIt()
    {
        Assert.Contains("\"other\"", Assert.Throws<KeyNotFoundException>(() => PromptTemplate.Render("{{other}}", new Dictionary<string, string>())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Variables_Template_AreListedOnce()
    {
        Assert.Equal(["b", "a"], PromptTemplate.Variables("{{b}} {{a}} {{ b }} {{no name}}"));
    }

    [Fact]
    public void BuiltIn_EveryPrompt_RendersWithItsVariables()
    {
        Assert.All(BuiltInPrompts.All.Values, prompt =>
        {
            var values = PromptTemplate.Variables(prompt.Content).ToDictionary(name => name, name => $"<{name}>");
            Assert.NotEmpty(values);
            Assert.DoesNotContain("{{", PromptTemplate.Render(prompt.Content, values), StringComparison.Ordinal);
        });
    }
}
