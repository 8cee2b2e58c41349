using System.Collections;
using System.Text.Json.Nodes;

namespace Platform.ServiceDefaults.Tests.Configuration;

public sealed class ConfigurationTreeTests
{
    [Fact]
    public void Overlay_SameKeyInOtherCase_ReplacesIt()
    {
        var below = Parse("""{"a":{"b":1,"c":2},"list":[1,2]}""");

        ConfigurationTree.Overlay(below, Parse("""{"A":{"B":9},"list":[3]}"""));

        Assert.Equal("""{"a":{"b":9,"c":2},"list":[3]}""", below.ToJsonString());
    }

    [Fact]
    public void OverlayVariables_PathsAndItems_ArePutInPlace()
    {
        var tree = Parse("""{"modelGateway":{"providers":[{"name":"a"}]}}""");

        ConfigurationTree.OverlayVariables(tree, new Hashtable
        {
            ["PLATFORM__modelgateway__PROVIDERS__0__name"] = "b",
            ["platform__modelGateway__providers__1__name"] = "c",
            ["PLATFORM__new__key"] = "v",
            ["PLATFORM_CONFIG"] = "not an override",
            ["OTHER__x"] = "y",
        });

        Assert.Equal("""{"modelGateway":{"providers":[{"name":"b"},{"name":"c"}]},"new":{"key":"v"}}""", tree.ToJsonString());
    }

    [Fact]
    public void OverlayVariables_ItemBeyondTheList_IsRefused()
    {
        var tree = Parse("""{"list":["a"]}""");

        var error = Assert.Throws<PlatformConfigurationException>(() =>
            ConfigurationTree.OverlayVariables(tree, new Hashtable { ["PLATFORM__list__5"] = "x" }));

        Assert.Contains("PLATFORM__list__5", error.Message, StringComparison.Ordinal);
        Assert.Contains("0 to 1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Flatten_Tree_GivesColonKeys()
    {
        var flat = ConfigurationTree.Flatten(Parse("""{"a":{"b":true,"n":1.5,"none":null},"l":["x",{"y":2}]}"""));

        Assert.Equal(["a:b=true", "a:n=1.5", "l:0=x", "l:1:y=2"], flat.Select(entry => $"{entry.Key}={entry.Value}").Order());
        Assert.Equal("true", flat["A:B"]);
    }

    private static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();
}
