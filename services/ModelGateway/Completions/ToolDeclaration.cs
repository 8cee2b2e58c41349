using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Platform.ModelGateway.Completions;

/// <summary>A tool as the caller declared it. <paramref name="strict"/> is null when the caller leaves it to the provider.</summary>
internal sealed class ToolDeclaration(string name, string description, JsonElement schema, bool? strict) : AIFunctionDeclaration
{
    public override string Name => name;

    public override string Description => description;

    public override JsonElement JsonSchema => schema;

    internal bool? Strict => strict;
}
