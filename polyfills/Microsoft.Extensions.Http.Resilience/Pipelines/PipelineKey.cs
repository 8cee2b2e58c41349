namespace Microsoft.Extensions.Http.Resilience.Pipelines;

/// <summary>A pipeline and which instance of it.</summary>
internal readonly record struct PipelineKey(string Name, string Instance)
{
    /// <summary>All instances of a pipeline are built alike.</summary>
    public sealed class ByName : IEqualityComparer<PipelineKey>
    {
        public bool Equals(PipelineKey x, PipelineKey y) => x.Name == y.Name;

        public int GetHashCode(PipelineKey obj) => obj.Name.GetHashCode(StringComparison.Ordinal);
    }
}
