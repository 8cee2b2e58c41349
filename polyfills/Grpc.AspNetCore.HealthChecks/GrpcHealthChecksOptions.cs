using System.Collections;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Grpc.AspNetCore.HealthChecks;

public sealed class GrpcHealthChecksOptions
{
    /// <summary>Which checks speak for which gRPC service. The name "" is the server as a whole; by default all checks speak for it.</summary>
    public ServiceMappingCollection Services { get; } = new();

    /// <summary>True: Check answers from the last published report. Default: it runs the checks.</summary>
    public bool UseHealthChecksCache { get; set; }

    /// <summary>True: streams of Watch stay open when the host begins to stop. Default: they end with NOT_SERVING.</summary>
    public bool SuppressCompletionOnShutdown { get; set; }
}

/// <summary>A check before it runs.</summary>
public sealed class HealthCheckMapContext
{
    public HealthCheckMapContext(string name, IEnumerable<string> tags)
    {
        Name = name;
        Tags = tags;
    }

    public string Name { get; }

    public IEnumerable<string> Tags { get; }
}

/// <summary>A check after it ran.</summary>
public sealed class HealthResult
{
    public HealthResult(string name, IEnumerable<string> tags, HealthStatus status, string? description, TimeSpan duration, Exception? exception, IReadOnlyDictionary<string, object> data)
    {
        Name = name;
        Tags = tags;
        Status = status;
        Description = description;
        Duration = duration;
        Exception = exception;
        Data = data;
    }

    public string Name { get; }

    public IEnumerable<string> Tags { get; }

    public HealthStatus Status { get; }

    public string? Description { get; }

    public IReadOnlyDictionary<string, object> Data { get; }

    public Exception? Exception { get; }

    public TimeSpan Duration { get; }
}

/// <summary>The checks of one gRPC service.</summary>
public sealed class ServiceMapping
{
    /// <summary>All checks run; the predicate chooses among their results.</summary>
    public ServiceMapping(string name, Func<HealthResult, bool> predicate)
    {
        Name = name;
        Predicate = predicate;
    }

    /// <summary>Only the checks that the predicate chooses run.</summary>
    public ServiceMapping(string name, Func<HealthCheckMapContext, bool> predicate)
    {
        Name = name;
        HealthCheckPredicate = predicate;
    }

    public string Name { get; }

    public Func<HealthCheckMapContext, bool>? HealthCheckPredicate { get; }

    public Func<HealthResult, bool>? Predicate { get; }
}

/// <summary>Mappings by name; a later one replaces an earlier one.</summary>
public sealed class ServiceMappingCollection : ICollection<ServiceMapping>
{
    private readonly List<ServiceMapping> _mappings = [];

    public int Count => _mappings.Count;

    bool ICollection<ServiceMapping>.IsReadOnly => false;

    public void Map(string name, Func<HealthCheckMapContext, bool> predicate) => Replace(new ServiceMapping(name, predicate));

    public void MapService(string name, Func<HealthResult, bool> predicate) => Replace(new ServiceMapping(name, predicate));

    public void Add(ServiceMapping service)
    {
        ArgumentNullException.ThrowIfNull(service);
        if (Find(service.Name) is not null)
        {
            throw new ArgumentException($"The service '{service.Name}' is mapped already.", nameof(service));
        }

        _mappings.Add(service);
    }

    public void Remove(string name) => _mappings.RemoveAll(mapping => mapping.Name == name);

    public void Clear() => _mappings.Clear();

    public IEnumerator<ServiceMapping> GetEnumerator() => _mappings.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    bool ICollection<ServiceMapping>.Contains(ServiceMapping item) => _mappings.Contains(item);

    void ICollection<ServiceMapping>.CopyTo(ServiceMapping[] array, int arrayIndex) => _mappings.CopyTo(array, arrayIndex);

    bool ICollection<ServiceMapping>.Remove(ServiceMapping item) => _mappings.Remove(item);

    internal ServiceMapping? Find(string name) => _mappings.Find(mapping => mapping.Name == name);

    private void Replace(ServiceMapping mapping)
    {
        Remove(mapping.Name);
        _mappings.Add(mapping);
    }
}
